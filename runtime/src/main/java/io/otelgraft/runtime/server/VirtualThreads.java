package io.otelgraft.runtime.server;

import io.otelgraft.core.plugin.Threads;
import java.lang.management.ManagementFactory;
import java.util.concurrent.ThreadFactory;
import jdk.management.VirtualThreadSchedulerMXBean;

/**
 * Virtual threads for decisions: to pass one to another costs a virtual thread a microsecond, while
 * to wake a platform thread and be woken by it takes the system longer than many a decision.
 *
 * <p>A virtual thread that loops keeps the platform thread that carries it, of which there is one
 * for each processor; without more, a plugin that loops would take the whole server with it. So the
 * JDK is told to use another carrier for each that may be gone, for as long as it is.
 *
 * <p>Thread-safe.
 */
public final class VirtualThreads implements Threads {

  private final ThreadFactory factory =
      Thread.ofVirtual().name("graft-decision").inheritInheritableThreadLocals(false).factory();

  private int replaced;

  /** Of the one scheduler that a JVM has. */
  public VirtualThreads() {}

  @Override
  public void start(Runnable computation) {
    factory.newThread(computation).start();
  }

  @Override
  public synchronized void held(int computations) {
    if (computations == replaced) {
      return;
    }
    VirtualThreadSchedulerMXBean scheduler =
        ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
    scheduler.setParallelism(scheduler.getParallelism() + computations - replaced);
    replaced = computations;
    // It looks for a carrier when there is something to carry, and not before.
    factory.newThread(() -> {}).start();
  }
}
