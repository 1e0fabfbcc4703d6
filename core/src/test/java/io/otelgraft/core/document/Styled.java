package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;

/**
 * A tree written as people write YAML, no two alike: with comments, blank lines, all kinds of
 * quotes, block scalars, brackets, and indentation of their own. It shares nothing with the writers
 * under test.
 */
final class Styled {

  private final Random random;
  private final String newline;
  private final int step;
  private final int dash;
  private final boolean comments;
  private final boolean aliases;
  private final StringBuilder out = new StringBuilder();

  private int anchors;

  /** What has an anchor and is complete, by the anchor's name. */
  private final Map<String, JsonNode> anchored = new LinkedHashMap<>();

  /** Where a block scalar ended last that keeps the empty lines behind it. */
  private int kept = -1;

  private final Set<JsonNode> block = Collections.newSetFromMap(new IdentityHashMap<>());

  private Styled(Random random, boolean aliases) {
    this.random = random;
    this.aliases = aliases;
    this.newline = random.nextInt(4) == 0 ? "\r\n" : "\n";
    this.step = 2 + random.nextInt(3);
    this.dash = random.nextBoolean() ? 0 : random.nextInt(step) + 1;
    this.comments = random.nextBoolean();
  }

  /** Writes a tree as YAML, with anchors, aliases and merges where it repeats itself. */
  static Styled yaml(ObjectNode tree, Random random) {
    Styled styled = new Styled(random, true);
    styled.document(tree);
    return styled;
  }

  /** Writes a tree as YAML without aliases, in which each value has a text of its own. */
  static Styled plainYaml(ObjectNode tree, Random random) {
    Styled styled = new Styled(random, false);
    styled.document(tree);
    return styled;
  }

  /** Writes a tree as JSON, on one line or many. */
  static Styled json(ObjectNode tree, Random random) {
    Styled styled = new Styled(random, false);
    styled.out.append(styled.one("", "\n", "---\n", "\uFEFF"));
    styled.json(tree, styled.newline, styled.one("", "  ", "    ", "\t"), styled.one("", " "));
    styled.out.append(styled.one("", styled.newline));
    return styled;
  }

  private void json(JsonNode value, String line, String step, String blank) {
    if (!value.isContainerNode()) {
      out.append(value.isTextual() ? doubleQuoted(value.textValue()) : value.asText());
      return;
    }
    String inner = step.isEmpty() || random.nextInt(8) == 0 ? "" : line + step;
    String separator = "";
    out.append(value.isObject() ? '{' : '[');
    for (Map.Entry<String, JsonNode> member : value.properties()) {
      out.append(separator)
          .append(inner)
          .append(doubleQuoted(member.getKey()))
          .append(':')
          .append(blank);
      json(member.getValue(), inner.isEmpty() ? line : inner, step, blank);
      separator = inner.isEmpty() ? "," + blank : ",";
    }
    if (value.isArray()) {
      for (JsonNode item : value) {
        out.append(separator).append(inner);
        json(item, inner.isEmpty() ? line : inner, step, blank);
        separator = inner.isEmpty() ? "," + blank : ",";
      }
    }
    out.append(inner.isEmpty() || value.isEmpty() ? "" : line).append(value.isObject() ? '}' : ']');
  }

  String text() {
    return out.toString();
  }

  /** Whether a collection of the tree is written by indentation. */
  boolean isBlock(JsonNode collection) {
    return block.contains(collection);
  }

  private void document(ObjectNode tree) {
    if (random.nextInt(8) == 0) {
      out.append('\uFEFF');
    }
    noise(0);
    if (random.nextInt(3) == 0) {
      out.append("---").append(random.nextBoolean() ? " # A document." : "").append(newline);
    }
    if (tree.isEmpty()) {
      out.append("{}").append(newline);
    } else {
      block(tree, 0);
    }
    noise(0);
    if (random.nextInt(6) == 0 && out.indexOf("|") < 0) {
      out.setLength(out.length() - newline.length());
    }
  }

