package io.otelgraft.runtime.cli;

import picocli.AutoComplete;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft completion}: a script by which a shell completes commands and options. */
final class CompletionCommand implements Command {

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "completion",
            "Prints a script that completes commands and options, for bash and zsh.")
        .examples("source <(graft completion)", "graft completion >/etc/bash_completion.d/graft");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    surroundings.print(AutoComplete.bash("graft", Graft.whole()));
    return ExitCode.OK;
  }
}
