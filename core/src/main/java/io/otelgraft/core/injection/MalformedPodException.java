package io.otelgraft.core.injection;

/** The pod has a shape that no API server accepts; the message says where. */
public final class MalformedPodException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MalformedPodException(String message) {
    super(message, null, false, false);
  }
}
