package io.otelgraft.core.plugin;

/**
 * Where a {@link Deadline} gets its threads from: a new one for each computation, so that nothing
 * of one is left for the next to see, or to keep in memory.
 */
@FunctionalInterface
public interface Threads {

  /**
   * Platform threads. One that loops for ever leaves the others their share of the processors, and
   * nothing has to be done about it.
   */
  Threads PLATFORM =
      // No inheritable thread locals: those of the caller are not for plugins to see.
      computation ->
          Thread.ofPlatform()
              .name("graft-deadline")
              .daemon()
              .inheritInheritableThreadLocals(false)
              .start(computation);

  /** Starts a thread that runs a computation, and returns at once. */
  void start(Runnable computation);

  /**
   * Takes note of computations that have run for so long that they may never end. Called now and
   * then while computations run, with 0 once there is none of this kind any more.
   *
   * @param computations how many there are now; each keeps its thread
   */
  default void held(int computations) {}
}
