package io.otelgraft.runtime.image;

/**
 * A file or folder that holds no image, or none that was asked for; the message says what to do.
 */
public final class UnreadableImage extends RuntimeException {

  private static final long serialVersionUID = 1L;

  UnreadableImage(String message) {
    super(message, null, false, false);
  }
}
