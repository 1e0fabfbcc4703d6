package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.resource.Instrumentation.Action;
import io.otelgraft.core.resource.Instrumentation.Attribute;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Reads {@code resourceAttributes}, which the schema cannot describe: a map, or a list of key,
 * value and action.
 */
final class AttributesReader {

  private static final List<String> FIELDS = List.of("key", "value", "action");

  private final Findings findings;
  private final Map<String, Attribute> attributes = new LinkedHashMap<>();

  private AttributesReader(Findings findings) {
    this.findings = findings;
  }

  static List<Attribute> read(JsonNode node, FieldPath at, Findings findings) {
    AttributesReader reader = new AttributesReader(findings);
    if (node.isObject()) {
      node.properties()
          .forEach(member -> {
            FieldPath here = at.field(member.getKey());
            reader.add(member.getKey(), member.getValue(), Action.UPSERT, here, here);
          });
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        reader.item(node.get(i), at.item(i));
      }
    } else if (!node.isMissingNode() && !node.isNull()) {
      findings.error(
          at, at + " is neither a map nor a list", "write a map of texts, such as team: checkout");
    }
    return new ArrayList<>(reader.attributes.values());
  }

  private void item(JsonNode item, FieldPath at) {
    if (!item.isObject() || !item.path("key").isTextual()) {
      findings.error(at, at + " has no key", "write key and value, and perhaps action");
      return;
    }
    item.fieldNames()
        .forEachRemaining(field -> {
          if (!FIELDS.contains(field)) {
            new SchemaCheck(findings).unknown(at, field, FIELDS);
          }
        });
    action(item.path("action"), at.field("action"))
        .ifPresent(action ->
            add(item.get("key").textValue(), item.path("value"), action, at, at.field("value")));
  }

  private Optional<Action> action(JsonNode node, FieldPath at) {
    if (node.isMissingNode() || node.isNull()) {
      return Optional.of(Action.UPSERT);
    }
    String text = node.asText();
    List<String> known = InstrumentationSchema.actions();
    if (!known.contains(text)) {
      findings.error(
          at,
          "%s \"%s\" is not one of %s".formatted(at, text, String.join(", ", known)),
          NearestName.of(text, known)
              .map(nearest -> "write " + nearest)
              .orElse("write one of them"));
      return Optional.empty();
    }
    return Optional.of(Action.valueOf(text.toUpperCase(Locale.ROOT)));
  }

  private void add(String key, JsonNode value, Action action, FieldPath at, FieldPath valueAt) {
    if (key.isEmpty() || !key.chars().allMatch(c -> c > ' ' && c < 0x7f && c != '=' && c != ',')) {
      findings.error(
          at,
          "%s \"%s\" is not the key of a resource attribute".formatted(at, key),
          "write printable ASCII characters without space, comma and =");
      return;
    }
    if (action == Action.DELETE) {
      put(new Attribute(key, "", action), at);
    } else if (value.isTextual()) {
      VariableCheck.check(value.textValue(), valueAt, findings);
      put(new Attribute(key, value.textValue(), action), at);
    } else if (value.isMissingNode() || value.isNull()) {
      findings.error(at, at + " has no value", "give it one, or remove it");
    } else if (value.isValueNode()) {
      findings.error(
          valueAt,
          "%s is %s, but text is wanted".formatted(valueAt, value.asText()),
          "write it in quotes: \"" + value.asText() + "\"");
    } else {
      findings.error(valueAt, valueAt + " is no text", "write one text for each attribute");
    }
  }

  private void put(Attribute attribute, FieldPath at) {
    if (attributes.putIfAbsent(attribute.key(), attribute) != null) {
      findings.error(
          at,
          "%s sets %s, which is set before".formatted(at, attribute.key()),
          "keep one of the two");
    }
  }
}
