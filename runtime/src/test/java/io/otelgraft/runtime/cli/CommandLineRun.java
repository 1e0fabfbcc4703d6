package io.otelgraft.runtime.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A run of the command line within this process.
 *
 * @param exit the exit code
 * @param out what it wrote to standard output
 * @param err what it wrote to standard error
 */
record CommandLineRun(int exit, String out, String err) {

  /** Runs a command with the plugins that this build has made, and nothing in the environment. */
  static CommandLineRun graft(String... arguments) {
    return graftReading("", arguments);
  }

  /** Runs a command that reads this from standard input. */
  static CommandLineRun graftReading(String in, String... arguments) {
    return run(in, Map.of(), false, arguments);
  }

  /** Runs a command in an environment. */
  static CommandLineRun graftIn(Map<String, String> environment, String... arguments) {
    return run("", environment, false, arguments);
  }

  /** Runs a command on a terminal. */
  static CommandLineRun graftOnTerminal(Map<String, String> environment, String... arguments) {
    return run("", environment, true, arguments);
  }

  private static CommandLineRun run(
      String in, Map<String, String> environment, boolean terminal, String... arguments) {
    var out = new ByteArrayOutputStream();
    var err = new ByteArrayOutputStream();
    var surroundings =
        new Surroundings(
            new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)),
            out,
            err,
            environment,
            Optional.of(home()),
            terminal);
    int exit = new Graft(surroundings).run(arguments);
    return new CommandLineRun(
        exit, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  /** A folder like that of a distribution, with the shipped plugins. */
  static Path home() {
    return ShippedPlugins.FOLDER.getParent();
  }
}
