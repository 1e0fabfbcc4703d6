package io.otelgraft.runtime.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/**
 * A subcommand. It declares itself with picocli's model instead of its annotations: reading these
 * takes twice as long as all else that happens before a command runs.
 */
interface Command {

  /** Name, options and help. */
  CommandSpec declare();

  /**
   * Carries it out.
   *
   * @return an {@link ExitCode}
   * @throws CommandFailure if it cannot be carried out
   */
  int run(ParseResult given, Surroundings surroundings);
}
