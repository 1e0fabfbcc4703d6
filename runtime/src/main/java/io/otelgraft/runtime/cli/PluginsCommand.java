package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.plugin.RefusedPlugin;
import io.otelgraft.runtime.explanation.CatalogueJson;
import io.otelgraft.spi.Language;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft plugins}: the languages that there are, and the jars that are refused. */
final class PluginsCommand implements Command {

  private static final String NONE = "-";

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "plugins",
            "Lists the language plugins, and the jars that cannot be used with why.")
        .output(List.of("text", "json"), "How to print it")
        .plugins()
        .exitCode(ExitCode.NO, "some jars are refused")
        .examples("graft plugins", "graft plugins --plugins my-plugins -o json");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    Path folder = Options.plugins(given, surroundings);
    Catalogue catalogue = Plugins.load(folder);
    surroundings.print(
        format.equals("json")
            ? json(folder, catalogue)
            : text(folder, catalogue, Style.of(surroundings)));
    return catalogue.refused().isEmpty() ? ExitCode.OK : ExitCode.NO;
  }

  private static String text(Path folder, Catalogue catalogue, Style style) {
    StringBuilder text = new StringBuilder();
    Table table =
        new Table(style, "LANGUAGE", "TITLE", "VERSION", "SECTION", "JAR", "MODULE", "IMAGE");
    for (LoadedPlugin plugin : catalogue.languages()) {
      Language language = plugin.language();
      table.row(
          plugin.id(),
          language.title()
              + (language.enabledByDefault() ? "" : " (off by default)")
              + (language.isExperimental() ? " (experimental)" : ""),
          plugin.version().isEmpty() ? NONE : plugin.version(),
          language.section().map(section -> "spec." + section).orElse(NONE),
          plugin.name(),
          plugin.module(),
          CatalogueJson.image(language).orElse(language.hasAgent() ? "(none by default)" : NONE));
    }
    text.append(
        catalogue.languages().isEmpty() ? "no plugins in " + folder + "\n" : table.toString());
    if (!catalogue.refused().isEmpty()) {
      text.append('\n').append(style.bold("Refused:")).append('\n');
      for (RefusedPlugin refused : catalogue.refused()) {
        text.append("  ")
            .append(style.red(refused.name()))
            .append(": ")
            .append(refused.reason())
            .append('\n');
      }
    }
    return text.toString();
  }

  private static String json(Path folder, Catalogue catalogue) {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("folder", folder.toString());
    return Json.pretty(json.setAll(CatalogueJson.of(catalogue)));
  }
}
