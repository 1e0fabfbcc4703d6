package io.otelgraft.core.plugin;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs computations that plugins take part in, and lets their callers go on in time whatever a
 * plugin does.
 *
 * <p>Java cannot stop a thread that loops, and a virtual thread that loops keeps its carrier. So
 * the computation runs on one of a few platform threads, and the caller, which may be a virtual
 * thread, waits for it. A thread that does not come back in time, from a plugin or from Graft's own
 * code, is interrupted and written off until it does: another takes its place. A plugin that it is
 * in is not called again until then.
 *
 * <p>Thread-safe; one per process is enough.
 */
public final class Deadline implements AutoCloseable {

  /** So many threads that were written off are replaced; more are not to be expected. */
  private static final int MOST_REPLACED = 64;

  /**
   * How long a thread serves, and how long it waits for something to do. What a plugin left in a
   * thread local keeps the plugin in memory for no longer than this.
   */
  private static final Duration LIFE = Duration.ofSeconds(5);

  /**
   * This part of the limit is plenty for what takes a fraction of a millisecond: who is still busy
   * after it is stuck, however late it came to a thread.
   */
  private static final int FAIR_SHARE = 8;

  private final ThreadPoolExecutor pool;
  private final int threads;
  private int runaways;

  /** As many threads as there are processors, and at least two. */
  public Deadline() {
    this(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  /** With this many threads; they are daemons, started when there is work for them. */
  public Deadline(int threads) {
    this.threads = threads;
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            LIFE.toMillis(),
            TimeUnit.MILLISECONDS,
            new LinkedBlockingQueue<>(),
            Worker::new) {
          @Override
          protected void afterExecute(Runnable run, Throwable thrown) {
            if (thrown == null) {
              ((Worker) Thread.currentThread()).endWhenOld();
            }
          }
        };
    pool.allowCoreThreadTimeOut(true);
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
    var run = new Run<>(this, work);
    pool.execute(run);
    try {
      return await(run, limit.toNanos());
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RuntimeException thrown -> throw thrown;
        case Error thrown -> throw thrown;
        default -> throw new IllegalStateException("a Supplier threw " + e.getCause(), e);
      }
    } catch (TimeoutException e) {
      run.abandon(limit);
      throw e;
    }
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
    return runaways >= threads + MOST_REPLACED;
  }

  /** Ends the threads. What still runs is interrupted, and its callers wait for their limit. */
  @Override
  public void close() {
    pool.shutdownNow();
  }

  /** Waits through interrupts, which stay for the caller: the wait is bounded anyway. */
  private static <T> T await(Run<T> run, long nanos) throws ExecutionException, TimeoutException {
    long end = System.nanoTime() + nanos;
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return run.get(end - System.nanoTime(), TimeUnit.NANOSECONDS);
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

  private synchronized void changeRunaways(int by) {
    runaways += by;
    int size = threads + Math.min(runaways, MOST_REPLACED);
    if (by > 0) {
      pool.setMaximumPoolSize(size);
      pool.setCorePoolSize(size);
    } else {
      pool.setCorePoolSize(size);
      pool.setMaximumPoolSize(size);
    }
  }

  /** One computation, between the caller that waits and the thread that computes. */
  static final class Run<T> extends FutureTask<T> {
    private final Deadline deadline;
    private LoadedPlugin.Operation running;
    private boolean begun;
    private long start;
    private boolean abandoned;
    private boolean blamed;

    Run(Deadline deadline, Supplier<T> work) {
      super(Objects.requireNonNull(work, "work")::get);
      this.deadline = deadline;
    }

    /** The computation that the current thread works on; null outside of any. */
    static Run<?> current() {
      return Thread.currentThread() instanceof Worker worker ? worker.run : null;
    }

    @Override
    public void run() {
      if (!begin()) {
        return;
      }
      var worker = (Worker) Thread.currentThread();
      worker.run = this;
      try {
        super.run();
      } finally {
        worker.run = null;
        end();
      }
    }

    private synchronized boolean begin() {
      begun = !abandoned;
      start = System.nanoTime();
      return begun;
    }

    private synchronized void end() {
      begun = false;
      if (abandoned) {
        deadline.changeRunaways(-1);
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
      if (blamed) {
        operation.returned();
      }
      return !abandoned;
    }

    /**
     * The caller waits no longer: writes the thread off, and blames the plugin that it is in. What
     * had waited for a thread so long that little time was left is nobody's fault.
     */
    private synchronized void abandon(Duration limit) throws Overrun {
      abandoned = true;
      if (!begun) {
        cancel(true);
        return;
      }
      boolean hadTime = System.nanoTime() - start >= limit.toNanos() / FAIR_SHARE;
      blamed = hadTime && running != null;
      // Set aside first, so that the thread that takes this one's place cannot get stuck in it.
      PluginFailure failure = blamed ? running.overran(limit.toMillis() + " ms") : null;
      deadline.changeRunaways(+1);
      cancel(true);
      if (blamed) {
        throw failure;
      }
      if (hadTime) {
        throw new Overrun(limit);
      }
    }
  }

  /** A thread of the pool, which knows what it works on. */
  private static final class Worker extends Thread {
    private final long end = System.nanoTime() + LIFE.toNanos();
    private Run<?> run;

    Worker(Runnable task) {
      // No inheritable thread locals: those of the caller are not for other callers to see.
      super(null, task, "graft-deadline", 0, false);
      setDaemon(true);
      // Not the starting thread's loader, which can be a plugin's and would keep it in memory.
      setContextClassLoader(Deadline.class.getClassLoader());
    }

    /** Makes the pool replace this thread if it has served for long enough. */
    void endWhenOld() {
      if (System.nanoTime() - end > 0) {
        throw new EndOfService();
      }
    }

    @Override
    public void run() {
      try {
        super.run();
      } catch (EndOfService expected) {
        // The pool has started another thread.
      }
    }
  }

  /** How a thread tells its pool to replace it. */
  private static final class EndOfService extends RuntimeException {
    private static final long serialVersionUID = 1L;

    EndOfService() {
      super(null, null, false, false);
    }
  }
}
