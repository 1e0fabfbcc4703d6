package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.math.BigInteger;

/**
 * What an unquoted YAML scalar means. The rules are those of kubectl and the API server
 * (sigs.k8s.io/yaml over go-yaml 2, {@code resolve.go}): YAML 1.1 with its many booleans and octal
 * numbers, but dates and base-60 numbers stay strings. One thing differs: numbers are exact, where
 * Go rounds to 64 bits and takes 1e400 for a string.
 */
final class PlainScalar {

  private PlainScalar() {}

  /**
   * Returns the value: a null, boolean, number or string node. Infinities and not-a-number come as
   * double nodes.
   *
   * @throws NumberFormatException for a number with too many digits or too large an exponent
   */
  static JsonNode resolve(String text) {
    JsonNode word = word(text);
    if (word != null) {
      return word;
    }
    NumericNode number = number(text);
    return number == null ? TextNode.valueOf(text) : number;
  }

  private static JsonNode word(String text) {
    return switch (text) {
      case "", "~", "null", "Null", "NULL" -> NullNode.instance;
      case "y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON" ->
          BooleanNode.TRUE;
      case "n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF" ->
          BooleanNode.FALSE;
      case ".nan", ".NaN", ".NAN" -> DoubleNode.valueOf(Double.NaN);
      case ".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF" ->
          DoubleNode.valueOf(Double.POSITIVE_INFINITY);
      case "-.inf", "-.Inf", "-.INF" -> DoubleNode.valueOf(Double.NEGATIVE_INFINITY);
      default -> null;
    };
  }

  private static NumericNode number(String text) {
    char first = text.charAt(0);
    if (first == '.') {
      return decimal(text);
    }
    if (!isDigit(first) && first != '+' && first != '-') {
      return null;
    }
    String plain = text.indexOf('_') < 0 ? text : text.replace("_", "");
    NumericNode integer = integer(plain);
    return integer == null ? decimal(plain) : integer;
  }

  private static NumericNode integer(String text) {
    int start = isDigit(text.charAt(0)) ? 0 : 1;
    int radix = 10;
    if (text.startsWith("0", start) && text.length() > start + 1) {
      radix =
          switch (text.charAt(start + 1)) {
            case 'x', 'X' -> 16;
            case 'b', 'B' -> 2;
            default -> 8;
          };
      char mark = text.charAt(start + 1);
      start += isDigit(mark) ? 1 : radix == 8 && mark != 'o' && mark != 'O' ? 1 : 2;
    }
    if (start == text.length()) {
      return null;
    }
    for (int at = start; at < text.length(); at++) {
      // Character.digit would take the digits of all scripts.
      if (text.charAt(at) > 'f' || Character.digit(text.charAt(at), radix) < 0) {
        return null;
      }
    }
    BigInteger value = new BigInteger(limited(text.substring(start)), radix);
    return Numbers.integer(text.charAt(0) == '-' ? value.negate() : value);
  }

  /** {@code [-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?} */
  private static NumericNode decimal(String text) {
    int start = isDigit(text.charAt(0)) || text.charAt(0) == '.' ? 0 : 1;
    int at = digits(text, start);
    int whole = at - start;
    if (whole > 0 && at == text.length()) {
      // What looks octal and is not, such as 08.
      return Numbers.integer(new BigInteger(limited(text)));
    }
    if (at < text.length() && text.charAt(at) == '.') {
      int fraction = digits(text, at + 1) - at - 1;
      if (whole + fraction == 0) {
        return null;
      }
      at += 1 + fraction;
    } else if (whole == 0) {
      return null;
    }
    if (at < text.length() && (text.charAt(at) | 0x20) == 'e') {
      int exponent = at + 1;
      if (exponent < text.length()
          && (text.charAt(exponent) == '+' || text.charAt(exponent) == '-')) {
        exponent++;
      }
      at = digits(text, exponent);
      if (at == exponent) {
        return null;
      }
    }
    return at < text.length()
        ? null
        : Numbers.decimal(new BigDecimal(limited(text)), text.charAt(0) == '-');
  }

  private static int digits(String text, int start) {
    int at = start;
    while (at < text.length() && isDigit(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static String limited(String digits) {
    if (digits.length() > Numbers.MAX_LENGTH) {
      throw new NumberFormatException("more than " + Numbers.MAX_LENGTH + " digits");
    }
    return digits;
  }

  /**
   * Returns a decimal as sigs.k8s.io/yaml spells it as a key: {@code strconv.FormatFloat(value,
   * 'g', -1, 32)}.
   */
  static String key(NumericNode decimal) {
    float value = (float) decimal.doubleValue();
    if (Float.isInfinite(value)) {
      return value > 0 ? ".inf" : "-.inf";
    }
    if (value == 0) {
      return 1 / value < 0 ? "-0" : "0";
    }
    BigDecimal shortest = new BigDecimal(Float.toString(value)).stripTrailingZeros();
    int exponent = shortest.precision() - shortest.scale() - 1;
    if (exponent >= -4 && exponent < 6) {
      return shortest.toPlainString();
    }
    String digits = shortest.unscaledValue().abs().toString();
    return (value < 0 ? "-" : "")
        + digits.charAt(0)
        + (digits.length() > 1 ? "." + digits.substring(1) : "")
        + (exponent < 0 ? "e-" : "e+")
        + (Math.abs(exponent) < 10 ? "0" : "")
        + Math.abs(exponent);
  }
}
