package io.otelgraft.runtime.telemetry;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.settings.ServerSettings.Log;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** How a line of the log looks. */
final class LogFormat {

  /** RFC 3339 with milliseconds, also where they are zero. */
  private static final DateTimeFormatter TIMESTAMP =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  /** Who is not named in lines for people: it is Graft's log. */
  private static final String OURS = "io.otelgraft";

  private LogFormat() {}

  /** The line with its end, UTF-8. */
  static byte[] bytes(Log.Format format, LogLine line) {
    return switch (format) {
      case TEXT -> text(line).getBytes(StandardCharsets.UTF_8);
      case JSON -> json(line);
    };
  }

  private static String text(LogLine line) {
    StringBuilder text = new StringBuilder(160);
    TIMESTAMP.formatTo(line.at(), text);
    text.append(' ').append(line.severity());
    text.repeat(' ', 6 - line.severity().length());
    if (!line.logger().startsWith(OURS)) {
      text.append(line.logger()).append(": ");
    }
    appendSafely(text, line.message());
    for (Map.Entry<String, Object> field : line.fields().entrySet()) {
      List<?> values = LogLine.values(field.getValue());
      // People, unlike programs, need not be told of nothing.
      if (!values.isEmpty()) {
        text.append(' ').append(field.getKey()).append('=');
        appendSafely(text, values.stream().map(LogFormat::word).collect(Collectors.joining(",")));
      }
    }
    text.append('\n');
    // The one thing of several lines: nobody reads a stack trace in one.
    line.thrown().ifPresent(thrown -> text.append(trace(thrown)));
    return text.toString();
  }

  private static String word(Object value) {
    String text = value.toString();
    return text.isEmpty() || text.chars().anyMatch(c -> c == ' ' || c == '"' || c == ',')
        ? '"' + text.replace("\"", "\\\"") + '"'
        : text;
  }

  /** What comes from outside begins no line of its own, and tells a terminal nothing. */
  private static void appendSafely(StringBuilder text, String untrusted) {
    untrusted
        .codePoints()
        .forEach(c -> {
          if (Character.isISOControl(c) || c == '\u2028' || c == '\u2029') {
            text.append(c == '\n' ? "\\n" : "\\u%04x".formatted(c));
          } else {
            text.appendCodePoint(c);
          }
        });
  }

  private static byte[] json(LogLine line) {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();
    tree.put("timestamp", TIMESTAMP.format(line.at()));
    tree.put("severity", line.severity());
    tree.put("logger", line.logger());
    tree.put("message", line.message());
    for (Map.Entry<String, Object> field : line.fields().entrySet()) {
      switch (field.getValue()) {
        case Boolean value -> tree.put(field.getKey(), value);
        case Integer value -> tree.put(field.getKey(), value);
        case Long value -> tree.put(field.getKey(), value);
        case Double value -> tree.put(field.getKey(), value);
        case Iterable<?> values -> {
          ArrayNode array = tree.putArray(field.getKey());
          values.forEach(value -> array.add(value.toString()));
        }
        default -> tree.put(field.getKey(), field.getValue().toString());
      }
    }
    line.thrown()
        .ifPresent(thrown -> {
          tree.put("exception.type", thrown.getClass().getName());
          if (thrown.getMessage() != null) {
            tree.put("exception.message", thrown.getMessage());
          }
          tree.put("exception.stacktrace", trace(thrown));
        });
    byte[] json = Json.write(tree);
    byte[] ended = Arrays.copyOf(json, json.length + 1);
    ended[json.length] = '\n';
    return ended;
  }

  private static String trace(Throwable thrown) {
    StringWriter trace = new StringWriter();
    thrown.printStackTrace(new PrintWriter(trace, true));
    return trace.toString();
  }
}
