package io.otelgraft.core.injection;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * The text of {@code OTEL_RESOURCE_ATTRIBUTES}: {@code key=value} pairs with commas between them,
 * percent-encoded. SDKs take the last pair of a key; several of them drop all pairs, or do not
 * start, when one of them is malformed.
 *
 * <p>Unencoded values are texts as the kubelet reads them: {@code $(NAME)} refers to a variable and
 * {@code $$} is a dollar sign. References stay as they are in the encoded text.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/resource/sdk/#specifying-resource-information-via-an-environment-variable">Resource
 *     information via an environment variable</a>
 * @see <a href="https://www.w3.org/TR/baggage/#value">W3C Baggage, for the octets that stand for
 *     themselves</a>
 */
final class AttributeText {
  private static final char[] HEX = "0123456789ABCDEF".toCharArray();

  /**
   * The baggage octets other than those that mean something to the SDKs' parsers: the percent sign,
   * the equals sign, and the plus sign, which some take for a blank.
   */
  private static final BitSet STANDS_FOR_ITSELF = new BitSet(0x80);

  static {
    STANDS_FOR_ITSELF.set('!', 0x7F);
    "\"%+,;=\\".chars().forEach(STANDS_FOR_ITSELF::clear);
  }

  /**
   * A part of the text.
   *
   * @param key the key without blanks around it, decoded; null for a part that is no pair
   * @param text the part as it stands
   */
  record Part(String key, String text) {

    /** The value, decoded. */
    String value() {
      return decode(text.substring(text.indexOf('=') + 1).strip());
    }

    /** Whether the kubelet makes the pairs out of it, so that their keys cannot be seen. */
    boolean isUnseen() {
      int equals = text.indexOf('=');
      int reference = text.indexOf("$(");
      return reference >= 0 && (equals < 0 || reference < equals);
    }
  }

  private AttributeText() {}

  /** Takes a text apart at its commas; empty parts are left out. */
  static List<Part> parse(String text) {
    List<Part> parts = new ArrayList<>();
    for (int from = 0; from <= text.length(); ) {
      int comma = text.indexOf(',', from);
      int end = comma < 0 ? text.length() : comma;
      String part = text.substring(from, end);
      if (!part.isBlank()) {
        int equals = part.indexOf('=');
        String key = equals < 0 ? "" : decode(part.substring(0, equals).strip());
        parts.add(new Part(key.isEmpty() ? null : key, part));
      }
      from = end + 1;
    }
    return parts;
  }

  /** Appends a key or a value. */
  static void encode(String text, StringBuilder into) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '$') {
        int end = endOfReference(text, i);
        if (end > 0) {
          into.append(text, i, end);
          i = end - 1;
        } else {
          into.append("%24");
          i += i + 1 < text.length() && text.charAt(i + 1) == '$' ? 1 : 0;
        }
      } else if (c < 0x80 && STANDS_FOR_ITSELF.get(c)) {
        into.append(c);
      } else if (c < 0x80) {
        percent((byte) c, into);
      } else {
        int length = Character.charCount(text.codePointAt(i));
        for (byte octet : text.substring(i, i + length).getBytes(StandardCharsets.UTF_8)) {
          percent(octet, into);
        }
        i += length - 1;
      }
    }
  }

  private static void percent(byte octet, StringBuilder into) {
    into.append('%').append(HEX[(octet >> 4) & 0xF]).append(HEX[octet & 0xF]);
  }

  /** Where a {@code $(NAME)} ends; -1 if none starts here. */
  private static int endOfReference(String text, int dollar) {
    if (dollar + 1 >= text.length() || text.charAt(dollar + 1) != '(') {
      return -1;
    }
    int at = dollar + 2;
    while (at < text.length() && isNamePart(text.charAt(at))) {
      at++;
    }
    return at > dollar + 2 && at < text.length() && text.charAt(at) == ')' ? at + 1 : -1;
  }

  private static boolean isNamePart(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '_'
        || c == '-'
        || c == '.';
  }

  /** Undoes the encoding; what is not encoded properly is left as it stands. */
  private static String decode(String text) {
    if (text.indexOf('%') < 0) {
      return text;
    }
    byte[] octets = text.getBytes(StandardCharsets.UTF_8);
    byte[] decoded = new byte[octets.length * 2];
    int length = 0;
    for (int i = 0; i < octets.length; i++) {
      int high = octets[i] == '%' && i + 2 < octets.length ? digit(octets[i + 1]) : -1;
      int low = high < 0 ? -1 : digit(octets[i + 2]);
      if (low < 0) {
        decoded[length++] = octets[i];
        continue;
      }
      byte octet = (byte) (high << 4 | low);
      if (octet == '$') {
        decoded[length++] = '$';
      }
      decoded[length++] = octet;
      i += 2;
    }
    return new String(decoded, 0, length, StandardCharsets.UTF_8);
  }

  private static int digit(byte octet) {
    return Character.digit(octet, 16);
  }
}