  /** Sometimes a comment or an empty line. */
  private void noise(int column) {
    if (comments && random.nextInt(3) == 0) {
      out.append(" ".repeat(column)).append("# Note ").append(random.nextInt(1000)).append(newline);
    }
    if (comments && random.nextInt(6) == 0 && out.length() != kept) {
      out.append(newline);
    }
  }

  private void endOfLine() {
    if (comments && random.nextInt(5) == 0) {
      out.append("  # aside: \"").append(random.nextInt(1000)).append("\" - {");
    }
    out.append(newline);
  }

  /** Writes a collection that is not empty. */
  private void block(JsonNode collection, int column) {
    block.add(collection);
    boolean first = true;
    if (collection.isObject()) {
      Map.Entry<String, JsonNode> base = base(collection);
      if (base != null) {
        indent(true, column);
        out.append("<<: *").append(base.getKey());
        endOfLine();
        first = false;
      }
      for (Map.Entry<String, JsonNode> member : collection.properties()) {
        if (base == null || !member.getValue().equals(base.getValue().get(member.getKey()))) {
          indent(first, column);
          first = false;
          entry(member.getKey(), member.getValue(), column);
        }
      }
    } else {
      for (JsonNode item : collection) {
        indent(first, column);
        first = false;
        item(item, column);
      }
    }
  }

  /** Returns an anchored object that this one can merge: it has all its keys. */
  private Map.Entry<String, JsonNode> base(JsonNode object) {
    for (Map.Entry<String, JsonNode> candidate : anchored.entrySet()) {
      JsonNode base = candidate.getValue();
      if (aliases
          && base.isObject()
          && !base.isEmpty()
          && base.properties().stream().allMatch(member -> object.has(member.getKey()))
          && random.nextBoolean()) {
        return candidate;
      }
    }
    return null;
  }

  /** Writes an alias if there is one for a value, most often, and returns whether it did. */
  private boolean alias(JsonNode value) {
    for (Map.Entry<String, JsonNode> candidate : anchored.entrySet()) {
      if (aliases && candidate.getValue().equals(value) && random.nextBoolean()) {
        out.append(" *").append(candidate.getKey());
        endOfLine();
        return true;
      }
    }
    return false;
  }

  private String anchor() {
    return random.nextInt(6) == 0 ? "a" + ++anchors : "";
  }

  private void remember(String anchor, JsonNode value) {
    if (!anchor.isEmpty()) {
      anchored.put(anchor, value);
    }
  }

  private void indent(boolean first, int column) {
    boolean atStart = out.isEmpty() || "\n\uFEFF".indexOf(out.charAt(out.length() - 1)) >= 0;
    if (!first) {
      noise(column);
    }
    if (!first || atStart) {
      out.append(" ".repeat(column));
    }
  }

  private void entry(String key, JsonNode value, int column) {
    out.append(key(key));
    if (isLong(key)) {
      endOfLine();
      out.append(" ".repeat(column));
    }
    out.append(':');
    if (alias(value)) {
      return;
    }
    String anchor = anchor();
    out.append(anchor.isEmpty() ? "" : " &" + anchor);
    if (value.isContainerNode() && !value.isEmpty() && random.nextInt(5) > 0) {
      endOfLine();
      int inner = column + (value.isObject() ? step : dash);
      noise(inner);
      block(value, inner);
    } else if (value.isNull() && random.nextBoolean()) {
      endOfLine();
    } else {
      out.append(" ".repeat(1 + random.nextInt(2)));
      value(value, column);
    }
    remember(anchor, value);
  }

  private void item(JsonNode value, int column) {
    out.append('-');
    if (alias(value)) {
      return;
    }
    String anchor = anchor();
    out.append(anchor.isEmpty() ? "" : " &" + anchor);
    if (value.isContainerNode() && !value.isEmpty() && random.nextInt(5) > 0) {
      if (!anchor.isEmpty() || random.nextInt(6) == 0) {
        endOfLine();
        block(value, column + step);
      } else {
        int blanks = 1 + random.nextInt(3);
        out.append(" ".repeat(blanks));
        block(value, column + 1 + blanks);
      }
    } else {
      out.append(' ');
      value(value, column);
    }
    remember(anchor, value);
  }

