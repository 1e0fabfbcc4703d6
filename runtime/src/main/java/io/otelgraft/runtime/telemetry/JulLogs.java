package io.otelgraft.runtime.telemetry;

import java.lang.System.Logger.Level;
import java.util.Map;
import java.util.Optional;
import java.util.logging.Formatter;
import java.util.logging.Handler;
import java.util.logging.LogManager;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;

/**
 * Sends what libraries tell to {@code java.util.logging} to {@link Logging}. The JDK makes one of
 * these when somebody logs there first, which may be never.
 */
public final class JulLogs {

  /** For the JDK, which takes this in place of its configuration file. */
  public JulLogs() {
    Logger root = LogManager.getLogManager().getLogger("");
    root.setLevel(java.util.logging.Level.ALL);
    root.addHandler(new Bridge());
  }

  static void route() {
    System.setProperty("java.util.logging.config.class", JulLogs.class.getName());
  }

  private static final class Bridge extends Handler {
    private static final Formatter MESSAGES = new SimpleFormatter();

    @Override
    public void publish(LogRecord told) {
      String logger = Optional.ofNullable(told.getLoggerName()).orElse("");
      Level level = level(told.getLevel());
      if (Logging.isLoggable(logger, level)) {
        Logging.write(
            new LogLine(
                told.getInstant(),
                level,
                logger,
                Optional.ofNullable(MESSAGES.formatMessage(told)).orElse(""),
                Map.of(),
                Optional.ofNullable(told.getThrown())));
      }
    }

    private static Level level(java.util.logging.Level level) {
      int value = level.intValue();
      if (value >= java.util.logging.Level.SEVERE.intValue()) {
        return Level.ERROR;
      }
      if (value >= java.util.logging.Level.WARNING.intValue()) {
        return Level.WARNING;
      }
      if (value >= java.util.logging.Level.INFO.intValue()) {
        return Level.INFO;
      }
      return value >= java.util.logging.Level.FINE.intValue() ? Level.DEBUG : Level.TRACE;
    }

    @Override
    public void flush() {
      // Lines are written as a whole.
    }

    @Override
    public void close() {
      // The stream is the process's.
    }
  }
}
