package io.otelgraft.deploy;

import java.io.PrintStream;

/**
 * Says what is being done, with the seconds that have gone by.
 *
 * @param out where
 * @param start what {@link System#nanoTime} was at second 0
 */
record Progress(PrintStream out, long start) {

  /** One that goes on counting from a number of seconds. */
  static Progress from(PrintStream out, long seconds) {
    return new Progress(out, System.nanoTime() - seconds * 1_000_000_000);
  }

  /** Says what comes next. */
  void step(String what) {
    out.printf("[%4d s] %s%n", (System.nanoTime() - start) / 1_000_000_000, what);
  }
}
