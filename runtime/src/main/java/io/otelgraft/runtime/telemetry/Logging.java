package io.otelgraft.runtime.telemetry;

import io.otelgraft.runtime.settings.ServerSettings.Log;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger.Level;

/**
 * Where this process logs: everything, whoever tells it, in one format to one stream. Until it is
 * configured that is standard error, for people, and nothing below a warning.
 *
 * <p>What libraries tell is of interest to who looks for an error in them: they are heard at {@code
 * debug} and {@code trace}, one level less than Graft, and else with warnings and errors only.
 *
 * <p>Thread-safe.
 */
public final class Logging {

  private static final String OURS = "io.otelgraft";

  private static volatile Logging current =
      new Logging(new Log(Log.Format.TEXT, Level.WARNING), System.err);

  private final Log settings;
  private final OutputStream stream;
  private final Level libraries;

  private Logging(Log settings, OutputStream stream) {
    this.settings = settings;
    this.stream = stream;
    this.libraries =
        switch (settings.level()) {
          case TRACE, ALL -> Level.DEBUG;
          case DEBUG -> Level.INFO;
          case INFO -> Level.WARNING;
          case WARNING, ERROR, OFF -> settings.level();
        };
  }

  /** Logs like this from now on. */
  public static void configure(Log settings, OutputStream stream) {
    Logging configured = new Logging(settings, stream);
    current = configured;
    JulLogs.route();
  }

  /** Whether anybody hears what a logger tells at a level. */
  static boolean isLoggable(String logger, Level level) {
    return level != Level.OFF && current.threshold(logger).compareTo(level) <= 0;
  }

  /** Writes a line if anybody wants it. A stream that is broken has nobody who could be told. */
  static void write(LogLine line) {
    if (isLoggable(line.logger(), line.level())) {
      current.put(line);
    }
  }

  private Level threshold(String logger) {
    return logger.startsWith(OURS) ? settings.level() : libraries;
  }

  private void put(LogLine line) {
    byte[] bytes = LogFormat.bytes(settings.format(), line);
    try {
      synchronized (stream) {
        stream.write(bytes);
        stream.flush();
      }
    } catch (IOException e) {
      // Nobody is left to tell.
    }
  }
}
