package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Writes trees as YAML by indentation.
 *
 * @param step by how much a mapping within a mapping is indented
 * @param dash by how much a sequence within a mapping is indented; kubectl: not at all
 * @param newline how lines end
 */
record BlockWriter(int step, int dash, String newline) {

  static final BlockWriter KUBECTL = new BlockWriter(2, 0, "\n");

  /**
   * Returns the lines of an object or list that is not empty, the first without its indentation,
   * the last without its end.
   */
  String lines(JsonNode collection, int column) {
    StringBuilder out = new StringBuilder();
    lines(collection, column, 0, out);
    return out.toString();
  }

  /**
   * Returns the lines of an entry, of which the first starts in this column and is not indented
   * here.
   */
  String entry(String key, JsonNode value, int column) {
    StringBuilder out = new StringBuilder();
    entry(key, value, column, 0, out);
    return out.toString();
  }

  /**
   * Returns the lines of an item, of which the first starts in this column and is not indented
   * here.
   */
  String item(JsonNode value, int column) {
    StringBuilder out = new StringBuilder();
    item(value, column, 0, out);
    return out.toString();
  }

  /** Returns what stands behind the colon of a key in this column. */
  String afterColon(JsonNode value, int column) {
    StringBuilder out = new StringBuilder();
    afterColon(value, column, 0, out);
    return out.toString();
  }

  private void lines(JsonNode collection, int column, int depth, StringBuilder out) {
    if (depth == FlowWriter.MAX_DEPTH) {
      throw new IllegalArgumentException("nested more than " + FlowWriter.MAX_DEPTH + " deep");
    }
    String before = "";
    if (collection.isObject()) {
      for (Map.Entry<String, JsonNode> member : collection.properties()) {
        out.append(before);
        entry(member.getKey(), member.getValue(), column, depth, out);
        before = newline + " ".repeat(column);
      }
    } else {
      for (JsonNode item : collection) {
        out.append(before);
        item(item, column, depth, out);
        before = newline + " ".repeat(column);
      }
    }
  }

  private void entry(String key, JsonNode value, int column, int depth, StringBuilder out) {
    String text = YamlScalars.key(key, false);
    out.append(text);
    if (text.startsWith("? ")) {
      out.append(newline).append(" ".repeat(column));
    }
    out.append(':');
    afterColon(value, column, depth, out);
  }

  private void afterColon(JsonNode value, int column, int depth, StringBuilder out) {
    if (value.isContainerNode() && !value.isEmpty()) {
      int inner = column + (value.isObject() ? step : dash);
      out.append(newline).append(" ".repeat(inner));
      lines(value, inner, depth + 1, out);
    } else {
      out.append(' ');
      scalar(value, column, out);
    }
  }

  private void item(JsonNode value, int column, int depth, StringBuilder out) {
    out.append("- ");
    if (value.isContainerNode() && !value.isEmpty()) {
      lines(value, column + 2, depth + 1, out);
    } else {
      scalar(value, column, out);
    }
  }

  private void scalar(JsonNode value, int column, StringBuilder out) {
    if (value.isContainerNode()) {
      out.append(value.isObject() ? "{}" : "[]");
    } else if (value.isTextual() && isLiteral(value.textValue())) {
      literal(value.textValue(), column, out);
    } else {
      out.append(YamlScalars.inline(value, false));
    }
  }

  /**
   * Whether a text over several lines can stand as it is: not if it holds what must be escaped, or
   * ends in blank lines.
   */
  private static boolean isLiteral(String text) {
    int length = text.length();
    if (text.indexOf('\n') < 0
        || text.isBlank()
        || (text.charAt(length - 1) == '\n' && Source.isSpace(text.charAt(length - 2)))) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      char c = text.charAt(i);
      if (c != '\n' && c != '\t' && YamlScalars.needsEscape(c)) {
        return false;
      }
    }
    return Json.loneSurrogate(text) < 0;
  }

  private void literal(String text, int column, StringBuilder out) {
    out.append('|');
    // Readers take the indentation from the first line, which is no use if that starts with white
    // space itself.
    if (Source.isSpace(text.charAt(0))) {
      out.append(step);
    }
    String body = text;
    if (text.charAt(text.length() - 1) == '\n') {
      body = text.substring(0, text.length() - 1);
    } else {
      out.append('-');
    }
    for (String line : body.split("\n", -1)) {
      out.append(newline);
      if (!line.isEmpty()) {
        out.append(" ".repeat(column + step)).append(line);
      }
    }
  }
}
