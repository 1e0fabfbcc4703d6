package io.otelgraft.fuzz;

import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.function.Predicate;

/** Looks for the simplest choices that still fail. */
final class Shrinking {
  private final Predicate<int[]> fails;
  private final Instant end;
  private int[] best;

  private Shrinking(int[] failing, Predicate<int[]> fails, Duration patience) {
    this.best = failing;
    this.fails = fails;
    this.end = Instant.now().plus(patience);
  }

  /**
   * Simplifies choices until nothing simpler fails, or the time is over.
   *
   * @param fails whether choices fail; asked many times
   */
  static int[] of(int[] failing, Predicate<int[]> fails, Duration patience) {
    Shrinking shrinking = new Shrinking(failing, fails, patience);
    int[] before;
    do {
      before = shrinking.best;
      shrinking.leaveOut();
      shrinking.simplify();
    } while (!Arrays.equals(before, shrinking.best) && Instant.now().isBefore(shrinking.end));
    return shrinking.best;
  }

  /** Tries without parts, large ones first. */
  private void leaveOut() {
    for (int size = Integer.highestOneBit(Math.max(1, best.length / 2)); size > 0; size /= 2) {
      for (int from = best.length - size; from >= 0; from -= size) {
        int[] shorter = new int[best.length - size];
        System.arraycopy(best, 0, shorter, 0, from);
        System.arraycopy(best, from + size, shorter, from, shorter.length - from);
        tryOut(shorter);
        from = Math.min(from, best.length);
      }
    }
  }

  /** Tries smaller numbers, zeros for whole parts first. */
  private void simplify() {
    for (int size = 16; size > 1; size /= 2) {
      for (int from = 0; from + size <= best.length; from += size) {
        int[] simpler = best.clone();
        Arrays.fill(simpler, from, from + size, 0);
        tryOut(simpler);
      }
    }
    for (int i = 0; i < best.length; i++) {
      for (int smaller : new int[] {0, best[i] / 2, best[i] - 1}) {
        if (i < best.length && smaller >= 0 && smaller < best[i]) {
          int[] simpler = best.clone();
          simpler[i] = smaller;
          tryOut(simpler);
        }
      }
    }
  }

  private void tryOut(int[] candidate) {
    if (!Arrays.equals(candidate, best) && Instant.now().isBefore(end) && fails.test(candidate)) {
      best = candidate;
    }
  }
}
