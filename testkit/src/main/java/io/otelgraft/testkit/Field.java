package io.otelgraft.testkit;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * A value and its place in the object, with a list that takes what is found wrong there.
 *
 * <p>It reads as the API server's decoder does: null and absent are the same, and the accessors of
 * an absent value give Go's zero values (empty text, 0, false, no items). The place is put into
 * words only when there is a problem.
 */
final class Field {
  private static final int NO_INDEX = -1;

  private final Field parent;
  private final String name;
  private final boolean key;
  private final int index;
  private final JsonNode value;
  private final List<Problem> problems;

  private Field(
      Field parent, String name, boolean key, int index, JsonNode value, List<Problem> problems) {
    this.parent = parent;
    this.name = name;
    this.key = key;
    this.index = index;
    this.value = value == null || value.isNull() ? MissingNode.getInstance() : value;
    this.problems = problems;
  }

  static Field root(JsonNode object, List<Problem> problems) {
    return new Field(null, "", false, NO_INDEX, object, problems);
  }

  // --- reading

  Field child(String field) {
    return new Field(this, field, false, NO_INDEX, value.get(field), problems);
  }

  /** The items of a list. */
  List<Field> items() {
    List<Field> items = new ArrayList<>(value.size());
    for (int i = 0; i < value.size(); i++) {
      items.add(new Field(this, "", false, i, value.get(i), problems));
    }
    return items;
  }

  List<Field> items(String field) {
    return child(field).items();
  }

  /** The values of a map, each of which knows its {@link #key()}. */
  List<Field> entries() {
    List<Field> entries = new ArrayList<>(value.size());
    for (Map.Entry<String, JsonNode> entry : value.properties()) {
      entries.add(new Field(this, entry.getKey(), true, NO_INDEX, entry.getValue(), problems));
    }
    return entries;
  }

  Field entry(String name) {
    return new Field(this, name, true, NO_INDEX, value.get(name), problems);
  }

  String key() {
    return name;
  }

  JsonNode value() {
    return value;
  }

  boolean isSet() {
    return !value.isMissingNode();
  }

  boolean has(String field) {
    return value.hasNonNull(field);
  }

  /** True for what is absent, and for an empty text, list or map. */
  boolean isEmpty() {
    return value.isTextual()
        ? value.textValue().isEmpty()
        : value.isEmpty() && !value.isNumber() && !value.isBoolean();
  }

  int size() {
    return value.size();
  }

  String text() {
    return value.isTextual() ? value.textValue() : "";
  }

  String text(String field) {
    JsonNode child = value.get(field);
    return child != null && child.isTextual() ? child.textValue() : "";
  }

  /** Text that the API server defaults when it is absent or empty. */
  String text(String field, String otherwise) {
    String text = text(field);
    return text.isEmpty() ? otherwise : text;
  }

  long number() {
    return value.longValue();
  }

  long number(String field) {
    JsonNode child = value.get(field);
    return child == null ? 0 : child.longValue();
  }

  boolean flag(String field) {
    JsonNode child = value.get(field);
    return child != null && child.booleanValue();
  }

  /** True only for a flag that is there and false. */
  boolean denied(String field) {
    JsonNode child = value.get(field);
    return child != null && child.isBoolean() && !child.booleanValue();
  }

  /** How many problems were found so far in the whole object. */
  int problemCount() {
    return problems.size();
  }

  // --- reporting, in the order of k8s.io/apimachinery/pkg/util/validation/field/errors.go

  void required(String detail) {
    report(Problem.Kind.REQUIRED, "", detail);
  }

  void requireText(String field) {
    if (text(field).isEmpty()) {
      child(field).required("");
    }
  }

  void invalid(String detail) {
    report(Problem.Kind.INVALID, scalar(), detail);
  }

  void invalid(String shown, String detail) {
    report(Problem.Kind.INVALID, quote(shown), detail);
  }

  void invalid(List<String> details) {
    for (String detail : details) {
      invalid(detail);
    }
  }

  void invalid(String shown, List<String> details) {
    for (String detail : details) {
      invalid(shown, detail);
    }
  }

  /** Refuses a text that is not among the supported ones. */
  void requireOneOf(Collection<String> supported) {
    requireOneOf(text(), supported);
  }

  /** The same for a text that has been defaulted. */
  void requireOneOf(String text, Collection<String> supported) {
    if (!supported.contains(text)) {
      report(
          Problem.Kind.UNSUPPORTED,
          quote(text),
          "supported values: \"" + String.join("\", \"", supported) + '"');
    }
  }

  void notFound(String detail) {
    report(Problem.Kind.NOT_FOUND, quote(text()), detail);
  }

  void duplicate(String shown) {
    report(Problem.Kind.DUPLICATE, quote(shown), "");
  }

  void forbidden(String detail) {
    report(Problem.Kind.FORBIDDEN, "", detail);
  }

  void forbidIfSet(String field, String detail) {
    if (has(field)) {
      child(field).forbidden(detail);
    }
  }

  void tooLong(int limit) {
    report(Problem.Kind.TOO_LONG, "", "may not be more than " + limit + " bytes");
  }

  void tooMany(int limit) {
    report(
        Problem.Kind.TOO_MANY, Integer.toString(size()), "must have at most " + limit + " items");
  }

  void unknown() {
    report(Problem.Kind.UNKNOWN_FIELD, "", "");
  }

  void wrongType(String expected) {
    report(Problem.Kind.WRONG_TYPE, scalar(), "must be " + expected);
  }

  private void report(Problem.Kind kind, String shown, String detail) {
    StringBuilder path = new StringBuilder();
    StringBuilder pointer = new StringBuilder();
    place(path, pointer);
    problems.add(new Problem(path.toString(), pointer.toString(), kind, shown, detail));
  }

  private void place(StringBuilder path, StringBuilder pointer) {
    if (parent == null) {
      return;
    }
    parent.place(path, pointer);
    if (index != NO_INDEX) {
      path.append('[').append(index).append(']');
      pointer.append('/').append(index);
      return;
    }
    if (key) {
      path.append('[').append(name).append(']');
    } else {
      path.append(path.isEmpty() ? "" : ".").append(name);
    }
    pointer.append('/').append(name.replace("~", "~0").replace("/", "~1"));
  }

  private String scalar() {
    if (value.isTextual()) {
      return quote(value.textValue());
    }
    return value.isValueNode() && !value.isMissingNode() ? value.asText() : "";
  }

  /** A text in quotes, with what would not be seen in it escaped. */
  static String quote(String text) {
    return '"' + String.valueOf(JsonStringEncoder.getInstance().quoteAsString(text)) + '"';
  }
}
