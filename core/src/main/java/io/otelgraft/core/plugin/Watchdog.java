package io.otelgraft.core.plugin;

import io.otelgraft.core.plugin.Deadline.Run;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Looks at computations from a thread that none of them can hold up, and ends the wait for those
 * that are overdue. The thread is there while there is something to look at, and a while longer.
 */
final class Watchdog {
  private static final Duration PERIOD = Duration.ofMillis(20);
  private static final Duration LINGER = Duration.ofSeconds(5);

  /** A hundred times what a decision takes: who needs longer may have its thread for good. */
  private static final Duration LONG = Duration.ofMillis(100);

  private static final long NANOS_PER_MILLISECOND = 1_000_000;

  private final Threads threads;
  private final Set<Run<?>> runs = new HashSet<>();
  private Thread watching;
  private boolean idle;

  /** To whom it is told how many computations are long. */
  Watchdog(Threads threads) {
    this.threads = threads;
  }

  /** Looks at a computation from now on. */
  synchronized void watch(Run<?> run) {
    runs.add(run);
    if (watching == null) {
      watching =
          Thread.ofPlatform()
              .name("graft-watchdog")
              .daemon()
              .inheritInheritableThreadLocals(false)
              .start(this::lookOnAndOn);
    } else if (idle) {
      idle = false;
      notifyAll();
    }
  }

  /** Looks at it no longer. */
  synchronized void forget(Run<?> run) {
    runs.remove(run);
  }

  /** What it looks at. */
  synchronized List<Run<?>> watched() {
    return List.copyOf(runs);
  }

  private void lookOnAndOn() {
    while (true) {
      List<Run<?>> seen = watched();
      long pause = look(seen, System.nanoTime());
      synchronized (this) {
        // One look more once all have ended, to tell that none is long any more.
        idle = seen.isEmpty() && runs.isEmpty();
        try {
          wait(idle ? LINGER.toMillis() : Math.max(1, pause / NANOS_PER_MILLISECOND));
        } catch (InterruptedException e) {
          // Nobody's business here.
        }
        if (idle && runs.isEmpty()) {
          watching = null;
          return;
        }
      }
    }
  }

  /** Ends what is overdue; gives the time until it may be worth the while to look again. */
  private long look(List<Run<?>> seen, long now) {
    long pause = PERIOD.toNanos();
    int held = 0;
    for (Run<?> run : seen) {
      if (run.left(now) <= 0) {
        run.abandon(now);
      } else {
        pause = Math.min(pause, run.left(now));
      }
      held += run.isRunningFor(LONG.toNanos(), now) ? 1 : 0;
    }
    threads.held(held);
    return pause;
  }
}
