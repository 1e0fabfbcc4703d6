package io.otelgraft.benchmarks;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/** Takes the figures as they come, and prints a line for each step. */
final class Progress {
  private final PrintStream out;
  private final long start = System.nanoTime();
  private final List<Figure> figures = new ArrayList<>();

  Progress(PrintStream out) {
    this.out = out;
  }

  /** Says what comes next. */
  void step(String what) {
    long seconds = (System.nanoTime() - start) / 1_000_000_000;
    out.printf("[%4d s] %s%n", seconds, what);
  }

  /** Takes a figure. */
  void add(Figure figure) {
    figures.add(figure);
  }

  /** All figures until now, in their order. */
  List<Figure> figures() {
    return List.copyOf(figures);
  }
}
