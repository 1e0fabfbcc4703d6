package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Agents that the .NET processes of a container may load already, and how they are recognised. */
final class Tracers {
  /** Where OpenTelemetry's agent is: whoever sets it has installed the agent. */
  static final String HOME = "OTEL_DOTNET_AUTO_HOME";

  /** Variables that have .NET run code before the application's, besides the profiler's. */
  private static final List<String> LISTS =
      List.of("DOTNET_STARTUP_HOOKS", "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES");

  /** A part of the names of all files and assemblies of OpenTelemetry's agent. */
  private static final String OWN = "opentelemetry.autoinstrumentation";

  /** The script that sets the variables of OpenTelemetry's agent. */
  private static final Pattern SCRIPT =
      Pattern.compile("(?:^|[\\s/'\"])instrument\\.sh(?:$|[\\s'\";&])");

  /** Parts of the names of the files and assemblies in which other tracers come. */
  static final List<String> NAMES =
      List.of(
          "datadog",
          "newrelic",
          "elasticapm",
          "elastic_apm",
          "elastic.apm",
          "appdynamics",
          "appdprofiler",
          "dynatrace",
          "oneagent",
          "instana",
          "skyapm",
          "signalfx",
          "splunk",
          "applicationinsights",
          "solarwinds");

  /** The class identifiers of tracers that are profilers, as their vendors' guides give them. */
  static final List<String> CLASSES =
      List.of(
          // Datadog
          "846f5f1c-f9ae-4b07-969e-05c26bc060d8",
          // New Relic
          "36032161-ffc0-4b61-b559-f6c5d41bae5a",
          // Elastic APM
          "fa65fe15-f085-4681-9b20-95e04f6c03cc",
          // AppDynamics
          "57e1aa68-2229-41aa-9931-a6e93bbc64d8",
          // Dynatrace
          "b7038f67-52fc-4da2-ab02-969b3c1eda03",
          // SignalFx
          "b4c89b0f-9908-4f73-9f59-0d77c5a06874");

  private Tracers() {}

  /** What brings OpenTelemetry's own agent to a target, if something does. */
  static Optional<String> ofOpenTelemetry(Target target) {
    return target
        .env()
        .get(HOME)
        .or(() -> loading(target, Tracers::isOpenTelemetry))
        .map(Variable::toString)
        .or(() ->
            Stream.of(target.command(), target.args())
                .flatMap(words -> words.stream().flatMap(List::stream))
                .filter(Tracers::attaches)
                .findFirst()
                .map(word -> "command with " + word));
  }

  /**
   * Whether a word of a command, which may be a whole shell script, runs the script that sets
   * OpenTelemetry's agent up: the agent's own, or that which its NuGet package puts beside an
   * application.
   *
   * @see <a href="https://opentelemetry.io/docs/zero-code/dotnet/nuget-packages/">Using the NuGet
   *     packages</a>
   */
  static boolean attaches(String word) {
    return SCRIPT.matcher(word).find();
  }

  /** The variable that brings another agent to a target, if it is known as one that traces. */
  static Optional<Variable> ofAnother(Target target) {
    return loading(target, Tracers::isAnother);
  }

  /** The first variable that has .NET load something whose name is looked for. */
  private static Optional<Variable> loading(Target target, Predicate<String> name) {
    return Stream.concat(
            LISTS.stream().flatMap(list -> target.env().get(list).stream()),
            ProfilerSetting.of(target).stream()
                .filter(ProfilerSetting::isForeign)
                .map(ProfilerSetting::variable))
        .filter(variable -> variable.literal().filter(name).isPresent())
        .findFirst();
  }

  /** Whether a path, or a list of them, names OpenTelemetry's agent. */
  static boolean isOpenTelemetry(String value) {
    return value.toLowerCase(Locale.ROOT).contains(OWN);
  }

  /** Whether a path, a list of them, or a class identifier names another tracer. */
  static boolean isAnother(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(lower::contains) || CLASSES.stream().anyMatch(lower::contains);
  }
}
