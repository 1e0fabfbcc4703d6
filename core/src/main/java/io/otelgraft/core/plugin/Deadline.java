package io.otelgraft.core.plugin;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs computations that plugins take part in, and lets their callers go on in time whatever a
 * plugin does.
 *
 * <p>Java cannot stop a thread that loops. So each computation runs on a thread of its own, the
 * caller waits for it, and a watchdog looks at both. A thread that does not come back in time, from
 * a plugin or from Graft's own code, is interrupted and written off until it does: another may take
 * its place. A plugin that it is in is not called again until then.
 *
 * <p>Thread-safe; one per process is enough.
 */
public final class Deadline implements AutoCloseable {

  /** So many threads that were written off are replaced; more are not to be expected. */
  private static final int MOST_REPLACED = 64;

  /**
   * This part of the limit is plenty for what takes a fraction of a millisecond: who is still busy
   * after it is stuck, however late it came to a thread.
   */
  private static final int FAIR_SHARE = 8;

  private final int most;
  private final Threads threads;
  private final Semaphore places;
  private final Watchdog watchdog;
  private int runaways;

  /** On platform threads, as many as there are processors, and at least two. */
  public Deadline() {
    this(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  /** On so many platform threads. */
  public Deadline(int most) {
    this(most, Threads.PLATFORM);
  }

  /** Runs so many computations at a time, on these threads. */
  public Deadline(int most, Threads threads) {
    this.most = most;
    this.threads = Objects.requireNonNull(threads, "threads");
    this.places = new Semaphore(most);
    this.watchdog = new Watchdog(threads);
  }

  /** A computation was not done in time, and no plugin had part in it: it would not be again. */
  public static final class Overrun extends TimeoutException {
    private static final long serialVersionUID = 1L;

    Overrun(Duration limit) {
      super("not done within " + limit.toMillis() + " ms");
    }
  }

  /**
   * Runs a computation, and waits for its result until the limit is over.
   *
   * @param limit from now on, the time that it may wait for a thread included
   * @param work a pure function: it may be left running when its result is no longer wanted
   * @return what {@code work} returned
   * @throws PluginFailure if a plugin was running when the limit was over, and {@code work} had had
   *     at least an eighth of it; and whatever else {@code work} threw, as it was thrown
   * @throws Overrun in the same case, if no plugin was running
   * @throws TimeoutException if {@code work} came to a thread later than that, or not at all: try
   *     again
   */
  public <T> T run(Duration limit, Supplier<T> work) throws TimeoutException {
    Run<T> run = new Run<>(this, limit, work);
    takePlace(run);
    watchdog.watch(run);
    try {
      threads.start(run);
    } catch (Error noThread) {
      run.abandon(System.nanoTime());
      throw noThread;
    }
    return run.result();
  }

  /** How many threads are still busy with what nobody waits for any longer. */
  public synchronized int runaways() {
    return runaways;
  }

  /**
   * Whether no thread is left, as more have not come back than are replaced. Then nothing is
   * decided any more, and only a new process helps.
   */
  public synchronized boolean exhausted() {
    return runaways >= most + MOST_REPLACED;
  }

  /** Interrupts what still runs; its callers wait for their limit. */
  @Override
  public void close() {
    watchdog.watched().forEach(Run::interrupt);
  }

  /** Waits through interrupts, which stay for the caller: the wait is bounded anyway. */
  private void takePlace(Run<?> run) throws TimeoutException {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          if (places.tryAcquire(run.end - System.nanoTime(), TimeUnit.NANOSECONDS)) {
            return;
          }
          throw new TimeoutException("no thread was free within " + run.limit.toMillis() + " ms");
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private synchronized void writeOff() {
    runaways++;
    if (runaways <= MOST_REPLACED) {
      places.release();
    }
  }

  private synchronized void takeBack() {
    runaways--;
    if (runaways >= MOST_REPLACED) {
      places.release();
    }
  }

  /** One computation, between the caller that waits and the thread that computes. */
  static final class Run<T> extends FutureTask<T> {
    private static final ScopedValue<Run<?>> CURRENT = ScopedValue.newInstance();

    private final Deadline deadline;
    private final Duration limit;
    private final long end;
    private Thread thread;
    private long start;
    private LoadedPlugin.Operation running;
    private boolean abandoned;
    private PluginFailure blame;
    private TimeoutException lateness;

    Run(Deadline deadline, Duration limit, Supplier<T> work) {
      super(Objects.requireNonNull(work, "work")::get);
      this.deadline = deadline;
      this.limit = limit;
      this.end = System.nanoTime() + limit.toNanos();
    }

    /** The computation that the current thread works on; null outside of any. */
    static Run<?> current() {
      return CURRENT.isBound() ? CURRENT.get() : null;
    }

    @Override
    public void run() {
      if (begin()) {
        try {
          ScopedValue.where(CURRENT, this).run(super::run);
        } finally {
          end();
        }
      }
    }

    private synchronized boolean begin() {
      if (!abandoned) {
        thread = Thread.currentThread();
        start = System.nanoTime();
      }
      return !abandoned;
    }

    private synchronized void end() {
      thread = null;
      deadline.watchdog.forget(this);
      if (abandoned) {
        deadline.takeBack();
      } else {
        deadline.places.release();
      }
    }

    /** A plugin is about to be called. */
    synchronized void enter(LoadedPlugin.Operation operation) {
      if (abandoned) {
        throw operation.uncounted("was not called: the deadline is over");
      }
      running = operation;
    }

    /**
     * The plugin came back.
     *
     * @return whether in time
     */
    synchronized boolean leave(LoadedPlugin.Operation operation) {
      running = null;
      if (blame != null) {
        operation.returned();
      }
      return !abandoned;
    }

    /** What is left of the limit, in nanoseconds; negative once it is over. */
    long left(long now) {
      return end - now;
    }

    /** Whether it has been on a thread for longer than this. */
    synchronized boolean isRunningFor(long nanos, long now) {
      return thread != null && now - start > nanos;
    }

    /**
     * The caller is to wait no longer: writes the thread off, and blames the plugin that it is in.
     * What had waited for a thread so long that little time was left is nobody's fault.
     */
    synchronized void abandon(long now) {
      if (abandoned || isDone()) {
        return;
      }
      abandoned = true;
      boolean begun = thread != null;
      boolean hadTime = begun && now - start >= limit.toNanos() / FAIR_SHARE;
      // Set aside first, so that the thread that takes this one's place cannot get stuck in it.
      blame = hadTime && running != null ? running.overran(limit.toMillis() + " ms") : null;
      lateness = hadTime ? new Overrun(limit) : new TimeoutException("came too late to a thread");
      if (begun) {
        deadline.writeOff();
      } else {
        deadline.watchdog.forget(this);
        deadline.places.release();
      }
      cancel(true);
    }

    synchronized void interrupt() {
      if (thread != null) {
        thread.interrupt();
      }
    }

    /** Waits, which the watchdog ends. Interrupts stay for the caller. */
    private T result() throws TimeoutException {
      boolean interrupted = false;
      try {
        while (true) {
          try {
            return get();
          } catch (InterruptedException e) {
            interrupted = true;
          }
        }
      } catch (ExecutionException e) {
        switch (e.getCause()) {
          case RuntimeException thrown -> throw thrown;
          case Error thrown -> throw thrown;
          default -> throw new IllegalStateException("a Supplier threw " + e.getCause(), e);
        }
      } catch (CancellationException e) {
        throw overdue();
      } finally {
        if (interrupted) {
          Thread.currentThread().interrupt();
        }
      }
    }

    private synchronized TimeoutException overdue() {
      if (blame != null) {
        throw blame;
      }
      return lateness;
    }
  }
}
