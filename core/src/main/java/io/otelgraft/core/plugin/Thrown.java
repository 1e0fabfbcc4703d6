package io.otelgraft.core.plugin;

import java.lang.reflect.InvocationTargetException;
import java.util.ServiceConfigurationError;

/** Turns what a plugin threw into one line, and lets go of it. */
final class Thrown {
  private static final int LONGEST = 400;

  private Thrown() {}

  /**
   * Class, message and place of the root cause.
   *
   * <p>Messages and causes are code of the plugin as well, which may throw in its turn; then the
   * class has to do.
   */
  static String describe(Throwable thrown) {
    try {
      var root = root(thrown);
      var line = new StringBuilder(root.getClass().getName());
      String message = root.getMessage();
      if (message != null && !message.isBlank()) {
        line.append(": ").append(message);
      }
      StackTraceElement[] trace = root.getStackTrace();
      if (trace.length > 0) {
        line.append(", at ").append(place(trace[0]));
      }
      return oneLine(line.toString());
    } catch (Throwable again) {
      return thrown.getClass().getName();
    }
  }

  /** What was thrown beneath the wrappers that reflection and the service loader put around it. */
  static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (root.getCause() != null
        && (root instanceof ServiceConfigurationError
            || root instanceof ExceptionInInitializerError
            || root instanceof InvocationTargetException)) {
      root = root.getCause();
    }
    return root;
  }

  /** The text without line breaks, and not longer than a log line should be. */
  static String oneLine(String text) {
    String line = text.strip().replaceAll("\\s*[\\r\\n]+\\s*", " ");
    return line.length() <= LONGEST ? line : line.substring(0, LONGEST) + "…";
  }

  private static String place(StackTraceElement frame) {
    return frame.getClassName()
        + "."
        + frame.getMethodName()
        + (frame.getFileName() == null
            ? ""
            : " (" + frame.getFileName() + ":" + frame.getLineNumber() + ")");
  }
}
