package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/**
 * An amount of a resource such as {@code 100m} or {@code 1.5Gi}, read as {@code
 * k8s.io/apimachinery/pkg/api/resource} reads it.
 *
 * @param amount the number, exact to a billionth
 * @param notation how it was written, which decides how it is shown
 */
record Quantity(BigDecimal amount, Notation notation) implements Comparable<Quantity> {
  enum Notation {
    DECIMAL,
    BINARY,
    EXPONENT
  }

  static final Quantity ZERO = new Quantity(BigDecimal.ZERO, Notation.DECIMAL);

  private static final Map<String, Integer> DECIMAL =
      Map.of("n", -9, "u", -6, "m", -3, "", 0, "k", 3, "M", 6, "G", 9, "T", 12, "P", 15, "E", 18);
  private static final Map<String, Integer> BINARY =
      Map.of("Ki", 10, "Mi", 20, "Gi", 30, "Ti", 40, "Pi", 50, "Ei", 60);
  private static final String DECIMAL_SUFFIXES = "numkMGTPE";
  private static final String BINARY_SUFFIXES = "KMGTPE";
  private static final BigDecimal LARGEST_BINARY = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final int MAX_EXPONENT_LENGTH = "e+1000".length();
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  /** A number or text of the API; null is 0. Nothing if it is no quantity. */
  static Optional<Quantity> of(JsonNode value) {
    if (value.isTextual()) {
      return parse(value.textValue().strip());
    }
    if (value.isNumber()) {
      return parse(value.asText());
    }
    return value.isNull() || value.isMissingNode() ? Optional.of(ZERO) : Optional.empty();
  }

  /**
   * {@code ParseQuantity}: sign, digits with a point, suffix. Nothing if the text is no quantity.
   */
  static Optional<Quantity> parse(String text) {
    int start = text.startsWith("-") || text.startsWith("+") ? 1 : 0;
    int end = start;
    int points = 0;
    while (end < text.length()
        && (isDigit(text.charAt(end)) || (text.charAt(end) == '.' && points++ == 0))) {
      end++;
    }
    String suffix = text.substring(end);
    Notation notation;
    int exponent;
    if (text.isEmpty()) {
      return Optional.empty();
    } else if (DECIMAL.containsKey(suffix)) {
      notation = Notation.DECIMAL;
      exponent = DECIMAL.get(suffix);
    } else if (BINARY.containsKey(suffix)) {
      notation = Notation.BINARY;
      exponent = BINARY.get(suffix);
    } else if (isExponent(suffix)) {
      notation = Notation.EXPONENT;
      exponent = Integer.parseInt(suffix.substring(1));
    } else {
      return Optional.empty();
    }
    // Kubernetes takes "." and "Ki" for 0.
    String digits = text.substring(start, end);
    BigDecimal number =
        digits.isEmpty() || digits.equals(".") ? BigDecimal.ZERO : new BigDecimal(digits);
    BigDecimal amount =
        notation == Notation.BINARY
            ? number
                .multiply(new BigDecimal(BigInteger.ONE.shiftLeft(exponent)))
                .min(LARGEST_BINARY)
            : number.scaleByPowerOfTen(exponent);
    if (amount.signum() == 0) {
      amount = BigDecimal.ZERO;
    } else if (amount.scale() > 9) {
      amount = amount.setScale(9, RoundingMode.UP);
    }
    return Optional.of(new Quantity(text.startsWith("-") ? amount.negate() : amount, notation));
  }

  /** An exponent that no amount of a resource comes near is refused: it would only cost time. */
  private static boolean isExponent(String suffix) {
    if (suffix.length() < 2
        || suffix.length() > MAX_EXPONENT_LENGTH
        || Character.toLowerCase(suffix.charAt(0)) != 'e') {
      return false;
    }
    int digits = suffix.charAt(1) == '-' || suffix.charAt(1) == '+' ? 2 : 1;
    return digits < suffix.length() && suffix.chars().skip(digits).allMatch(Quantity::isDigit);
  }

  private static boolean isDigit(int c) {
    return '0' <= c && c <= '9';
  }

  Quantity plus(Quantity other) {
    return new Quantity(amount.add(other.amount), amount.signum() == 0 ? other.notation : notation);
  }

  /** {@code SetDefaults_ResourceList}: resources are counted in thousandths. */
  Quantity roundedToMilli() {
    return amount.scale() > 3 ? new Quantity(amount.setScale(3, RoundingMode.UP), notation) : this;
  }

  int signum() {
    return amount.signum();
  }

  boolean isWhole() {
    return isWhole(amount);
  }

  private static boolean isWhole(BigDecimal number) {
    return number.signum() == 0 || number.stripTrailingZeros().scale() <= 0;
  }

  /** The value, rounded away from 0 as {@code Value()} does. */
  BigInteger units() {
    return amount.setScale(0, RoundingMode.UP).toBigInteger();
  }

  @Override
  public int compareTo(Quantity other) {
    return amount.compareTo(other.amount);
  }

  /** The canonical form, such as {@code 1500m} or {@code 2Gi}. */
  @Override
  public String toString() {
    if (amount.signum() == 0) {
      return "0";
    }
    if (notation == Notation.BINARY && isWhole() && amount.abs().compareTo(KIBI) >= 0) {
      return binary();
    }
    return decimal(notation == Notation.EXPONENT);
  }

  private String binary() {
    BigDecimal rest = amount;
    int power = 0;
    while (power < BINARY_SUFFIXES.length() && isWhole(rest.divide(KIBI))) {
      rest = rest.divide(KIBI);
      power++;
    }
    return rest.toBigInteger() + (power == 0 ? "" : BINARY_SUFFIXES.charAt(power - 1) + "i");
  }

  /** The largest exponent that is a multiple of 3 and leaves a whole number. */
  private String decimal(boolean asExponent) {
    BigDecimal plain = amount.stripTrailingZeros();
    int exponent = Math.floorDiv(-plain.scale(), 3) * 3;
    String number = plain.scaleByPowerOfTen(-exponent).toBigInteger().toString();
    if (exponent == 0) {
      return number;
    }
    int suffix = exponent / 3 + (exponent < 0 ? 3 : 2);
    return number
        + (asExponent || suffix >= DECIMAL_SUFFIXES.length()
            ? "e" + exponent
            : DECIMAL_SUFFIXES.charAt(suffix));
  }
}
