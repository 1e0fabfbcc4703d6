package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks a tree against a structural schema as the API server does, and says what it finds in more
 * words. So what {@code graft crds} prints and what {@code graft lint} says cannot drift apart.
 *
 * <p>An unknown field is a warning: the API server accepts the resource and drops the field. What
 * is null counts as absent, as there.
 */
final class SchemaCheck {

  private static final String TEXT = "text";
  private static final Pattern BARE = Pattern.compile("true|false|-?\\d+(\\.\\d+)?");

  private final Findings findings;

  SchemaCheck(Findings findings) {
    this.findings = findings;
  }

  void check(JsonNode value, JsonNode schema, FieldPath at) {
    if (schema.path("x-kubernetes-int-or-string").asBoolean()) {
      quantity(value, schema, at);
      return;
    }
    switch (schema.path("type").asText()) {
      case "object" -> object(value, schema, at);
      case "array" -> array(value, schema, at);
      case "string" -> text(value, schema, at);
      case "boolean" -> require(value.isBoolean(), value, "true or false", at);
      case "integer" -> require(value.isIntegralNumber(), value, "a whole number", at);
      case "number" -> require(value.isNumber(), value, "a number", at);
      default -> {
        // A node without a type takes everything.
      }
    }
  }

  /** Says that a field is unknown, and which one was probably meant. */
  void unknown(FieldPath parent, String field, List<String> known) {
    FieldPath at = parent.field(field);
    findings.warning(
        at,
        "unknown field " + at + NearestName.hint(field, known),
        NearestName.of(field, known).isPresent()
            ? ""
            : "remove it; the known fields are " + String.join(", ", known));
  }

  private void object(JsonNode value, JsonNode schema, FieldPath at) {
    if (!require(value.isObject(), value, "a map", at)) {
      return;
    }
    size(value.size(), schema.path("maxProperties"), "entries", at);
    JsonNode properties = schema.path("properties");
    JsonNode others = schema.path("additionalProperties");
    boolean open = schema.path("x-kubernetes-preserve-unknown-fields").asBoolean();
    value
        .properties()
        .forEach(member -> {
          String name = member.getKey();
          if (member.getValue().isNull()) {
            return;
          }
          if (properties.has(name)) {
            check(member.getValue(), properties.get(name), at.field(name));
          } else if (others.isObject()) {
            check(member.getValue(), others, at.field(name));
          } else if (!open) {
            unknown(at, name, names(properties));
          }
        });
    for (JsonNode name : schema.path("required")) {
      if (!value.hasNonNull(name.asText())) {
        findings.error(at, at + " lacks " + name.asText(), "add it");
      }
    }
  }

  private void array(JsonNode value, JsonNode schema, FieldPath at) {
    if (require(value.isArray(), value, "a list", at)) {
      size(value.size(), schema.path("maxItems"), "items", at);
      for (int i = 0; i < value.size(); i++) {
        check(value.get(i), schema.path("items"), at.item(i));
      }
    }
  }

  private void text(JsonNode value, JsonNode schema, FieldPath at) {
    if (!require(value.isTextual(), value, TEXT, at)) {
      return;
    }
    String text = value.textValue();
    JsonNode choices = schema.path("enum");
    if (!choices.isEmpty()) {
      choice(text, strings(choices), at);
    }
    if (schema.path("minLength").asInt() > text.length()) {
      findings.error(at, at + " is empty", "give it a value, or remove what it belongs to");
      return;
    }
    size(text.codePointCount(0, text.length()), schema.path("maxLength"), "characters", at);
    if (schema.has("pattern")
        && !Pattern.compile(schema.get("pattern").asText()).matcher(text).find()) {
      findings.error(
          at,
          "%s \"%s\" does not match %s".formatted(at, text, schema.get("pattern").asText()),
          "");
    }
  }

  private void size(int found, JsonNode most, String what, FieldPath at) {
    if (most.isNumber() && found > most.asInt()) {
      findings.error(
          at,
          "%s has %d %s, and at most %d are allowed".formatted(at, found, what, most.asInt()),
          "shorten it");
    }
  }

  private void choice(String text, List<String> choices, FieldPath at) {
    if (!choices.contains(text)) {
      findings.error(
          at,
          "%s \"%s\" is not one of %s".formatted(at, text, String.join(", ", choices)),
          NearestName.of(text, choices)
              .map(nearest -> "write " + nearest)
              .orElse("write one of them"));
    }
  }

  private void quantity(JsonNode value, JsonNode schema, FieldPath at) {
    boolean fits =
        value.isIntegralNumber()
            || (value.isTextual()
                && Pattern.compile(schema.path("pattern").asText())
                    .matcher(value.textValue())
                    .find());
    if (!fits) {
      findings.error(
          at,
          at + " " + (value.isTextual() ? value : value.asText()) + " is not a Kubernetes quantity",
          Optional.of(value)
              .filter(JsonNode::isNumber)
              .flatMap(number -> Decimal.parse(number.asText()))
              .map(number -> "write it in quotes: \"" + number.toPlainString() + "\"")
              .orElse("write a number with a unit, such as 250m or 128Mi, or a whole number"));
    }
  }

  private boolean require(boolean fits, JsonNode value, String wanted, FieldPath at) {
    if (!fits) {
      findings.error(
          at,
          "%s is %s, but %s is wanted".formatted(at, describe(value), wanted),
          requote(value, wanted));
    }
    return fits;
  }

  /** How to mend what YAML took for another type than was meant. */
  private static String requote(JsonNode value, String wanted) {
    if (wanted.equals(TEXT)) {
      return value.isNumber()
          ? "write it in quotes: \"" + value.asText() + "\""
          : value.isBoolean() ? "write it in quotes" : "";
    }
    return value.isTextual() && BARE.matcher(value.textValue()).matches()
        ? "write it without quotes"
        : "";
  }

  private static String describe(JsonNode value) {
    return switch (value.getNodeType()) {
      case OBJECT -> "a map";
      case ARRAY -> "a list";
      case STRING -> "the text " + value;
      case NUMBER -> "the number " + value.asText();
      case BOOLEAN -> "the boolean " + value.asText();
      default -> "empty";
    };
  }

  private static List<String> names(JsonNode properties) {
    List<String> names = new ArrayList<>();
    properties.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private static List<String> strings(JsonNode list) {
    List<String> strings = new ArrayList<>(list.size());
    list.forEach(item -> strings.add(item.asText()));
    return strings;
  }
}
