package io.otelgraft.core.resource;

import java.math.BigDecimal;
import java.util.Optional;

/** Decimal numbers as people write them. */
public final class Decimal {
  /**
   * To decode digits takes time that grows with the square of their number, and to add to what has
   * an exponent takes memory that grows with that: what anybody could send is bounded by both.
   */
  private static final int LONGEST = 100;

  private static final int LARGEST_SCALE = 1000;

  private Decimal() {}

  /**
   * The number that a text says.
   *
   * @return empty if it is none, is longer than 100 characters, or has an exponent beyond 1000
   */
  public static Optional<BigDecimal> parse(String text) {
    if (text.isEmpty() || text.length() > LONGEST) {
      // Many are empty, and an exception for each is dear.
      return Optional.empty();
    }
    try {
      BigDecimal number = new BigDecimal(text);
      return Math.abs((long) number.scale()) > LARGEST_SCALE
          ? Optional.empty()
          : Optional.of(number);
    } catch (NumberFormatException notOne) {
      return Optional.empty();
    }
  }
}
