package io.otelgraft.testkit;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The formats of names in the Kubernetes API. Each method gives what is wrong with a text, in the
 * words of {@code k8s.io/apimachinery/pkg/util/validation} and {@code pkg/api/validate/content};
 * nothing for a good one.
 *
 * <p>Scanned by hand: the same expressions overflow the stack of java.util.regex on long input.
 */
final class Formats {
  private static final BitSet LOWER = chars("abcdefghijklmnopqrstuvwxyz0123456789");
  private static final BitSet LOWER_DASH = with(LOWER, "-");
  private static final BitSet LOWER_DASH_UNDERSCORE = with(LOWER, "-_");
  private static final BitSet ALPHANUMERIC = with(LOWER, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
  private static final BitSet KEY = with(ALPHANUMERIC, "-_.");
  private static final BitSet HEADER = with(ALPHANUMERIC, "-");
  private static final BitSet LETTERS = chars("abcdefghijklmnopqrstuvwxyz");

  private static final String LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
  private static final String UNDERSCORE_LABEL = "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?";
  private static final String SUBDOMAIN = LABEL + "(\\." + LABEL + ")*";
  private static final String UNDERSCORE_SUBDOMAIN =
      UNDERSCORE_LABEL + "(\\." + UNDERSCORE_LABEL + ")*";
  private static final String KEY_NAME = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";

  private static final String KEY_RULE =
      expression(
          "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric"
              + " character",
          KEY_NAME,
          "MyName",
          "my.name",
          "123-abc");

  private Formats() {}

  /** {@code IsDNS1123Label}: containers, volumes, namespaces. */
  static List<String> dnsLabel(String text) {
    List<String> wrong = limited(text, 63, "characters");
    if (!isLabel(text)) {
      wrong =
          and(
              wrong,
              isSubdomain(text)
                  ? "must not contain dots"
                  : expression(
                      "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must"
                          + " start and end with an alphanumeric character",
                      LABEL,
                      "my-name",
                      "123-abc"));
    }
    return wrong;
  }

  /** {@code IsDNS1123Subdomain}: pods and most other objects. */
  static List<String> dnsSubdomain(String text) {
    return dnsSubdomain(text, "characters");
  }

  private static List<String> dnsSubdomain(String text, String unit) {
    List<String> wrong = limited(text, 253, unit);
    if (!isSubdomain(text)) {
      wrong =
          and(
              wrong,
              expression(
                  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and"
                      + " must start and end with an alphanumeric character",
                  SUBDOMAIN,
                  "example.com"));
    }
    return wrong;
  }

  /** {@code NameIsDNSSubdomain} of a prefix to which characters are appended. */
  static List<String> dnsSubdomainPrefix(String text) {
    // maskTrailingDash: only the last character may be one that could not end a name.
    return dnsSubdomain(
        text.length() > 1 && text.endsWith("-")
            ? text.substring(0, text.length() - 2) + "a"
            : text);
  }

  /** {@code IsDNS1123SubdomainWithUnderscore}: DNS search paths. */
  static List<String> dnsSubdomainWithUnderscore(String text) {
    List<String> wrong = limited(text, 253, "characters");
    for (String label : text.split("\\.", -1)) {
      if (!shaped(
          label.startsWith("_") ? label.substring(1) : label, LOWER, LOWER_DASH_UNDERSCORE)) {
        return and(
            wrong,
            expression(
                "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.',"
                    + " and must start and end with an alphanumeric character",
                UNDERSCORE_SUBDOMAIN,
                "example.com"));
      }
    }
    return wrong;
  }

  /**
   * {@code IsLabelKey}, also called a qualified name: keys of labels and annotations, conditions,
   * resources.
   */
  static List<String> labelKey(String text) {
    int slash = text.indexOf('/');
    if (slash != text.lastIndexOf('/')) {
      return List.of(
          "a valid label key "
              + KEY_RULE
              + " with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')");
    }
    List<String> wrong = List.of();
    if (slash == 0) {
      wrong = List.of("prefix part must be non-empty");
    } else if (slash > 0) {
      for (String detail : dnsSubdomain(text.substring(0, slash), "bytes")) {
        wrong = and(wrong, "prefix part " + detail);
      }
    }
    String name = text.substring(slash + 1);
    if (name.isEmpty()) {
      wrong = and(wrong, "name part must be non-empty");
    } else if (bytes(name) > 63) {
      wrong = and(wrong, "name part must be no more than 63 bytes");
    }
    return shaped(name, ALPHANUMERIC, KEY) ? wrong : and(wrong, "name part " + KEY_RULE);
  }

  /** {@code IsLabelValue}. */
  static List<String> labelValue(String text) {
    List<String> wrong = limited(text, 63, "bytes");
    return text.isEmpty() || shaped(text, ALPHANUMERIC, KEY)
        ? wrong
        : and(
            wrong,
            expression(
                "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must"
                    + " start and end with an alphanumeric character",
                '(' + KEY_NAME + ")?",
                "MyValue",
                "my_value",
                "12345"));
  }

  /** {@code IsRelaxedEnvVarName}: the rule since Kubernetes 1.34. */
  static List<String> environmentName(String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c > '~' || c == '=') {
        return List.of(
            "a valid environment variable name must consist only of printable ASCII characters other than '='");
      }
    }
    return List.of();
  }

  /** {@code IsConfigMapKey}: keys of ConfigMaps and Secrets. */
  static List<String> configKey(String text) {
    List<String> wrong = limited(text, 253, "characters");
    if (text.isEmpty() || !all(text, KEY)) {
      wrong =
          and(
              wrong,
              expression(
                  "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
                  "[-._a-zA-Z0-9]+",
                  "key.name",
                  "KEY_NAME",
                  "key-name"));
    }
    return switch (text) {
      case "." -> and(wrong, "must not be '.'");
      case ".." -> and(wrong, "must not be '..'");
      default -> text.startsWith("..") ? and(wrong, "must not start with '..'") : wrong;
    };
  }

  /** {@code IsValidPortName}. */
  static List<String> portName(String text) {
    List<String> wrong = limited(text, 15, "characters");
    if (text.isEmpty() || !all(text, LOWER_DASH)) {
      wrong = and(wrong, "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)");
    }
    if (text.chars().noneMatch(LETTERS::get)) {
      wrong = and(wrong, "must contain at least one letter (a-z)");
    }
    if (text.contains("--")) {
      wrong = and(wrong, "must not contain consecutive hyphens");
    }
    if (text.startsWith("-") || text.endsWith("-")) {
      wrong = and(wrong, "must not begin or end with a hyphen");
    }
    return wrong;
  }

  /** {@code IsValidPortNum}. */
  static List<String> portNumber(long number) {
    return range(number, 1, 65535);
  }

  /** {@code IsValidUserID} and {@code IsValidGroupID}. */
  static List<String> id(long number) {
    return range(number, 0, Integer.MAX_VALUE);
  }

  static List<String> range(long number, long low, long high) {
    return low <= number && number <= high
        ? List.of()
        : List.of("must be between " + low + " and " + high + ", inclusive");
  }

  /** {@code IsHTTPHeaderName}. */
  static List<String> headerName(String text) {
    return !text.isEmpty() && all(text, HEADER)
        ? List.of()
        : List.of(
            expression(
                "a valid HTTP header must consist of alphanumeric characters or '-'",
                "[-A-Za-z0-9]+",
                "X-Header-Name"));
  }

  /** {@code ValidateLocalNonReservedPath}: a path below a volume's root. */
  static List<String> localPath(String text) {
    List<String> wrong = descendingPath(text);
    return text.startsWith("..") && !text.startsWith("../")
        ? and(wrong, "must not start with '..'")
        : wrong;
  }

  /** {@code validateLocalDescendingPath}. */
  static List<String> descendingPath(String text) {
    List<String> wrong = pathWithoutBacksteps(text);
    return text.startsWith("/") ? and(wrong, "must be a relative path") : wrong;
  }

  /** {@code validatePathNoBacksteps}. */
  static List<String> pathWithoutBacksteps(String text) {
    return ("/" + text + "/").contains("/../") ? List.of("must not contain '..'") : List.of();
  }

  /** {@code IsValidSysctlName}. */
  static boolean isSysctl(String text) {
    if (bytes(text) > 253) {
      return false;
    }
    for (String segment : text.split("[./]", -1)) {
      if (!shaped(segment, LOWER, LOWER_DASH_UNDERSCORE)) {
        return false;
      }
    }
    return true;
  }

  static boolean isSubdomain(String text) {
    int start = 0;
    for (int dot = text.indexOf('.'); dot >= 0; dot = text.indexOf('.', start)) {
      if (!shaped(text, start, dot, LOWER, LOWER_DASH)) {
        return false;
      }
      start = dot + 1;
    }
    return shaped(text, start, text.length(), LOWER, LOWER_DASH);
  }

  /** The length in UTF-8, which is what the limits of the API mean. */
  static int bytes(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 127) {
        return text.getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return text.length();
  }

  private static boolean isLabel(String text) {
    return shaped(text, LOWER, LOWER_DASH);
  }

  private static boolean shaped(String text, BitSet edge, BitSet inner) {
    return shaped(text, 0, text.length(), edge, inner);
  }

  private static boolean shaped(String text, int start, int end, BitSet edge, BitSet inner) {
    if (start == end || !edge.get(text.charAt(start)) || !edge.get(text.charAt(end - 1))) {
      return false;
    }
    for (int i = start + 1; i < end - 1; i++) {
      if (!inner.get(text.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean all(String text, BitSet allowed) {
    return text.chars().allMatch(allowed::get);
  }

  private static List<String> limited(String text, int limit, String unit) {
    return bytes(text) > limit ? List.of("must be no more than " + limit + " " + unit) : List.of();
  }

  private static List<String> and(List<String> wrong, String detail) {
    List<String> more = new ArrayList<>(wrong);
    more.add(detail);
    return more;
  }

  private static String expression(String rule, String expression, String... examples) {
    StringBuilder text = new StringBuilder(rule).append(" (e.g. ");
    for (int i = 0; i < examples.length; i++) {
      text.append(i == 0 ? "" : " or ").append('\'').append(examples[i]).append("', ");
    }
    return text.append("regex used for validation is '").append(expression).append("')").toString();
  }

  private static BitSet chars(String characters) {
    BitSet set = new BitSet(128);
    characters.chars().forEach(set::set);
    return set;
  }

  private static BitSet with(BitSet base, String more) {
    BitSet set = chars(more);
    set.or(base);
    return set;
  }
}
