package io.otelgraft.fuzz;

import static java.lang.StackWalker.Option.RETAIN_CLASS_REFERENCE;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What fuzzing asks of each input. */
final class Promise {
  /** Within which an admission has to end, whatever it is about. */
  private static final Duration LONGEST = Duration.ofSeconds(2);

  /** Within which it has to end at all; then it is told where it is. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** A machine that stands still does so now and then, not each time. */
  private static final int TRIES = 3;

  private Promise() {}

  /**
   * Fails if something is wrong with what comes of an input, or comes too late, each time that it
   * is tried; and says how to have it again. To be called by the target itself.
   *
   * @param attempt gives what is wrong
   */
  static void isKept(Supplier<List<String>> attempt) {
    List<String> breaches = List.of();
    for (int i = 0; i < TRIES; i++) {
      long start = System.nanoTime();
      breaches = new ArrayList<>(assertTimeoutPreemptively(PATIENCE, attempt::get));
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      if (took.compareTo(LONGEST) > 0) {
        breaches.add("it took " + took.toMillis() + " ms, more than an admission may");
      }
      if (breaches.isEmpty()) {
        return;
      }
    }
    String target =
        StackWalker.getInstance(RETAIN_CLASS_REFERENCE).getCallerClass().getSimpleName();
    throw new AssertionError(
        """
        %s
        To have this again, with its input in fuzz/src/test/resources/io/otelgraft/fuzz/%sInputs, where Jazzer leaves it:
        ./mvnw -pl fuzz -am verify -Dit.test=%s -Dgraft.fuzz=false\
        """
            .formatted(String.join("\n", breaches), target, target));
  }
}
