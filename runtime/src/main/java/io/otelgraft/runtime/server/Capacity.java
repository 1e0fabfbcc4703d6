package io.otelgraft.runtime.server;

import io.otelgraft.runtime.settings.ServerSettings.Bounds;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What the server takes on at a time: so many bytes of requests, so many reviews that are answered,
 * so many that wait for that. What is more has to be refused, so that neither memory nor the time
 * to an answer grows with the load.
 *
 * <p>Thread-safe.
 */
final class Capacity {

  /**
   * How long a request waits at most. An API server waits for three seconds, and the review may
   * take two.
   */
  static final Duration PATIENCE = Duration.ofSeconds(1);

  /**
   * What a review needs beside its body is a multiple of it: the tree, the changed tree, the patch.
   */
  private static final int MEMORY_PER_BYTE = 12;

  /**
   * Up to this length no memory is set aside: what all connections together can hold of such bodies
   * is bounded by their number, and what is made of them by that of the turns. So the reviews that
   * nearly all pods give get through, whoever announces large ones and then sends nothing.
   */
  static final int SMALL = 64 << 10;

  private final Semaphore memory;
  private final Semaphore turns;
  private final int queue;
  private final AtomicInteger waiting = new AtomicInteger();

  /**
   * With these bounds.
   *
   * @param heap the largest size of the heap, bytes
   */
  Capacity(Bounds bounds, long heap) {
    memory =
        new Semaphore(Math.clamp(heap / MEMORY_PER_BYTE, bounds.requestLimit(), Integer.MAX_VALUE));
    turns = new Semaphore(bounds.concurrency());
    queue = bounds.queue();
  }

  /** Begins to set memory aside for one body. */
  Memory memory() {
    return new Memory();
  }

  /**
   * What is set aside for one body. It grows with what has arrived, so that whoever announces a
   * large body and then sends nothing keeps nobody else out. Closing gives all of it back.
   */
  final class Memory implements AutoCloseable {
    private int taken;

    /**
     * Sets more aside.
     *
     * @param bytes for how much of the body, from its beginning; at most the limit of a request
     * @return whether there was enough, in time
     */
    boolean isEnoughFor(int bytes) {
      int more = bytes - taken;
      if (bytes <= SMALL || more <= 0) {
        return true;
      }
      boolean enough = take(memory, more);
      taken += enough ? more : 0;
      return enough;
    }

    /** Gives all of it back. */
    void giveBack() {
      memory.release(taken);
      taken = 0;
    }

    @Override
    public void close() {
      giveBack();
    }
  }

  /**
   * Waits for the turn to be answered.
   *
   * @return why there is none; empty if it is there, and then has to be ended
   */
  Optional<Refusal> takeTurn() {
    if (turns.tryAcquire()) {
      return Optional.empty();
    }
    try {
      if (waiting.incrementAndGet() > queue) {
        return Optional.of(Refusal.QUEUE_FULL);
      }
      return take(turns, 1) ? Optional.empty() : Optional.of(Refusal.WAITED_TOO_LONG);
    } finally {
      waiting.decrementAndGet();
    }
  }

  /** Ends a turn. */
  void endTurn() {
    turns.release();
  }

  private static boolean take(Semaphore semaphore, int permits) {
    try {
      return semaphore.tryAcquire(permits, PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
