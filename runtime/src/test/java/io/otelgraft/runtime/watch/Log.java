package io.otelgraft.runtime.watch;

import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.telemetry.Logging;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged while this is open. */
final class Log implements AutoCloseable {
  private static final int TIMESTAMP_LENGTH = "2026-01-01T00:00:00.000Z ".length();

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  Log() {
    Logging.configure(
        new ServerSettings.Log(ServerSettings.Log.Format.TEXT, System.Logger.Level.INFO), written);
  }

  /** Severity and message of each line, in their order. */
  List<String> lines() {
    return written
        .toString(StandardCharsets.UTF_8)
        .lines()
        .map(line -> line.substring(TIMESTAMP_LENGTH).replaceFirst(" +", " "))
        .toList();
  }

  @Override
  public void close() {
    Logging.configure(
        new ServerSettings.Log(ServerSettings.Log.Format.TEXT, System.Logger.Level.WARNING),
        System.err);
  }
}
