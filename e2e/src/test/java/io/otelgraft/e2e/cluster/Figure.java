package io.otelgraft.e2e.cluster;

import java.util.List;

/**
 * What was measured several times.
 *
 * @param median the middle of what was measured
 * @param spread half of the range from the smallest to the largest; zero if it was measured once
 */
record Figure(double median, double spread) {

  /**
   * Of what was measured.
   *
   * @throws IllegalArgumentException when nothing was
   */
  static Figure of(List<Double> measured) {
    if (measured.isEmpty()) {
      throw new IllegalArgumentException("nothing was measured");
    }
    List<Double> sorted = measured.stream().sorted().toList();
    int middle = sorted.size() / 2;
    double median =
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2;
    return new Figure(median, (sorted.getLast() - sorted.getFirst()) / 2);
  }
}
