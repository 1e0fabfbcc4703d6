package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * A Kubernetes quantity as a number, to compare two.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/">Quantity</a>
 */
public final class Quantity {

  private static final String DECIMAL = "kMGTPE";
  private static final String BINARY = "KMGTPE";
  private static final String SMALL = "mun";
  private static final BigDecimal THOUSAND = BigDecimal.valueOf(1000);
  private static final BigDecimal KIBI = BigDecimal.valueOf(1024);

  private Quantity() {}

  /** The value of a text or number; empty if it is no quantity. */
  public static Optional<BigDecimal> parse(JsonNode quantity) {
    String text = quantity.asText();
    if (text.isEmpty()) {
      // Most containers give none, and an exception for each is dear.
      return Optional.empty();
    }
    try {
      return Optional.of(value(text));
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }

  private static BigDecimal value(String text) {
    int end = text.length();
    if (text.endsWith("i") && end > 1) {
      int power = BINARY.indexOf(text.charAt(end - 2)) + 1;
      if (power == 0) {
        throw new NumberFormatException(text);
      }
      return new BigDecimal(text.substring(0, end - 2)).multiply(KIBI.pow(power));
    }
    char suffix = text.charAt(end - 1);
    if (DECIMAL.indexOf(suffix) >= 0) {
      return new BigDecimal(text.substring(0, end - 1))
          .multiply(THOUSAND.pow(DECIMAL.indexOf(suffix) + 1));
    }
    if (SMALL.indexOf(suffix) >= 0) {
      return new BigDecimal(text.substring(0, end - 1))
          .movePointLeft(3 * (SMALL.indexOf(suffix) + 1));
    }
    return new BigDecimal(text);
  }
}
