package io.otelgraft.runtime.page;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;

/**
 * The latest decisions of one outcome, bounded in number, and in how many are taken in a second:
 * what comes in a flood is counted, and a part of it kept.
 */
final class Shelf {

  /** How many are kept. */
  static final int MOST = 100;

  /** The time in which one more is taken when there is a flood: ten a second. */
  static final long INTERVAL_NANOS = 100_000_000;

  /** How many may come at once. */
  private static final int BURST = MOST;

  private final LongAdder seen = new LongAdder();
  private final LongAdder passedOver = new LongAdder();

  /** When the next one would be due if they came evenly. */
  private final AtomicLong due;

  // What follows is guarded by the owner.
  private final Deque<Kept> kept = new ArrayDeque<>(MOST);
  private int weight;

  /**
   * Begins empty.
   *
   * @param now the time, nanoseconds on a clock that only goes forward
   */
  Shelf(long now) {
    due = new AtomicLong(now);
  }

  /** Counts one, and tells whether it is to be kept. */
  boolean takes(long now) {
    seen.increment();
    while (true) {
      long before = due.get();
      long at = before - now < 0 ? now : before;
      if (at - now > (BURST - 1) * INTERVAL_NANOS) {
        passOver();
        return false;
      }
      if (due.compareAndSet(before, at + INTERVAL_NANOS)) {
        return true;
      }
    }
  }

  /** Counts one that is not kept. */
  void passOver() {
    passedOver.increment();
  }

  /** Keeps one; if there are too many, lets go of the oldest. */
  void put(Kept decision) {
    if (kept.size() == MOST) {
      removeOldest();
    }
    kept.addLast(decision);
    weight += decision.weight();
  }

  /** Lets go of the oldest; there must be one. */
  void removeOldest() {
    weight -= kept.removeFirst().weight();
  }

  /** What those that are kept take in memory, bytes. */
  int weight() {
    return weight;
  }

  /** Gives each, the oldest first. */
  void forEach(Consumer<Kept> action) {
    kept.forEach(action);
  }

  /** How many there were since the start. */
  long seen() {
    return seen.sum();
  }

  /** How many of them were not kept because there were too many. */
  long passedOver() {
    return passedOver.sum();
  }
}
