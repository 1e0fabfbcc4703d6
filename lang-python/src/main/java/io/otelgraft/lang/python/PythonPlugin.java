package io.otelgraft.lang.python;

import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.ResourceDefaults;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import io.otelgraft.spi.Verdict;
import java.net.URI;
import java.util.List;
import java.util.Optional;

/**
 * Python: packages on {@code PYTHONPATH}, among them a {@code sitecustomize} that every Python
 * process of the container runs before the application.
 */
public final class PythonPlugin implements LanguagePlugin {
  private static final ListVariable PYTHONPATH =
      ListVariable.of("PYTHONPATH", ":", EmptyItem.WORKING_DIRECTORY).beforeCommonEnv();

  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String TRACES_EXPORTER = "OTEL_TRACES_EXPORTER";
  private static final String METRICS_EXPORTER = "OTEL_METRICS_EXPORTER";
  private static final String LOGS_EXPORTER = "OTEL_LOGS_EXPORTER";
  private static final String LOGGING = "OTEL_PYTHON_LOGGING_AUTO_INSTRUMENTATION_ENABLED";

  private static final Setting<Boolean> WRAP_COMMAND =
      Setting.flag("wrapCommand")
          .defaultsTo(false)
          .describe(
              "Runs the command that a container's pod gives through opentelemetry-instrument, if it"
                  + " is Python or a known Python server. PYTHONPATH attaches the agent without;"
                  + " wrapping also puts the working directory on the module path.");

  private static final Setting<String> PLATFORM =
      Setting.oneOf("otel-python-platform", "glibc", "musl")
          .defaultsTo("glibc")
          .describe("The C library of the pod's images: glibc, or musl as in Alpine.");

  private static final Reason ANOTHER_AGENT =
      Reason.of(
              "AnotherAgent",
              "The command or PYTHONPATH already attaches OpenTelemetry's agent or that of another"
                  + " product; two tracers in one process wrap the same functions.")
          .overridable();

  private static final AgentSign[] OTHER_AGENTS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/python-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/python-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-python"),
    // What autowrapt loads into each process, which Instana's sensor and its like ask to be put in.
    AgentSign.variable("what autowrapt loads", "AUTOWRAPT_BOOTSTRAP")
  };
  private static final Reason PYTHONPATH_IGNORED =
      Reason.of(
          "PythonPathIgnored",
          "The command runs Python with an option that ignores PYTHONPATH or what it starts, so"
              + " that no agent can be attached.");

  @Override
  public Language language() {
    return Language.named("python")
        .title("Python")
        .documentation(URI.create("https://opentelemetry.io/docs/zero-code/python/"))
        .section("python", WRAP_COMMAND)
        .image("ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-python", "0.64b0")
        .resources(ResourceDefaults.of("50m", "64Mi", "500m", "256Mi"))
        .annotations(PLATFORM)
        .joins(PYTHONPATH)
        .sets(PROTOCOL, TRACES_EXPORTER, METRICS_EXPORTER, LOGS_EXPORTER, LOGGING)
        // The public image has no gRPC exporter: grpc needs a binary for each version of Python.
        .protocols(Protocol.HTTP_PROTOBUF)
        .reasons(ANOTHER_AGENT, PYTHONPATH_IGNORED)
        .otherAgents(OTHER_AGENTS)
        .order(30)
        .build();
  }

  @Override
  public void examine(Target target, Verdict verdict) {
    Optional<CommandLine> command = CommandLine.of(target);
    Optional<String> deaf = command.flatMap(CommandLine::deafOption);
    if (deaf.isPresent()) {
      verdict.standDown(PYTHONPATH_IGNORED, "command with " + deaf.get());
      return;
    }
    Optional<String> path =
        target
            .env()
            .get(PYTHONPATH.name())
            .flatMap(Variable::literal)
            .filter(CommandLine::attachesTracer);
    if (path.isPresent()) {
      verdict.standDown(ANOTHER_AGENT, "PYTHONPATH=" + path.get());
      return;
    }
    // An image without an entry point runs the arguments of a pod that gives no command.
    Optional<String> tracer =
        target
            .command()
            .flatMap(CommandLine::tracer)
            .or(() -> target.args().flatMap(CommandLine::tracer));
    if (tracer.isPresent()) {
      verdict.standDown(ANOTHER_AGENT, "command with " + tracer.get());
      return;
    }
    if (wraps(target.section()) && command.flatMap(CommandLine::interpreter).isEmpty()) {
      verdict.note(
          command.isEmpty()
              ? "not wrapped: the pod gives no command; PYTHONPATH attaches the agent"
              : "not wrapped: \"%s\" is not known to be Python; PYTHONPATH attaches the agent"
                  .formatted(command.get().words().getFirst()));
    }
  }

  @Override
  public void inject(Injection injection) {
    Agent agent =
        injection.agent(AgentSource.directory(injection.section().image(), directory(injection)));
    boolean wraps = wraps(injection.section());
    for (Target target : injection.targets()) {
      Container container = injection.edit(target);
      String home = agent.mountIn(container);
      injection.because("attach the agent as Python starts");
      container
          .env()
          .prepend(PYTHONPATH, home + "/opentelemetry/instrumentation/auto_instrumentation")
          .append(PYTHONPATH, home);
      if (wraps) {
        injection.because("wrap the command");
        // The script through an interpreter, as its first line names that of the agent's image; -S,
        // or the agent would be attached to the wrapper as well.
        CommandLine.of(target)
            .flatMap(CommandLine::interpreter)
            .ifPresent(python ->
                container.wrapCommand(
                    List.of(python, "-S", home + "/bin/opentelemetry-instrument")));
      }
      injection.because("send what the agent collects");
      container
          .env()
          .setIfAbsent(PROTOCOL, Protocol.HTTP_PROTOBUF.value())
          .setIfAbsent(TRACES_EXPORTER, "otlp")
          .setIfAbsent(METRICS_EXPORTER, "otlp")
          .setIfAbsent(LOGS_EXPORTER, "otlp")
          .setDefault(LOGGING, "true");
    }
  }

  /** The annotation is one for the pod, so it is the same for each target. */
  private static String directory(Injection injection) {
    boolean musl =
        injection.targets().getFirst().annotation(PLATFORM).filter("musl"::equals).isPresent();
    return musl ? "/autoinstrumentation-musl" : "/autoinstrumentation";
  }

  private static boolean wraps(Section section) {
    return section.get(WRAP_COMMAND).orElse(false);
  }
}
