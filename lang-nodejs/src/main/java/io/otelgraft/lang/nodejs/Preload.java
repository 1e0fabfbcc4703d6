package io.otelgraft.lang.nodejs;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.StringTokenizer;

/**
 * A module that Node.js loads before the application, as far as the pod shows it.
 *
 * @param place where it stands: a variable's name, {@code command} or {@code args}
 * @param module the module, {@code dd-trace/init} or {@code /app/tracing.js}
 */
record Preload(String place, String module) {
  private static final List<String> OPTIONS =
      List.of("--require", "-r", "--import", "--loader", "--experimental-loader");

  /** Parts of the names of packages that trace. */
  static final List<String> TRACERS =
      List.of(
          "opentelemetry",
          "otel-auto-instrumentation",
          "@splunk/otel",
          "dd-trace",
          "newrelic",
          "elastic-apm-node",
          "@elastic/",
          "@dynatrace/",
          "appdynamics",
          "@instana/",
          "skywalking",
          "applicationinsights",
          "@sentry/",
          "@appsignal/",
          "@google-cloud/trace-agent",
          "solarwinds-apm",
          "@lumigo/",
          "@contrast/",
          "@honeycombio/opentelemetry",
          "atatus-nodejs",
          "autodynatrace");

  /** The modules that a target loads first. */
  static List<Preload> of(Target target) {
    List<Preload> found = new ArrayList<>();
    target
        .env()
        .get(NodejsPlugin.NODE_OPTIONS.name())
        .flatMap(Variable::literal)
        .ifPresent(options -> found.addAll(in(NodejsPlugin.NODE_OPTIONS.name(), options)));
    target.command().ifPresent(words -> found.addAll(in("command", String.join(" ", words))));
    target.args().ifPresent(words -> found.addAll(in("args", String.join(" ", words))));
    return found;
  }

  /** The modules that options name, as NODE_OPTIONS or a command line gives them. */
  static List<Preload> in(String place, String options) {
    List<Preload> found = new ArrayList<>();
    // Quotes group words for Node.js and for a shell; to find a name they do not matter.
    StringTokenizer words = new StringTokenizer(options, " \t\n\"'");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      Optional<String> option = OPTIONS.stream().filter(word::startsWith).findFirst();
      if (option.isEmpty()) {
        continue;
      }
      String rest = word.substring(option.get().length());
      if (rest.startsWith("=")) {
        found.add(new Preload(place, rest.substring(1)));
      } else if (rest.isEmpty() && words.hasMoreTokens()) {
        found.add(new Preload(place, words.nextToken()));
      }
    }
    return found;
  }

  /** Whether the module is a tracer, OpenTelemetry's or that of another product. */
  boolean isTracer() {
    return TRACERS.stream().anyMatch(module::contains);
  }

  @Override
  public String toString() {
    return module + " in " + place;
  }
}
