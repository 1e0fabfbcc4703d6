package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.cli.Diagnostic.Level;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft lint}: errors and warnings of manifests, with place and fix. */
final class LintCommand implements Command {

  private static final String STRICT = "--strict";

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "lint",
            "Tells what is wrong with Instrumentations and with the annotations of workloads.",
            "With file, line and what to do. That is all that the webhook would say, and what it",
            "cannot see, as an annotation that stands on a Deployment instead of its pod template.")
        .files("Workloads, and resources")
        .resources()
        .output(List.of("text", "json", "sarif"), "How to print it")
        .flag("End with " + ExitCode.NO + " also if there are warnings and no errors", STRICT)
        .settings()
        .plugins()
        .exitCode(ExitCode.NO, "there are errors, or with --strict warnings")
        .examples(
            "graft lint -f app.yaml",
            "graft lint -f manifests/ --strict",
            "graft lint -f manifests/ -o sarif >graft.sarif");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    Workbench workbench = Workbench.of(given, surroundings);
    List<Diagnostic> diagnostics = new Linter(workbench).lint();
    surroundings.print(
        switch (format) {
          case "json" -> json(diagnostics);
          case "sarif" -> Json.pretty(Sarif.of(diagnostics));
          default -> text(diagnostics, Style.of(surroundings));
        });
    long errors = count(diagnostics, Level.ERROR);
    long warnings = count(diagnostics, Level.WARNING);
    surroundings.tell(
        "graft: %s and %s in %s"
            .formatted(
                counted(errors, "error"),
                counted(warnings, "warning"),
                counted(Manifests.documents(workbench.manifests()).size(), "document")));
    boolean no = errors > 0 || (Options.has(given, STRICT) && warnings > 0);
    return no ? ExitCode.NO : ExitCode.OK;
  }

  private static long count(List<Diagnostic> diagnostics, Level level) {
    return diagnostics.stream().filter(one -> one.level() == level).count();
  }

  private static String counted(long count, String noun) {
    return count + " " + noun + (count == 1 ? "" : "s");
  }

  private static String text(List<Diagnostic> diagnostics, Style style) {
    StringBuilder text = new StringBuilder();
    for (Diagnostic one : diagnostics) {
      text.append(style.bold("%s:%d:%d:".formatted(one.file(), one.line(), one.column())))
          .append(' ')
          .append(level(one.level(), style))
          .append(": ")
          .append(one.message())
          .append(style.dim(" [" + one.rule() + "]"))
          .append('\n');
      if (!one.fix().isEmpty()) {
        text.append("    → ").append(one.fix()).append('\n');
      }
    }
    return text.toString();
  }

  private static String level(Level level, Style style) {
    String name = level.name().toLowerCase(Locale.ROOT);
    return switch (level) {
      case ERROR -> style.red(name);
      case WARNING -> style.yellow(name);
      case NOTE -> style.cyan(name);
    };
  }

  private static String json(List<Diagnostic> diagnostics) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Diagnostic one : diagnostics) {
      json.addObject()
          .put("file", one.file())
          .put("line", one.line())
          .put("column", one.column())
          .put("level", one.level().name().toLowerCase(Locale.ROOT))
          .put("rule", one.rule())
          .put("message", one.message())
          .put("fix", one.fix());
    }
    return Json.pretty(json);
  }
}
