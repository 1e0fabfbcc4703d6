package io.otelgraft.deploy;

/** An image that cannot be made; the message says why, and what to do. */
final class Unbuildable extends RuntimeException {

  private static final long serialVersionUID = 1L;

  Unbuildable(String message) {
    super(message);
  }
}
