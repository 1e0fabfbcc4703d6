package io.otelgraft.spi;

import java.util.Objects;

/**
 * Where an agent's files are: a path in an image.
 *
 * @since 1.0, stable
 */
public final class AgentSource {
  private final String image;
  private final String path;
  private final boolean directory;

  private AgentSource(String image, String path, boolean directory) {
    this.image = Objects.requireNonNull(image, "image");
    this.path = Objects.requireNonNull(path, "path");
    this.directory = directory;
    if (!path.startsWith("/")) {
      throw new IllegalArgumentException("\"" + path + "\" is not an absolute path in an image");
    }
  }

  /** One file. */
  public static AgentSource file(String image, String path) {
    return new AgentSource(image, path, false);
  }

  /** All that a directory holds. */
  public static AgentSource directory(String image, String path) {
    return new AgentSource(image, path, true);
  }

  /** The image. */
  public String image() {
    return image;
  }

  /** The absolute path in the image. */
  public String path() {
    return path;
  }

  /** Whether the path is a directory. */
  public boolean isDirectory() {
    return directory;
  }
}
