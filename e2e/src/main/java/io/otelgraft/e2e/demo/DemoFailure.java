package io.otelgraft.e2e.demo;

/** Something that the demonstration claims is not so; the message says what, in one line. */
final class DemoFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  DemoFailure(String message) {
    super(message);
  }

  DemoFailure(String message, Throwable cause) {
    super(message, cause);
  }

  /** Holds a claim against what is. */
  static void unless(boolean isSo, String otherwise) {
    if (!isSo) {
      throw new DemoFailure(otherwise);
    }
  }
}
