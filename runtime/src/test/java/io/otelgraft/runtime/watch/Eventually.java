package io.otelgraft.runtime.watch;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Waits until an assertion holds. */
public final class Eventually {
  private static final Duration LIMIT = Duration.ofSeconds(20);
  private static final Duration STEP = Duration.ofMillis(5);

  private Eventually() {}

  /** Tries the assertion until it holds, at most 20 seconds; then its failure is thrown. */
  public static void eventually(ThrowingCallable assertion) {
    long start = System.nanoTime();
    while (true) {
      try {
        assertion.call();
        return;
      } catch (Throwable e) {
        if (System.nanoTime() - start > LIMIT.toNanos()) {
          throw e instanceof Error error ? error : new AssertionError(e);
        }
        LockSupport.parkNanos(STEP.toNanos());
      }
    }
  }
}
