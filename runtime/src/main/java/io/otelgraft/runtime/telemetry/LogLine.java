package io.otelgraft.runtime.telemetry;

import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is told at one moment.
 *
 * @param at when
 * @param level how much it matters
 * @param logger who tells it
 * @param message what, for people
 * @param fields what, for programs, by key in the order in which they are told: strings, numbers,
 *     booleans and lists of strings
 * @param thrown what was thrown, if that is what is told
 */
record LogLine(
    Instant at,
    Level level,
    String logger,
    String message,
    Map<String, Object> fields,
    Optional<Throwable> thrown) {

  static LogLine of(Level level, String logger, String message, Throwable thrown) {
    return new LogLine(
        Instant.now(),
        level,
        logger,
        message == null ? "" : message,
        Map.of(),
        Optional.ofNullable(thrown));
  }

  /** The level as OpenTelemetry spells it. */
  String severity() {
    return level == Level.WARNING ? "WARN" : level.name();
  }

  /** A field's values, one or several. */
  static List<?> values(Object value) {
    return value instanceof List<?> list ? list : List.of(value);
  }
}
