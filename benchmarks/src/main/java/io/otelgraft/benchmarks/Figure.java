package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * One measured value.
 *
 * @param name by which two runs are compared; stays the same from version to version
 * @param title what it is, for people
 * @param value the median of what was measured, unless the title says otherwise
 * @param unit of value, noise and limit
 * @param noise how far off the value may be, as the scatter within the run shows; 0 if it was
 *     measured once only
 * @param limit what it must not be worse than; empty if there is no limit for it
 */
record Figure(
    String name, String title, double value, Unit unit, double noise, OptionalDouble limit) {

  /** What was measured once. */
  static Figure of(String name, String title, double value, Unit unit) {
    return new Figure(name, title, value, unit, 0, OptionalDouble.empty());
  }

  /**
   * The median of repetitions; the noise is half of the range that the middle half of them covers.
   *
   * @param repetitions at least one
   */
  static Figure of(String name, String title, double[] repetitions, Unit unit) {
    double[] sorted = repetitions.clone();
    Arrays.sort(sorted);
    double noise = (quantile(sorted, 0.75) - quantile(sorted, 0.25)) / 2;
    return new Figure(name, title, quantile(sorted, 0.5), unit, noise, OptionalDouble.empty());
  }

  private static double quantile(double[] sorted, double share) {
    double at = share * (sorted.length - 1);
    int below = (int) at;
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (at - below) * (sorted[above] - sorted[below]);
  }

  /** The same with a limit. */
  Figure limit(double most) {
    return new Figure(name, title, value, unit, noise, OptionalDouble.of(most));
  }

  /** Whether the value is within the limit, the noise not counted; true if there is none. */
  boolean isMet() {
    return limit.isEmpty() || worseBy(limit.getAsDouble()) <= 0;
  }

  /** By which share of the other value this one is worse; negative if it is better. */
  double worseBy(double other) {
    double more = other == 0 ? Math.signum(value) : (value - other) / other;
    return unit.moreIsBetter() ? -more : more;
  }

  /** The noise as a share of the value. */
  double relativeNoise() {
    return value == 0 ? 0 : noise / Math.abs(value);
  }

  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("name", name).put("title", title).put("value", rounded(value));
    json.put("unit", unit.name()).put("noise", rounded(noise));
    limit.ifPresent(most -> json.put("limit", most).put("met", isMet()));
    return json;
  }

  /** Four digits: no more were measured. */
  private static BigDecimal rounded(double value) {
    return BigDecimal.valueOf(value).round(new MathContext(4)).stripTrailingZeros();
  }
}