  /** Writes what stands behind a colon or dash up to the end of the line or lines. */
  private void value(JsonNode value, int column) {
    if (value.isTextual() && isLiteral(value.textValue()) && random.nextInt(4) > 0) {
      literal(value.textValue(), column);
    } else {
      flow(value);
      endOfLine();
    }
  }

  private static boolean isLiteral(String text) {
    return text.contains("\n")
        && !text.isBlank()
        && text.chars().allMatch(c -> c == '\n' || (c >= ' ' && c < 0x7f));
  }

  private void literal(String text, int column) {
    String body = text.stripTrailing();
    int breaks = 0;
    while (text.endsWith("\n".repeat(breaks + 1))) {
      breaks++;
    }
    if (!text.equals(body + "\n".repeat(breaks))) {
      flow(TextNode.valueOf(text));
      endOfLine();
      return;
    }
    out.append('|');
    if (Character.isWhitespace(text.charAt(0))) {
      out.append(step);
    }
    out.append(breaks == 0 ? "-" : breaks == 1 ? "" : "+");
    endOfLine();
    List<String> lines = new ArrayList<>(List.of(body.split("\n", -1)));
    lines.addAll(Collections.nCopies(Math.max(0, breaks - 1), ""));
    for (String line : lines) {
      out.append(line.isEmpty() ? "" : " ".repeat(column + step) + line).append(newline);
    }
    kept = breaks > 1 ? out.length() : -1;
  }

  private void flow(JsonNode value) {
    if (value.isContainerNode()) {
      boolean object = value.isObject();
      String blank = random.nextBoolean() ? " " : "";
      out.append(object ? "{" : "[").append(blank);
      boolean first = true;
      for (Map.Entry<String, JsonNode> member : value.properties()) {
        out.append(first ? "" : comma())
            .append(key(member.getKey()))
            .append(isLong(member.getKey()) ? " : " : ": ");
        flow(member.getValue());
        first = false;
      }
      if (!object) {
        for (JsonNode item : value) {
          out.append(first ? "" : comma());
          flow(item);
          first = false;
        }
      }
      out.append(blank).append(object ? "}" : "]");
    } else if (value.isTextual()) {
      out.append(inline(value.textValue()));
    } else if (value.isNull()) {
      out.append(random.nextBoolean() ? "null" : "~");
    } else if (value.isBoolean()) {
      out.append(value.booleanValue() ? one("true", "yes", "On") : one("false", "No", "off"));
    } else if (value.isInt() && value.intValue() >= 0) {
      int number = value.intValue();
      out.append(
          one(
              Integer.toString(number),
              "0x" + Integer.toHexString(number),
              "0" + Integer.toOctalString(number)));
    } else {
      out.append(value.asText());
    }
  }

  private String comma() {
    if (random.nextInt(5) > 0) {
      return ", ";
    }
    return "," + (random.nextBoolean() ? " # Here, too." : "") + newline + " ".repeat(30);
  }

  private String one(String... choices) {
    return choices[random.nextInt(choices.length)];
  }

  /** YAML finds a key of more than 1024 characters only behind a question mark. */
  private static boolean isLong(String key) {
    return key.length() > 150;
  }

  private String key(String key) {
    return (isLong(key) ? "? " : "") + inline(key);
  }

  private String inline(String text) {
    boolean word =
        text.matches("[a-z]{2,}[a-z/.]*") && !text.matches("on|off|no|yes|true|false|null");
    if (word && random.nextInt(3) > 0) {
      return text;
    }
    if (text.chars().allMatch(c -> c >= ' ' && c < 0x7f) && random.nextBoolean()) {
      return "'" + text.replace("'", "''") + "'";
    }
    return doubleQuoted(text);
  }

  private static String doubleQuoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        quoted.append('\\').append(c);
      } else if (c >= ' ' && c < 0x7f) {
        quoted.append(c);
      } else {
        quoted.append(String.format("\\u%04x", (int) c));
      }
    }
    return quoted.append('"').toString();
  }
}
