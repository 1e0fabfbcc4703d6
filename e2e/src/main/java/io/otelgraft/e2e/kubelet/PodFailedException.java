package io.otelgraft.e2e.kubelet;

/**
 * A pod that cannot run: the message is what {@code kubectl describe pod} would show, and the log
 * where there is one.
 */
public final class PodFailedException extends RuntimeException {

  private static final long serialVersionUID = 1;

  PodFailedException(String message) {
    super(message);
  }

  PodFailedException(String message, Throwable cause) {
    super(message, cause);
  }
}
