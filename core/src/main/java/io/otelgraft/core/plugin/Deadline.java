package io.otelgraft.core.plugin;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Runs computations that plugins take part in, and lets their callers go on in time whatever a
 * plugin does.
 *
 * <p>Java cannot stop a thread that loops. So the computation runs on another thread, and the
 * caller waits for it. A thread that does not come back in time, from a plugin or from Graft's own
 * code, is interrupted and written off until it does. A plugin that it is in is not called again
 * until then.
 *
 * <p>Where the caller is a virtual thread, that other thread is a new virtual one: the carrier goes
 * from one to the other and back by itself, while to wake a platform thread takes longer than most
 * computations. A virtual thread that loops keeps its carrier, though. So one carrier is always
 * left out of this, for the callers to be heard when their time is over; and as soon as one is
 * written off, and whenever all others are taken, platform threads compute, a few of them, and
 * those that are written off are replaced.
 *
 * <p>Thread-safe; one per process is enough.
 */
public final class Deadline implements AutoCloseable {

  private static final String THREAD = "graft-deadline";

  /** The JDK's, for how many carriers virtual threads have. */
  private static final String CARRIERS = "jdk.virtualThreadScheduler.parallelism";

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

  /** The computation that the current thread works on. */
  private static final ScopedValue<Run<?>> CURRENT = ScopedValue.newInstance();

  private final ThreadPoolExecutor pool;
  private final int threads;

  /** The carriers that virtual threads with computations may take, those of others included. */
  private final Semaphore carriers;

  private volatile int runaways;
  private int lostThreads;

  /** As many threads as there are processors, and at least two. */
  public Deadline() {
    this(Math.max(2, Runtime.getRuntime().availableProcessors()));
  }

  /**
   * With this many platform threads; they are daemons, started when there is work for them. Beside
   * them, with all carriers of virtual threads but one, which all of a process share.
   */
  public Deadline(int threads) {
    this(threads, Carriers.ALL_BUT_ONE);
  }

  /** With this many platform threads, and with these carriers; both of which may get lost. */
  Deadline(int threads, Semaphore carriers) {
    this.threads = threads;
    this.carriers = carriers;
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
    var run = new Run<>(this, work, takeCarrier());
    if (run.onCarrier) {
      Thread.ofVirtual().name(THREAD).inheritInheritableThreadLocals(false).start(run);
    } else {
      pool.execute(run);
    }
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

  /** Of the process; apart, as nobody may count them before {@link #addCarrier}. */
  private static final class Carriers {
    static final Semaphore ALL_BUT_ONE = new Semaphore(carriersOfVirtualThreads() - 1);
  }

  private boolean takeCarrier() {
    return Thread.currentThread().isVirtual() && runaways == 0 && carriers.tryAcquire();
  }

  /**
   * Gives virtual threads one carrier more than there are processors, so that a process has one to
   * leave out and as many to compute with as it can use. Has an effect before the first virtual
   * thread only, and none if the JVM was told a number.
   */
  public static void addCarrier() {
    if (System.getProperty(CARRIERS) == null) {
      System.setProperty(CARRIERS, Integer.toString(carriersOfVirtualThreads() + 1));
    }
  }

  /** As the JDK has it by default, or as its system property says. */
  private static int carriersOfVirtualThreads() {
    return Integer.getInteger(CARRIERS, Runtime.getRuntime().availableProcessors());
  }

  /** How many threads are still busy with what nobody waits for any longer. */
  public int runaways() {
    return runaways;
  }

  /**
   * Whether no thread is left, as more have not come back than are replaced. Then nothing is
   * decided any more, and only a new process helps.
   */
  public synchronized boolean exhausted() {
    return lostThreads >= threads + MOST_REPLACED;
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

  private synchronized void changeRunaways(Run<?> run, int by) {
    runaways += by;
    if (run.onCarrier) {
      return;
    }
    lostThreads += by;
    int size = threads + Math.min(lostThreads, MOST_REPLACED);
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
    private final boolean onCarrier;
    private LoadedPlugin.Operation running;
    private boolean begun;
    private long start;
    private boolean abandoned;
    private boolean blamed;

    Run(Deadline deadline, Supplier<T> work, boolean onCarrier) {
      super(Objects.requireNonNull(work, "work")::get);
      this.deadline = deadline;
      this.onCarrier = onCarrier;
    }

    /** The computation that the current thread works on; null outside of any. */
    static Run<?> current() {
      return CURRENT.isBound() ? CURRENT.get() : null;
    }

    @Override
    public void run() {
      try {
        if (begin()) {
          compute();
        }
      } finally {
        if (onCarrier) {
          deadline.carriers.release();
        }
      }
    }

    private void compute() {
      try {
        ScopedValue.where(CURRENT, this).run(super::run);
      } finally {
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
        deadline.changeRunaways(this, -1);
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
      deadline.changeRunaways(this, +1);
      cancel(true);
      if (blamed) {
        throw failure;
      }
      if (hadTime) {
        throw new Overrun(limit);
      }
    }
  }

  /** A thread of the pool. */
  private static final class Worker extends Thread {
    private final long end = System.nanoTime() + LIFE.toNanos();

    Worker(Runnable task) {
      // No inheritable thread locals: those of the caller are not for other callers to see.
      super(null, task, THREAD, 0, false);
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
