package io.otelgraft.benchmarks;

/** Something about Graft that is measured. */
interface Part {

  /** What {@code --only} calls it. */
  String name();

  /**
   * Measures, and says what it is doing and what it found.
   *
   * @throws IllegalStateException if it could not be measured, or if Graft answered wrongly
   */
  void measure(Progress progress);
}
