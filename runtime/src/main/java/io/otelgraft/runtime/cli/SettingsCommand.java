package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.resource.Setting;
import io.otelgraft.runtime.settings.EffectiveSettings;
import io.otelgraft.runtime.settings.EffectiveSettings.Given;
import io.otelgraft.runtime.settings.SettingsReader;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParseResult;

/** {@code graft settings}: what can be set, what is set, and where. */
final class SettingsCommand implements Command {

  @Override
  public CommandSpec declare() {
    return Options.of(
            this,
            "settings",
            "Lists the settings: what each is for, its default, and what counts and from where.",
            "Settings come from a file, from the environment, and from --set; what comes later",
            "counts. The parts of a key between dots are levels of the file. In the environment,",
            "items of lists and NAME=VALUE entries of maps are separated by commas.")
        .output(List.of("text", "json"), "How to print it")
        .settings()
        .examples(
            "graft settings",
            "graft settings --settings graft.yaml --set compatibility=operator",
            "GRAFT_CLUSTER_NAME=west graft settings -o json");
  }

  @Override
  public int run(ParseResult given, Surroundings surroundings) {
    String format = Options.output(given);
    EffectiveSettings settings =
        SettingsReader.read(
            Options.settings(given), surroundings.environment(), Options.set(given));
    surroundings.print(
        format.equals("json") ? json(settings) : text(settings, Style.of(surroundings)));
    return ExitCode.OK;
  }

  private static String text(EffectiveSettings settings, Style style) {
    StringBuilder text = new StringBuilder();
    for (Setting<?> key : SettingsReader.keys()) {
      text.append(style.bold(key.name())).append(type(key, style)).append('\n');
      text.append("    ").append(key.description()).append('\n');
      text.append("    ")
          .append(style.dim(key.environmentVariable()))
          .append(key.defaultText().isEmpty() ? "" : style.dim(", default: " + key.defaultText()))
          .append('\n');
      for (Given one : given(settings, key)) {
        text.append("    ")
            .append(style.green(one.name() + " = " + one.text()))
            .append(" from ")
            .append(one.origin())
            .append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String type(Setting<?> key, Style style) {
    return style.dim(
        switch (key.type()) {
          case TEXT -> "=TEXT";
          case NUMBER -> "=NUMBER";
          case DURATION -> "=DURATION";
          case SIZE -> "=SIZE";
          case CHOICE, FLAG -> "=" + String.join("|", key.choices());
          case LIST -> "=ITEM,ITEM…";
          case MAP -> ".NAME=VALUE";
        });
  }

  private static List<Given> given(EffectiveSettings settings, Setting<?> key) {
    return settings.given().stream()
        .filter(one ->
            one.name().equals(key.name())
                || (key.type() == Setting.Type.MAP && one.name().startsWith(key.name() + ".")))
        .toList();
  }

  private static String json(EffectiveSettings settings) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Setting<?> key : SettingsReader.keys()) {
      ObjectNode entry = json.addObject();
      entry.put("key", key.name());
      entry.put("description", key.description());
      entry.put("type", key.type().name().toLowerCase(Locale.ROOT));
      if (!key.choices().isEmpty()) {
        key.choices().forEach(entry.putArray("choices")::add);
      }
      entry.put("default", key.defaultText());
      entry.put("environmentVariable", key.environmentVariable());
      ArrayNode set = entry.putArray("set");
      for (Given one : given(settings, key)) {
        set.addObject().put("name", one.name()).put("value", one.text()).put("from", one.origin());
      }
    }
    return Json.pretty(json);
  }
}
