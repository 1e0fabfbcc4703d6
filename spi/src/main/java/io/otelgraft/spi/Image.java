package io.otelgraft.spi;

import java.util.Optional;

/**
 * A container image's name, taken apart. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Image {

  /** Registry and path, without tag and digest. */
  String repository();

  /** The tag, if there is one. */
  Optional<String> tag();

  /** The digest with its algorithm, {@code sha256:...}, if there is one. */
  Optional<String> digest();
}
