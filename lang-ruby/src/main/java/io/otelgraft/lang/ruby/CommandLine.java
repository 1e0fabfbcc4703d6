package io.otelgraft.lang.ruby;

import io.otelgraft.spi.Target;
import io.otelgraft.spi.Variable;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.StringTokenizer;
import java.util.regex.Pattern;

/**
 * What a container runs, as far as the pod says so: command and arguments in one list.
 *
 * @param words the empty list where the image's command counts
 */
record CommandLine(List<String> words) {
  private static final Pattern INTERPRETER = Pattern.compile("ruby[0-9.]*");

  /** Parts of the names of libraries that trace. */
  static final List<String> TRACERS =
      List.of(
          "opentelemetry",
          "otel-auto-instrumentation",
          "ddtrace",
          "datadog",
          "newrelic",
          "new_relic",
          "elastic-apm",
          "elastic_apm",
          "appsignal",
          "scout_apm",
          "skylight",
          "instana",
          "onesdk",
          "oneagent",
          "solarwinds_apm",
          "splunk",
          "honeycomb",
          "atatus");

  /** Programs that load a tracer into the command that follows. */
  static final List<String> WRAPPERS = List.of("ddprofrb", "ddtracerb");

  /** The command line of a target. */
  static CommandLine of(Target target) {
    List<String> words = new ArrayList<>(target.command().orElse(List.of()));
    words.addAll(target.args().orElse(List.of()));
    return new CommandLine(List.copyOf(words));
  }

  /**
   * The option with which Ruby ignores {@code RUBYOPT}: {@code --disable=rubyopt}, also spelled
   * {@code --disable-rubyopt}, or {@code all} in its place.
   */
  Optional<String> deafOption() {
    if (words.isEmpty() || !INTERPRETER.matcher(fileName(words.getFirst())).matches()) {
      return Optional.empty();
    }
    for (int i = 1; i < words.size() && words.get(i).startsWith("-"); i++) {
      String word = words.get(i);
      if (word.equals("--disable") && i + 1 < words.size()) {
        word = word + " " + words.get(++i);
      }
      if (word.startsWith("--disable")
          && List.of(word.substring("--disable".length()).split("[ =,-]", -1)).stream()
              .anyMatch(feature -> feature.equals("rubyopt") || feature.equals("all"))) {
        return Optional.of(word);
      }
    }
    return Optional.empty();
  }

  /** What loads a tracer before the application, if something does, and where it stands. */
  Optional<String> tracer() {
    return words.stream()
        .filter(word -> WRAPPERS.contains(fileName(word)))
        .findFirst()
        .or(() -> requiredTracer(String.join(" ", words)))
        .map(found -> found + " in the command");
  }

  /** The tracer that a variable with options of Ruby loads, if one does. */
  static Optional<String> tracer(Variable options) {
    return options
        .literal()
        .flatMap(CommandLine::requiredTracer)
        .map(library -> library + " in " + options.name());
  }

  /** The first library among those that {@code -r} and {@code --require} name that traces. */
  private static Optional<String> requiredTracer(String options) {
    // Quotes group words for a shell; to find a name they do not matter.
    StringTokenizer words = new StringTokenizer(options, " \t\n\"'");
    while (words.hasMoreTokens()) {
      String word = words.nextToken();
      String library = "";
      if (word.equals("-r") || word.equals("--require")) {
        library = words.hasMoreTokens() ? words.nextToken() : "";
      } else if (word.startsWith("--require=")) {
        library = word.substring("--require=".length());
      } else if (word.startsWith("-r")) {
        library = word.substring(2);
      }
      String lower = library.toLowerCase(Locale.ROOT);
      if (TRACERS.stream().anyMatch(lower::contains)) {
        return Optional.of(library);
      }
    }
    return Optional.empty();
  }

  private static String fileName(String word) {
    return word.substring(word.lastIndexOf('/') + 1);
  }
}
