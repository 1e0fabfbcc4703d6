package io.otelgraft.spi;

/**
 * A volume that injection added. Implemented by the runtime.
 *
 * @since 1.0, experimental
 */
public interface Volume {

  /**
   * Mounts it in a container where nothing else is mounted.
   *
   * @return the path; plugins never spell it
   */
  String mountIn(Container container);

  /** Mounts it in a container. */
  Volume mount(Container container, String path);

  /** Mounts it in place of what the container mounts at that path, which is reported. */
  Volume replace(Container container, String path);
}
