package io.otelgraft.e2e.otlp;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
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
  public T await(Predicate<? super T> wanted, Duration deadline) {
    return await("no such " + what, all -> all.stream().filter(wanted).findFirst(), deadline);
  }

  /**
   * Waits for several that belong together.
   *
   * @param otherwise what to say when they are not there in time
   * @param find looks for them among all that have arrived
   * @return what was found
   * @throws IllegalStateException when it is not found in time; the message lists what arrived
   */
  public synchronized <R> R await(
      String otherwise, Function<List<T>, Optional<? extends R>> find, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (true) {
      Optional<? extends R> found = find.apply(Collections.unmodifiableList(items));
      if (found.isPresent()) {
        return found.get();
      }
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new IllegalStateException(
            "%s within %s; %d others arrived:%n%s"
                .formatted(otherwise, deadline, items.size(), listed()));
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
