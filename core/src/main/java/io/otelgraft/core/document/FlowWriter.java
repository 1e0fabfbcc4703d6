package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * Writes trees in brackets: as JSON, or as YAML within a flow collection.
 *
 * @param json whether all strings are quoted; else those only that need it
 * @param step what a level is indented by; empty to keep all on one line
 * @param newline how lines end
 * @param comma what stands between two values on one line
 * @param colon what stands between key and value
 */
record FlowWriter(boolean json, String step, String newline, String comma, String colon) {

  /** As many levels as Jackson writes. */
  static final int MAX_DEPTH = 1000;

  /** Returns a value, whose further lines start with this indentation. */
  String value(JsonNode value, String indent) {
    StringBuilder out = new StringBuilder();
    value(value, indent, 0, out);
    return out.toString();
  }

  /** Returns what stands between two values whose lines, if each has its own, start with this. */
  String separator(String indent) {
    return step.isEmpty() ? comma : "," + newline + indent;
  }

  /** Returns an entry of an object, whose further lines start with this indentation. */
  String entry(String key, JsonNode value, String indent) {
    StringBuilder out = new StringBuilder();
    entry(key, value, indent, 0, out);
    return out.toString();
  }

  private void entry(String key, JsonNode value, String indent, int depth, StringBuilder out) {
    out.append(json ? YamlScalars.quoted(key) : YamlScalars.key(key, true)).append(colon);
    value(value, indent, depth, out);
  }

  private void value(JsonNode value, String indent, int depth, StringBuilder out) {
    if (!value.isContainerNode()) {
      boolean quote = json && (value.isTextual() || value.isBinary());
      out.append(quote ? YamlScalars.quoted(value.asText()) : YamlScalars.inline(value, true));
      return;
    }
    if (depth == MAX_DEPTH) {
      throw new IllegalArgumentException("nested more than " + MAX_DEPTH + " deep");
    }
    boolean object = value.isObject();
    out.append(object ? '{' : '[');
    String separator = separator(indent + step);
    String before = step.isEmpty() ? "" : separator.substring(1);
    if (object) {
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        out.append(before);
        entry(member.getKey(), member.getValue(), indent + step, depth + 1, out);
        before = separator;
      }
    } else {
      for (JsonNode item : value) {
        out.append(before);
        value(item, indent + step, depth + 1, out);
        before = separator;
      }
    }
    if (!step.isEmpty() && !value.isEmpty()) {
      out.append(newline).append(indent);
    }
    out.append(object ? '}' : ']');
  }
}
