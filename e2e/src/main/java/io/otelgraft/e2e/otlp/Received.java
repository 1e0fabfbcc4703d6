package io.otelgraft.e2e.otlp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Everything of one signal that arrived, in the order of its arrival.
 *
 * @param <T> what arrives
 */
public final class Received<T> {

  private final String what;
  private final List<T> items = new ArrayList<>();

  Received(String what) {
    this.what = what;
  }

  synchronized void add(T item) {
    items.add(item);
    notifyAll();
  }

  /** What has arrived so far. */
  public synchronized List<T> all() {
    return List.copyOf(items);
  }

  /**
   * Waits for one that is wanted.
   *
   * @return the first of them, also when it had arrived before
   * @throws IllegalStateException when none arrives in time; the message lists what did
   */
  public synchronized T await(Predicate<? super T> wanted, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    int seen = 0;
    while (true) {
      for (; seen < items.size(); seen++) {
        if (wanted.test(items.get(seen))) {
          return items.get(seen);
        }
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new IllegalStateException(
            "no such %s within %s; %d others arrived:%n%s"
                .formatted(what, deadline, items.size(), listed()));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted while waiting for a " + what, e);
      }
    }
  }

  private String listed() {
    return items.stream().map(Object::toString).collect(Collectors.joining(System.lineSeparator()));
  }
}
