package io.otelgraft.core.plugin;

import java.lang.reflect.InvocationTargetException;
import java.util.ServiceConfigurationError;
import java.util.Set;

/** Turns what a plugin threw into one line, and lets go of it. */
final class Thrown {
  private static final int LONGEST = 400;
  private static final Set<Class<?>> WRAPPERS =
      Set.of(
          ServiceConfigurationError.class,
          ExceptionInInitializerError.class,
          InvocationTargetException.class);

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

  /** What was thrown beneath the wrappers that the JDK put around it, which are not code of it. */
  static Throwable root(Throwable thrown) {
    Throwable root = thrown;
    while (WRAPPERS.contains(root.getClass()) && root.getCause() != null) {
      root = root.getCause();
    }
    return root;
  }

  /** The message of an exception of the JDK; its class if it has none. */
  static String message(Throwable thrown) {
    return oneLine(thrown.getMessage() == null ? thrown.toString() : thrown.getMessage());
  }

  /** The text without line breaks, and not longer than a log line should be. */
  private static String oneLine(String text) {
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
