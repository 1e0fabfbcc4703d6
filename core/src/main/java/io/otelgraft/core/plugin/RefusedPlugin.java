package io.otelgraft.core.plugin;

import java.util.Objects;

/**
 * A jar, or folder of jars, that cannot be used.
 *
 * @param name its name in the plugins folder: {@code lang-x.jar}, or {@code lang-x/} for a folder
 * @param reason one line that says what is wrong and how to mend it
 */
public record RefusedPlugin(String name, String reason) {

  /** Takes both as they are. */
  public RefusedPlugin {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(reason, "reason");
  }

  @Override
  public String toString() {
    return name + ": " + reason;
  }
}
