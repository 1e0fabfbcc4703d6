package io.otelgraft.e2e.kubelet;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;

/**
 * A Kubernetes quantity, such as {@code 500m}, {@code 64Mi} or {@code 1e3}.
 *
 * <p>Source: Kubernetes API reference, {@code Quantity}.
 */
record Quantity(BigDecimal value) {

  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private static final Map<String, BigDecimal> SUFFIXES =
      Map.ofEntries(
          Map.entry("n", BigDecimal.valueOf(1, 9)),
          Map.entry("u", BigDecimal.valueOf(1, 6)),
          Map.entry("m", BigDecimal.valueOf(1, 3)),
          Map.entry("", BigDecimal.ONE),
          Map.entry("k", BigDecimal.TEN.pow(3)),
          Map.entry("M", BigDecimal.TEN.pow(6)),
          Map.entry("G", BigDecimal.TEN.pow(9)),
          Map.entry("T", BigDecimal.TEN.pow(12)),
          Map.entry("P", BigDecimal.TEN.pow(15)),
          Map.entry("E", BigDecimal.TEN.pow(18)),
          Map.entry("Ki", KIBI),
          Map.entry("Mi", KIBI.pow(2)),
          Map.entry("Gi", KIBI.pow(3)),
          Map.entry("Ti", KIBI.pow(4)),
          Map.entry("Pi", KIBI.pow(5)),
          Map.entry("Ei", KIBI.pow(6)));

  /**
   * Reads a quantity.
   *
   * @throws IllegalArgumentException when the text is none
   */
  static Quantity parse(String text) {
    int end = text.length();
    while (end > 0 && Character.isLetter(text.charAt(end - 1))) {
      end--;
    }
    BigDecimal factor = SUFFIXES.get(text.substring(end));
    try {
      if (factor != null) {
        return new Quantity(new BigDecimal(text.substring(0, end)).multiply(factor));
      }
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("not a quantity: " + text, e);
    }
    throw new IllegalArgumentException(
        "not a quantity: " + text + ": unknown suffix " + text.substring(end));
  }

  /** How many of {@code divisor} this is, rounded up, as {@code resourceFieldRef} gives it. */
  String in(Quantity divisor) {
    return value.divide(divisor.value, 0, RoundingMode.CEILING).toPlainString();
  }
}
