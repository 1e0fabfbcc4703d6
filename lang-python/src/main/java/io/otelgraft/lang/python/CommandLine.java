package io.otelgraft.lang.python;

import io.otelgraft.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a container runs, as far as the pod says so: command and arguments in one list. */
record CommandLine(List<String> words) {

  /**
   * Commands and modules that attach a tracer, and directories on {@code PYTHONPATH} that do.
   * OpenTelemetry's own come first.
   */
  static final List<String> TRACERS =
      List.of(
          "opentelemetry-instrument",
          "opentelemetry.instrumentation.auto_instrumentation",
          "opentelemetry/instrumentation/auto_instrumentation",
          "ddtrace-run",
          "ddtrace/bootstrap",
          "datadog-lib",
          "newrelic-admin",
          "newrelic/bootstrap",
          "elasticapm-run",
          "sw-python",
          "skywalking/bootstrap",
          "pyagent",
          "autodynatrace",
          "splunk-py-trace",
          "splk-py-trace",
          "appsignal-wrap");

  /**
   * Servers and tools that are Python scripts found on the PATH. Where they are, so is {@code
   * python3}.
   */
  private static final List<String> SCRIPTS =
      List.of(
          "gunicorn",
          "uvicorn",
          "hypercorn",
          "daphne",
          "waitress-serve",
          "flask",
          "django-admin",
          "celery");

  /** The command line of a target whose pod gives a command; nothing where the image's counts. */
  static Optional<CommandLine> of(Target target) {
    return target
        .command()
        .filter(command -> !command.isEmpty())
        .map(command -> {
          List<String> words = new ArrayList<>(command);
          target.args().ifPresent(words::addAll);
          return new CommandLine(words);
        });
  }

  /** The word that attaches a tracer, if one does. */
  static Optional<String> tracer(List<String> words) {
    return words.stream().filter(CommandLine::attachesTracer).findFirst();
  }

  /** Whether a text names a tracer: a word of a command, or the item of a path. */
  static boolean attachesTracer(String text) {
    return TRACERS.stream().anyMatch(text::contains);
  }

  /**
   * The option with which Python ignores {@code PYTHONPATH} ({@code -E}, {@code -I}) or does not
   * start what it finds there ({@code -S}).
   *
   * @see <a href="https://docs.python.org/3/using/cmdline.html">Python's command line</a>
   */
  Optional<String> deafOption() {
    if (!isInterpreter(words.getFirst())) {
      return Optional.empty();
    }
    for (String word : words.subList(1, words.size())) {
      if (!word.startsWith("-") || word.startsWith("--")) {
        return Optional.empty();
      }
      for (char option : word.substring(1).toCharArray()) {
        switch (option) {
          case 'E', 'I', 'S' -> {
            return Optional.of(word);
          }
          // What follows is a program, a module or the option's value.
          case 'c', 'm', 'W', 'X' -> {
            return Optional.empty();
          }
          default -> {}
        }
      }
    }
    return Optional.empty();
  }

  /**
   * An interpreter that is sure to exist beside the command: itself, or {@code python3} where the
   * command is a script that came with it. None for a shell or a program of whatever kind: wrapping
   * it with an interpreter that the image does not have would keep the container from starting.
   */
  Optional<String> interpreter() {
    String first = words.getFirst();
    if (isInterpreter(first)) {
      return Optional.of(first);
    }
    return SCRIPTS.contains(first) ? Optional.of("python3") : Optional.empty();
  }

  private static boolean isInterpreter(String word) {
    String name = word.substring(word.lastIndexOf('/') + 1);
    if (!name.startsWith("python") && !name.startsWith("pypy")) {
      return false;
    }
    String version = name.substring(name.startsWith("python") ? 6 : 4);
    // A free-threaded Python is called python3.13t.
    return version.chars().allMatch(c -> "0123456789.t".indexOf(c) >= 0);
  }
}
