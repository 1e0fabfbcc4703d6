package io.otelgraft.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import org.HdrHistogram.Histogram;

/**
 * Reviews at fixed times, whatever the server does: the times are planned before, and a latency
 * counts from the time that was planned. So a server that stops for a moment has made all wait that
 * should have come in it.
 *
 * @param credentials of the server
 * @param connections over which reviews go in turn
 * @param perSecond over all connections
 */
record PacedLoad(Credentials credentials, int connections, int perSecond) {

  /** Is told of each answer, on several threads. */
  interface Listener {

    /**
     * An answer came.
     *
     * @param planned when it should have been asked for, as {@link System#nanoTime} tells
     * @param sent when it was
     * @param at when the answer was complete
     */
    void answered(long planned, long sent, long at, Exchange.Answer answer);
  }

  /**
   * Posts a review for a while.
   *
   * @throws IllegalStateException if a connection breaks
   */
  void run(ServerProcess server, String path, Reviews review, Duration duration, Listener told) {
    long start = System.nanoTime() + Duration.ofMillis(200).toNanos();
    List<Future<?>> all = new ArrayList<>();
    try (ExecutorService threads = Executors.newFixedThreadPool(connections)) {
      for (int i = 0; i < connections; i++) {
        int connection = i;
        all.add(
            threads.submit(() -> {
              try (Exchange exchange =
                  new Exchange(credentials, server.port(), path, review.bytes())) {
                run(exchange, connection, start, duration, told);
              }
              return null;
            }));
      }
    }
    for (Future<?> one : all) {
      try {
        one.get();
      } catch (ExecutionException e) {
        throw new IllegalStateException("a connection broke: " + e.getCause(), e);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted", e);
      }
    }
  }

  private void run(Exchange exchange, int connection, long start, Duration duration, Listener told)
      throws IOException {
    long step = 1_000_000_000L / perSecond;
    long count = duration.toNanos() / step;
    for (long i = connection; i < count; i += connections) {
      long planned = start + i * step;
      for (long left = planned - System.nanoTime(); left > 0; left = planned - System.nanoTime()) {
        LockSupport.parkNanos(left);
      }
      long sent = System.nanoTime();
      Exchange.Answer answer = exchange.post();
      told.answered(planned, sent, System.nanoTime(), answer);
    }
  }

  /** The latencies of a run, in µs. Thread-safe. */
  static final class Latencies implements Listener {
    private final Histogram histogram = new Histogram(3);
    private final byte[] expected;
    private int wrong;

    /** Every answer has to be 200 with this body. */
    Latencies(byte[] expected) {
      this.expected = expected.clone();
    }

    @Override
    public synchronized void answered(long planned, long sent, long at, Exchange.Answer answer) {
      histogram.recordValue((at - planned) / 1000);
      if (answer.status() != 200 || !Arrays.equals(answer.body(), expected)) {
        wrong++;
      }
    }

    /** A quantile, in ms. */
    synchronized double millis(double percentile) {
      return histogram.getValueAtPercentile(percentile) / 1000.0;
    }

    /** How many answers were others than expected. */
    synchronized int wrong() {
      return wrong;
    }
  }
}
