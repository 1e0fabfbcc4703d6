package io.otelgraft.spi;

import java.util.Optional;

/**
 * A language's part of an {@code Instrumentation} resource, with defaults applied. Implemented by
 * the runtime.
 *
 * @since 1.0, stable
 */
public interface Section {

  /** The value of a setting, its default, or nothing when it has neither. */
  <T> Optional<T> get(Setting<T> setting);

  /**
   * The agent's image: the section's, else the operator's, else the language's default. There is
   * one when a plugin examines and injects.
   *
   * @throws IllegalStateException if the language has no agent, or nobody names an image
   */
  String image();

  /**
   * The name of {@link #image()}, taken apart: what is in an image may depend on its tag.
   *
   * @throws IllegalStateException as {@link #image()} does
   * @since 1.0, experimental
   */
  Image imageName();

  /** A variable of the section's {@code env}, else of the resource's common {@code env}. */
  Optional<Variable> env(String name);
}
