package io.otelgraft.lang.php;

import io.otelgraft.spi.AgentSign;
import java.util.List;
import java.util.Locale;

/** Agents that PHP may load already, and how they are recognised. */
final class Tracers {

  /** Parts of the names of extensions that trace, and of the directories that they come in. */
  static final List<String> NAMES =
      List.of(
          "opentelemetry",
          "otel-auto-instrumentation",
          "ddtrace",
          "datadog",
          "newrelic",
          "elastic_apm",
          "elastic-apm",
          "elastic_otel",
          "elastic-otel",
          "appdynamics",
          "skywalking",
          "tideways",
          "instana",
          "scoutapm",
          "odigos");

  /**
   * Extensions that are part of an image, which only PHP sees: where one of them is loaded, what is
   * injected stays out by itself.
   */
  static final List<String> EXTENSIONS =
      List.of(
          "ddtrace",
          "newrelic",
          "elastic_apm",
          "elastic_otel",
          "appdynamics_agent",
          "skywalking_agent",
          "tideways");

  static final AgentSign[] SIGNS = {
    AgentSign.podKey("Datadog", "admission.datadoghq.com/php-lib.version"),
    AgentSign.podKey("Datadog", "admission.datadoghq.com/php-lib.custom-image"),
    AgentSign.podKey("New Relic", "instrumentation.newrelic.com/inject-php"),
    // Without it, Datadog's extension leaves commands alone: it is of no use to anybody else.
    AgentSign.variable("Datadog", "DD_TRACE_CLI_ENABLED"),
    AgentSign.variable("Tideways", "TIDEWAYS_APIKEY")
  };

  private Tracers() {}

  /** Whether a text, such as a path or a setting of PHP, names a tracer. */
  static boolean areNamedIn(String text) {
    String lower = text.toLowerCase(Locale.ROOT);
    return NAMES.stream().anyMatch(lower::contains);
  }
}
