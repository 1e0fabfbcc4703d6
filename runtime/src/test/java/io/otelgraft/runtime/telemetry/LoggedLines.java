package io.otelgraft.runtime.telemetry;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.settings.ServerSettings.Log;
import java.io.ByteArrayOutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** What is logged from when this is made until it is closed. */
final class LoggedLines implements AutoCloseable {

  private final ByteArrayOutputStream written = new ByteArrayOutputStream();

  LoggedLines(Log.Format format, Level level) {
    Logging.configure(new Log(format, level), written);
  }

  static LoggedLines json() {
    return new LoggedLines(Log.Format.JSON, Level.INFO);
  }

  String text() {
    return written.toString(StandardCharsets.UTF_8);
  }

  List<String> lines() {
    return text().lines().toList();
  }

  /** The lines as objects; that each is one is half of what is tested. */
  List<ObjectNode> objects() {
    return lines().stream().map(line -> Json.read(line.getBytes(StandardCharsets.UTF_8))).toList();
  }

  @Override
  public void close() {
    Logging.configure(new Log(Log.Format.TEXT, Level.WARNING), System.err);
  }
}
