package io.otelgraft.runtime.telemetry;

import java.text.MessageFormat;
import java.util.MissingResourceException;
import java.util.Optional;
import java.util.ResourceBundle;

/**
 * Sends what is told to {@link System.Logger}s, as Graft, Helidon and the JDK do, to {@link
 * Logging}. Beside having one format, this keeps the JDK's own logging unloaded, which would take
 * longer to start than Graft's, and which stops to log as soon as the process is told to end.
 */
public final class SystemLogs extends System.LoggerFinder {

  /** For the JDK. */
  public SystemLogs() {}

  @Override
  public System.Logger getLogger(String name, Module module) {
    return new Named(name);
  }

  private record Named(String name) implements System.Logger {

    @Override
    public String getName() {
      return name;
    }

    @Override
    public boolean isLoggable(Level level) {
      return Logging.isLoggable(name, level);
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String message, Throwable thrown) {
      if (isLoggable(level)) {
        Logging.write(LogLine.of(level, name, localised(bundle, message), thrown));
      }
    }

    @Override
    public void log(Level level, ResourceBundle bundle, String format, Object... parameters) {
      if (isLoggable(level)) {
        Logging.write(
            LogLine.of(level, name, formatted(localised(bundle, format), parameters), null));
      }
    }

    private static String localised(ResourceBundle bundle, String key) {
      try {
        return bundle == null || key == null ? key : bundle.getString(key);
      } catch (MissingResourceException e) {
        return key;
      }
    }

    private static String formatted(String format, Object... parameters) {
      if (format == null || parameters == null || parameters.length == 0) {
        return Optional.ofNullable(format).orElse("");
      }
      try {
        return MessageFormat.format(format, parameters);
      } catch (IllegalArgumentException e) {
        return format;
      }
    }
  }
}
