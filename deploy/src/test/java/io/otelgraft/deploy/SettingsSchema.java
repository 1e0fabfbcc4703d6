package io.otelgraft.deploy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;

/** The JSON Schema of a settings file, made from what {@code graft settings -o json} lists. */
final class SettingsSchema {

  private SettingsSchema() {}

  /** All settings there are, as {@code graft settings} tells them. */
  static Iterable<JsonNode> listed() {
    String list = Graft.run("settings", "-o", "json", "--settings", "/dev/null");
    return Json.read(("{\"all\":" + list + "}").getBytes(StandardCharsets.UTF_8)).path("all");
  }

  /** The schema: a level of a file for each part of a name. */
  static ObjectNode schema() {
    ObjectNode schema = level(JsonNodeFactory.instance.objectNode());
    schema.put("description", "Graft's settings: docs/reference/settings.md.");
    for (JsonNode setting : listed()) {
      Iterator<String> parts = List.of(setting.path("key").asText().split("\\.", -1)).iterator();
      ObjectNode at = schema;
      String name = parts.next();
      while (parts.hasNext()) {
        ObjectNode properties = (ObjectNode) at.get("properties");
        at =
            properties.has(name)
                ? (ObjectNode) properties.get(name)
                : level(properties.putObject(name));
        name = parts.next();
      }
      ((ObjectNode) at.get("properties")).set(name, value(setting));
    }
    return schema;
  }

  private static ObjectNode level(ObjectNode level) {
    level.put("type", "object");
    level.put("additionalProperties", false);
    level.putObject("properties");
    return level;
  }

  private static ObjectNode value(JsonNode setting) {
    ObjectNode value = JsonNodeFactory.instance.objectNode();
    String standard = setting.path("default").asText();
    value.put(
        "description",
        setting.path("description").asText()
            + (standard.isEmpty() ? "." : ". Default: " + standard + "."));
    switch (setting.path("type").asText()) {
      case "text" -> value.put("type", "string");
      case "choice" -> setting.path("choices").forEach(value.putArray("enum")::add);
      case "flag" -> value.put("type", "boolean");
      case "number" -> value.put("type", "integer");
      case "duration" -> value.put("type", "string").put("pattern", "^[1-9][0-9]{0,8}(ms|s|m|h)$");
      case "size" -> value.putArray("type").add("string").add("integer");
      case "list" -> value.put("type", "array").putObject("items").put("type", "string");
      case "map" ->
          value.put("type", "object").putObject("additionalProperties").put("type", "string");
      default -> throw new AssertionError("a setting of a type that is new: " + setting);
    }
    return value;
  }
}
