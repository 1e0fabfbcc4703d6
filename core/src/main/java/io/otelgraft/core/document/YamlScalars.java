package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;

/** Writes scalars so that readers of YAML 1.1 and YAML 1.2 agree on them. */
final class YamlScalars {

  /** YAML lets a key be found without a {@code ?} within its first 1024 characters only. */
  private static final int MAX_SIMPLE_KEY = 1000;

  private YamlScalars() {}

  /**
   * Returns a scalar on one line.
   *
   * @param flow whether it stands within brackets
   * @throws IllegalArgumentException for what JSON does not have either
   */
  static String inline(JsonNode scalar, boolean flow) {
    return switch (scalar.getNodeType()) {
      case STRING -> string(scalar.textValue(), flow);
      case NUMBER -> Numbers.text(scalar);
      case BOOLEAN, NULL -> scalar.asText();
      case BINARY -> string(scalar.asText(), flow);
      default -> throw new IllegalArgumentException("YAML has nothing for " + scalar.getNodeType());
    };
  }

  /** Returns a key, with what makes it a key if it is a long one: {@code ? "…" }. */
  static String key(String key, boolean flow) {
    String text = string(key, flow);
    return text.length() > MAX_SIMPLE_KEY ? "? " + text : text;
  }

  static String string(String text, boolean flow) {
    if (text.isEmpty() || isAmbiguous(text)) {
      return quoted(text);
    }
    requireWellFormed(text);
    boolean plain = !startsLikeSyntax(text, flow) && text.charAt(text.length() - 1) != ' ';
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (needsEscape(c)) {
        return quoted(text);
      }
      plain &=
          switch (c) {
            case ':' -> !flow && i + 1 < text.length() && text.charAt(i + 1) != ' ';
            case '#' -> i > 0 && text.charAt(i - 1) != ' ';
            case ',', '[', ']', '{', '}' -> !flow;
            default -> true;
          };
    }
    return plain ? text : "'" + text.replace("'", "''") + "'";
  }

  /** Whether an unquoted text starts with what means something to YAML. */
  private static boolean startsLikeSyntax(String text, boolean flow) {
    char first = text.charAt(0);
    if (first == '-') {
      // A dash and a word is one plain scalar; a dash alone, or three of them, are not.
      return flow || text.length() == 1 || text.charAt(1) == ' ' || text.startsWith("---");
    }
    return " ?:,[]{}#&*!|>'\"%@`=~".indexOf(first) >= 0 || text.startsWith("...");
  }

  /** Whether some reader takes an unquoted text for something else than a string. */
  private static boolean isAmbiguous(String text) {
    char first = text.charAt(0);
    if (text.equals("<<") || text.equals("=")) {
      return true;
    }
    if ((first >= '0' && first <= '9') || first == '+' || first == '-') {
      // Base-60 numbers and dates, which YAML 1.1 has and kubectl has not.
      boolean sexagesimal = text.indexOf(':') > 0;
      boolean date = text.length() > 4 && text.charAt(4) == '-';
      for (int i = 1; i < text.length() && (sexagesimal || date); i++) {
        char c = text.charAt(i);
        boolean digit = c >= '0' && c <= '9';
        sexagesimal &= digit || c == ':' || c == '_' || c == '.';
        date &= digit || i >= 4;
      }
      if (sexagesimal || date) {
        return true;
      }
    }
    try {
      return !PlainScalar.resolve(text).isTextual();
    } catch (NumberFormatException tooLarge) {
      return true;
    }
  }

  /**
   * Whether a character can only be written escaped: controls, line breaks of any kind, marks that
   * are not seen.
   */
  static boolean needsEscape(char c) {
    return c < ' '
        || (c >= 0x7f && c <= 0xa0)
        || c == 0x2028
        || c == 0x2029
        || c == 0xfeff
        || c >= 0xfffe;
  }

  /**
   * Returns a text in double quotes, in the one way that JSON and all versions of YAML read alike.
   *
   * @throws IllegalArgumentException if it has half a surrogate pair
   */
  static String quoted(String text) {
    requireWellFormed(text);
    StringBuilder out = new StringBuilder(text.length() + 2).append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        default -> {
          if (needsEscape(c)) {
            out.append("\\u%04x".formatted((int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.append('"').toString();
  }

  private static void requireWellFormed(String text) {
    int lone = Json.loneSurrogate(text);
    if (lone >= 0) {
      throw new IllegalArgumentException(Json.loneSurrogateProblem(text, lone));
    }
  }
}
