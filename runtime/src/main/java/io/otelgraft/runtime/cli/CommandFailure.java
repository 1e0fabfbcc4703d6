package io.otelgraft.runtime.cli;

/** A command that cannot be carried out; the message is one line that says what to do. */
final class CommandFailure extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CommandFailure(String message) {
    super(message, null, false, false);
  }
}
