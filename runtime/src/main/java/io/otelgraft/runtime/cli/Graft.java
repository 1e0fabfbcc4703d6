package io.otelgraft.runtime.cli;

import io.otelgraft.runtime.settings.SettingsException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command {@code graft} with its subcommands. */
public final class Graft {

  private static final int HELP_WIDTH = 100;

  /** The subcommands by name, in the order of the help; only one that is used is loaded. */
  private static final Map<String, Supplier<Command>> COMMANDS = commands();

  private final Surroundings surroundings;

  /** A command line that reads and writes these. */
  public Graft(Surroundings surroundings) {
    this.surroundings = surroundings;
  }

  private static Map<String, Supplier<Command>> commands() {
    Map<String, Supplier<Command>> commands = new LinkedHashMap<>();
    commands.put("inject", InjectCommand::new);
    commands.put("explain", ExplainCommand::new);
    commands.put("lint", LintCommand::new);
    commands.put("migrate", MigrateCommand::new);
    commands.put("admit", AdmitCommand::new);
    commands.put("plugins", PluginsCommand::new);
    commands.put("serve", ServeCommand::new);
    commands.put("operate", OperateCommand::new);
    commands.put("crds", CrdsCommand::new);
    commands.put("image-env", ImageEnvCommand::new);
    commands.put("settings", SettingsCommand::new);
    commands.put("completion", CompletionCommand::new);
    return commands;
  }

  /**
   * Runs a command.
   *
   * @param arguments as the user typed them
   * @return the exit code of the process; nothing is thrown
   */
  public int run(String... arguments) {
    String name = arguments.length == 0 ? "" : arguments[0];
    CommandLine line = commandLine(COMMANDS.containsKey(name) ? List.of(name) : all());
    try (PrintWriter help = Surroundings.writer(surroundings.out())) {
      line.setOut(help);
      return line.execute(arguments);
    }
  }

  private static List<String> all() {
    return List.copyOf(COMMANDS.keySet());
  }

  /** The whole command line, for completion. */
  static CommandLine whole() {
    return with(all());
  }

  private static CommandLine with(List<String> names) {
    CommandSpec root = CommandSpec.create().name("graft");
    root.version("graft " + version());
    root.addOption(
        OptionSpec.builder("-h", "--help")
            .type(boolean.class)
            .usageHelp(true)
            .description("Show this help")
            .build());
    root.addOption(
        OptionSpec.builder("--version")
            .type(boolean.class)
            .versionHelp(true)
            .description("Print the version")
            .build());
    root.usageMessage()
        .customSynopsis("graft COMMAND [OPTIONS]")
        .description(
            "Zero-code OpenTelemetry for Kubernetes workloads, in the cluster and on your desk.")
        .sortOptions(false)
        .optionListHeading("%nOptions:%n")
        .commandListHeading("%nCommands:%n")
        .footer("%ngraft COMMAND --help shows a command's options, exit codes and examples.");
    for (String name : names) {
      root.addSubcommand(name, COMMANDS.get(name).get().declare());
    }
    if (names.size() > 1) {
      root.addSubcommand("help", new CommandLine(new CommandLine.HelpCommand()));
    }
    return new CommandLine(root);
  }

  private CommandLine commandLine(List<String> names) {
    CommandLine line = with(names);
    line.setUsageHelpWidth(HELP_WIDTH);
    line.setColorScheme(
        CommandLine.Help.defaultColorScheme(surroundings.colours() ? Ansi.ON : Ansi.OFF));
    line.setExecutionStrategy(this::execute);
    line.setParameterExceptionHandler((e, _) -> wrongUsage(e));
    return line;
  }

  private int execute(ParseResult given) {
    Integer help = CommandLine.executeHelpRequest(given);
    if (help != null) {
      return help;
    }
    if (!given.hasSubcommand()) {
      surroundings.tell(given.commandSpec().commandLine().getUsageMessage().stripTrailing());
      return ExitCode.NOT_DONE;
    }
    ParseResult subcommand = given.subcommand();
    Command command = (Command) subcommand.commandSpec().userObject();
    try {
      return command.run(subcommand, surroundings);
    } catch (CommandFailure | SettingsException e) {
      return fail(e.getMessage(), ExitCode.NOT_DONE);
    } catch (RuntimeException | Error e) {
      StackTraceElement[] trace = e.getStackTrace();
      return fail(
          "failed by a bug, please report it: %s%s"
              .formatted(e, trace.length == 0 ? "" : " at " + trace[0]),
          ExitCode.BUG);
    }
  }

  private int wrongUsage(ParameterException e) {
    CommandSpec command = e.getCommandLine().getCommandSpec();
    String message =
        e.getMessage().substring(0, 1).toLowerCase(Locale.ROOT) + e.getMessage().substring(1);
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().getFirst();
      if (command.parent() == null && !first.startsWith("-")) {
        message = "there is no command " + first;
      }
      if (!unmatched.getSuggestions().isEmpty()) {
        message += ", did you mean " + unmatched.getSuggestions().getFirst() + "?";
      }
    }
    return fail(message + "; see " + command.qualifiedName() + " --help", ExitCode.NOT_DONE);
  }

  private int fail(String message, int code) {
    surroundings.tell("graft: " + message.replaceAll("\\s*\\R\\s*", " "));
    return code;
  }

  /** The version that this module was built as; "unknown" where Maven did not build it. */
  static String version() {
    return Graft.class.getModule().getDescriptor().rawVersion().orElse("unknown");
  }
}
