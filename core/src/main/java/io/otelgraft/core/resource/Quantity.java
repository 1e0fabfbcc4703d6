package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.Optional;

/**
 * A Kubernetes quantity as a number, to compare two, and back.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Quantity</a>
 */
public final class Quantity {

  private static final String DECIMAL = "kMGTPE";
  private static final String BINARY = "KMGTPE";
  private static final String SMALL = "mun";
  private static final int BITS_OF_KIBI = 10;
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private Quantity() {}

  /** A number of bytes, in the largest binary unit of which it is a whole number. */
  public static String ofBytes(BigInteger bytes) {
    int power = 0;
    BigInteger units = bytes;
    while (power < BINARY.length()
        && units.signum() != 0
        && units.getLowestSetBit() >= BITS_OF_KIBI) {
      units = units.shiftRight(BITS_OF_KIBI);
      power++;
    }
    return units + (power == 0 ? "" : BINARY.charAt(power - 1) + "i");
  }

  /**
   * The value of a text or number.
   *
   * @return empty if it is no quantity, or one that no amount comes near, see {@link Decimal}
   */
  public static Optional<BigDecimal> parse(JsonNode quantity) {
    String text = quantity.asText();
    int end = text.length();
    char last = end == 0 ? ' ' : text.charAt(end - 1);
    if (last == 'i' && end > 1) {
      int power = BINARY.indexOf(text.charAt(end - 2)) + 1;
      return power == 0
          ? Optional.empty()
          : Decimal.parse(text.substring(0, end - 2)).map(it -> it.multiply(KIBI.pow(power)));
    }
    int large = DECIMAL.indexOf(last) + 1;
    int small = SMALL.indexOf(last) + 1;
    return large + small == 0
        ? Decimal.parse(text)
        : Decimal.parse(text.substring(0, end - 1))
            .map(it -> it.scaleByPowerOfTen(3 * (large - small)));
  }
}
