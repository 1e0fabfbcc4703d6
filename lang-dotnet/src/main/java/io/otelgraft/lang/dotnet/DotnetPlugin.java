package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * .NET: a profiler that CoreCLR loads and that changes code as it is compiled, and an assembly that
 * every .NET process of the container runs before the application.
 */
public final class DotnetPlugin implements LanguagePlugin {
  private static final ListVariable STARTUP_HOOKS =
      ListVariable.of("DOTNET_STARTUP_HOOKS", ":", EmptyItem.NOTHING);

  /** The host looks below each item for a directory {@code shared}, below an empty one as well. */
  private static final ListVariable ADDITIONAL_DEPS =
      ListVariable.of("DOTNET_ADDITIONAL_DEPS", ":", EmptyItem.WORKING_DIRECTORY);

  private static final ListVariable SHARED_STORE =
      ListVariable.of("DOTNET_SHARED_STORE", ":", EmptyItem.NOTHING);

  private static final String ENABLE_PROFILING = "CORECLR_ENABLE_PROFILING";
  private static final String PROFILER = "CORECLR_PROFILER";
  private static final String PROFILER_PATH = "CORECLR_PROFILER_PATH";

  private static final Setting<String> RUNTIME =
      Setting.oneOf("otel-dotnet-auto-runtime", "linux-x64", "linux-musl-x64")
          .defaultsTo("linux-x64")
          .describe(
              "The C library of the pod's images: glibc, which is linux-x64, or linux-musl-x64 as"
                  + " in Alpine. Says nothing of the architecture.");

  private static final Reason AGENT_INSTALLED =
      Reason.of(
          "AgentInstalled",
          "OpenTelemetry's .NET agent is there already; .NET does not start with two startup hooks of"
              + " one name, so the annotation that insists cannot help.");
  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              ".NET already loads the agent of another product; two tracers in one process report"
                  + " everything twice, and only one of them can be the profiler.")
          .overridable();
  private static final Reason FOREIGN_PROFILER =
      Reason.of(
              "ForeignProfiler",
              "CoreCLR loads one profiler only, and the pod has it load another one than"
                  + " OpenTelemetry's; with some variables of the one and some of the other it loads"
                  + " neither. Beside it the agent can go in without its own.")
          .overridable();

  private static final AgentSign[] OTHER_AGENTS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/dotnet-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/dotnet-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-dotnet")
  };

  private static final String WITHOUT_PROFILER =
      ": the agent traces only what it need not change for it, such as ASP.NET Core and HttpClient";

  /** Variables that keep CoreCLR from loading any profiler. */
  private static final List<String> SWITCHES =
      List.of(
          ENABLE_PROFILING,
          "DOTNET_ENABLE_PROFILING",
          "DOTNET_EnableDiagnostics",
          "COMPlus_EnableDiagnostics",
          "DOTNET_EnableDiagnostics_Profiler",
          "COMPlus_EnableDiagnostics_Profiler");

  @Override
  public Language language() {
    return Language.named("dotnet")
        .title(".NET")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/dotnet/"))
        .section("dotnet", ImageLayout.SETTING)
        .image("ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-dotnet", "1.16.0")
        .neverUpgradeAcross("1.3.0")
        .resources(ResourceDefaults.of("50m", "128Mi", "500m", "256Mi"))
        .annotations(RUNTIME)
        .joins(STARTUP_HOOKS, ADDITIONAL_DEPS, SHARED_STORE)
        .sets(ENABLE_PROFILING, PROFILER, PROFILER_PATH, Tracers.HOME)
        .reasons(AGENT_INSTALLED, ANOTHER_AGENT, FOREIGN_PROFILER)
        .otherAgents(OTHER_AGENTS)
        .needs(Need.EXECUTABLE_AGENT)
        .order(40)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    Optional<String> installed = Tracers.ofOpenTelemetry(target);
    if (installed.isPresent()) {
      verdict.standDown(AGENT_INSTALLED, installed.get());
      return;
    }
    Optional<Variable> tracer = Tracers.ofAnother(target);
    Optional<Variable> foreign = ProfilerSetting.foreign(target);
    tracer.ifPresentOrElse(
        found -> verdict.standDown(ANOTHER_AGENT, found.toString()),
        () -> foreign.ifPresent(found -> verdict.standDown(FOREIGN_PROFILER, found.toString())));
    foreign.ifPresentOrElse(
        found ->
            verdict.note(
                "the pod's own profiler stays, by "
                    + found.name()
                    + ", and OpenTelemetry's is not set"
                    + WITHOUT_PROFILER),
        () -> noteSwitch(target, verdict));
  }

  private static void noteSwitch(Target target, Verdict verdict) {
    SWITCHES.stream()
        .flatMap(name -> target.env().get(name).stream())
        .filter(DotnetPlugin::isOff)
        .findFirst()
        .ifPresent(off ->
            verdict.note(off + " keeps CoreCLR from loading the profiler" + WITHOUT_PROFILER));
  }

  /** CoreCLR reads a number. */
  private static boolean isOff(Variable variable) {
    return variable
        .literal()
        .filter(value -> value.chars().allMatch(digit -> digit == '0'))
        .isPresent();
  }

  @Override
  public void inject(Injection injection) {
    Agent agent =
        injection.agent(AgentSource.directory(injection.section().image(), "/autoinstrumentation"));
    Optional<ImageLayout> layout = ImageLayout.of(injection.section());
    for (Target target : injection.targets()) {
      boolean musl = target.annotation(RUNTIME).filter("linux-musl-x64"::equals).isPresent();
      Container container = injection.edit(target);
      String home = agent.mountIn(container);
      // Beside another profiler, as the pod insists: one of its variables among ours, and CoreCLR
      // would load neither.
      if (ProfilerSetting.foreign(target).isEmpty()) {
        injection.because("have CoreCLR load the profiler");
        container
            .env()
            .setIfAbsent(ENABLE_PROFILING, "1")
            .setIfAbsent(PROFILER, ProfilerSetting.CLASS)
            .setDefault(
                PROFILER_PATH,
                home + layout.orElse(ImageLayout.X64).profiler(musl),
                home + layout.orElse(ImageLayout.NEUTRAL).profiler(musl));
      }
      injection.because("run the agent before the application");
      container
          .env()
          .append(STARTUP_HOOKS, home + "/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll")
          .append(ADDITIONAL_DEPS, home + "/AdditionalDeps")
          .setIfAbsent(Tracers.HOME, home)
          .append(SHARED_STORE, home + "/store");
    }
  }
}
