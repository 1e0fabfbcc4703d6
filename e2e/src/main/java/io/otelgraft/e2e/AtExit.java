package io.otelgraft.e2e;

/**
 * What has to be done when the virtual machine ends, whatever ends it, unless it was done before.
 */
public final class AtExit implements AutoCloseable {
  private final Thread hook;

  private AtExit(Thread hook) {
    this.hook = hook;
  }

  /** Does it at the end from now on. */
  public static AtExit run(Runnable action) {
    Thread hook = new Thread(action);
    Runtime.getRuntime().addShutdownHook(hook);
    return new AtExit(hook);
  }

  /** It need not be done any more. */
  @Override
  public void close() {
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The virtual machine is ending already; to do it twice does no harm.
    }
  }
}
