package io.otelgraft.lang.dotnet;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Agents that the .NET processes of a container may load already, and how they are recognised. */
final class Tracers {
  /** Where OpenTelemetry's agent is: whoever sets it has installed the agent. */
  static final String HOME = "OTEL_DOTNET_AUTO_HOME";

  /** Variables that have .NET run code before the application's, besides the profiler's. */
  private static final List<String> LISTS =
      List.of("DOTNET_STARTUP_HOOKS", "ASPNETCORE_HOSTINGSTARTUPASSEMBLIES");

  /** Parts of the names of the files and assemblies in which tracers come. */
  private static final List<String> NAMES =
      List.of(
          "opentelemetry.autoinstrumentation",
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
  private static final List<String> CLASSES =
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

  /** The variable that brings an agent to a target, if it is known as one that traces. */
  static Optional<Variable> in(Target target) {
    return target
        .env()
        .get(HOME)
        .or(() ->
            LISTS.stream()
                .flatMap(list -> target.env().get(list).stream())
                .filter(Tracers::isNamedBy)
                .findFirst())
        .or(() ->
            ProfilerSetting.of(target).stream()
                .filter(ProfilerSetting::isForeign)
                .map(ProfilerSetting::variable)
                .filter(Tracers::isNamedBy)
                .findFirst());
  }

  private static boolean isNamedBy(Variable variable) {
    return variable.literal().filter(Tracers::names).isPresent();
  }

  /** Whether a path, a list of them, or a class identifier names a tracer. */
  static boolean names(String value) {
    String lower = value.toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(lower::contains) || CLASSES.stream().anyMatch(lower::contains);
  }
}
