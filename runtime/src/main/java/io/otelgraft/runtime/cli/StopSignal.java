package io.otelgraft.runtime.cli;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/**
 * How a process is told to stop. Unlike a shutdown hook this tells the signals apart, and leaves
 * the exit code to the command, which did as it was told and did not fail.
 */
enum StopSignal {
  /** By what supervises it: the kubelet, systemd, {@code kill}. */
  TERM,
  /** By somebody who pressed Ctrl-C. */
  INT;

  /** What a shell makes of a process that SIGTERM has ended. */
  private static final int AT_ONCE = 128 + 15;

  /** Handles signals from now on. The first completes this; the second ends the process at once. */
  static CompletableFuture<StopSignal> first() {
    CompletableFuture<StopSignal> first = new CompletableFuture<>();
    for (StopSignal signal : values()) {
      signal.handle(_ -> {
        if (!first.complete(signal)) {
          Runtime.getRuntime().halt(AT_ONCE);
        }
      });
    }
    return first;
  }

  /** By reflection, as javac warns of this class beyond suppression, and there is no other. */
  private void handle(Consumer<Object> action) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      MethodHandle handle =
          MethodHandles.lookup()
              .findVirtual(
                  Consumer.class, "accept", MethodType.methodType(void.class, Object.class))
              .bindTo(action);
      signal
          .getMethod("handle", signal, handler)
          .invoke(
              null,
              signal.getConstructor(String.class).newInstance(name()),
              MethodHandleProxies.asInterfaceInstance(handler, handle));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("no signal can be handled", e);
    }
  }
}
