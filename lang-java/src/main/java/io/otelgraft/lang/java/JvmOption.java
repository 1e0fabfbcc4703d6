package io.otelgraft.lang.java;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * An option that a container's JVM gets already, as far as the pod shows it.
 *
 * @param place where it stands: a variable's name, or {@code command}
 * @param text the option, {@code -javaagent:/jmx/exporter.jar=8080}
 */
record JvmOption(String place, String text) {

  /** The property that names the agent's extensions. */
  static final String EXTENSIONS = "-Dotel.javaagent.extensions=";

  private static final List<String> READ = List.of("-javaagent:", "-agentpath:", EXTENSIONS);

  /**
   * Variables that bring options to a JVM: those that the JVM and its launcher read, then those
   * that the start scripts of the usual servers and images pass on.
   */
  private static final List<String> VARIABLES =
      List.of(
          "JAVA_TOOL_OPTIONS",
          "JDK_JAVA_OPTIONS",
          "_JAVA_OPTIONS",
          "JAVA_OPTS",
          "JAVA_OPTS_APPEND",
          "JAVA_OPTIONS",
          "JVM_OPTS",
          "JAVA_ARGS",
          "JVM_ARGS",
          "JAVA_AGENT",
          "CATALINA_OPTS",
          "KAFKA_OPTS");

  /**
   * Parts of the names of the files in which tracers come. OpenTelemetry's agent and the agents
   * built on it have one of the first two, or are called {@code javaagent.jar} as AppDynamics' is.
   */
  static final List<String> TRACERS =
      List.of(
          "opentelemetry",
          "otel",
          "newrelic",
          "dd-java-agent",
          "dd-trace",
          "oneagent",
          "dynatrace",
          "appdynamics",
          "elastic-apm",
          "skywalking",
          "glowroot",
          "pinpoint",
          "applicationinsights",
          "instana",
          "solarwinds",
          "scouter",
          "inspectit",
          "signalfx",
          "contrast",
          "hypertrace",
          "kanela",
          "atatus",
          "whatap",
          "jennifer",
          "lumigo",
          "sentry-agent");

  /** The options of a target that load an agent, or tell OpenTelemetry's where extensions are. */
  static List<JvmOption> of(Target target) {
    List<JvmOption> found = new ArrayList<>();
    for (String variable : VARIABLES) {
      target
          .env()
          .get(variable)
          .flatMap(Variable::literal)
          .ifPresent(value -> collect(variable, value, found));
    }
    target.command().ifPresent(words -> words.forEach(word -> collect("command", word, found)));
    target.args().ifPresent(words -> words.forEach(word -> collect("args", word, found)));
    return found;
  }

  /** The places of extensions that options name; the last one counts, as the JVM has it. */
  static Optional<String> extensionsOf(String options) {
    List<JvmOption> found = new ArrayList<>();
    collect("", options, found);
    return found.stream()
        .map(JvmOption::text)
        .filter(text -> text.startsWith(EXTENSIONS))
        .reduce((earlier, later) -> later)
        .map(text -> text.substring(EXTENSIONS.length()));
  }

  /** The options of one value, or of one word of a command, which may be a whole shell script. */
  static void collect(String place, String value, List<JvmOption> found) {
    for (String option : READ) {
      for (int at = value.indexOf(option); at >= 0; at = value.indexOf(option, at + 1)) {
        found.add(new JvmOption(place, value.substring(at, end(value, at))));
      }
    }
  }

  private static int end(String value, int start) {
    int end = start;
    while (end < value.length() && " \t\n\"';&|".indexOf(value.charAt(end)) < 0) {
      end++;
    }
    return end;
  }

  /** Whether it loads an agent of whatever kind. */
  boolean loadsAgent() {
    return !text.startsWith(EXTENSIONS);
  }

  /** Whether it loads an agent that traces, as OpenTelemetry's does. */
  boolean loadsTracer() {
    if (!loadsAgent()) {
      return false;
    }
    String path = text.substring(text.indexOf(':') + 1).toLowerCase(Locale.ROOT);
    int options = path.indexOf('=');
    String jar = options < 0 ? path : path.substring(0, options);
    String file = jar.substring(jar.lastIndexOf('/') + 1);
    return file.equals("javaagent.jar") || TRACERS.stream().anyMatch(file::contains);
  }

  @Override
  public String toString() {
    return text + " in " + place;
  }
}
