package io.otelgraft.spi;

import java.util.Optional;

/**
 * The environment of a container, as far as it can be seen before the kubelet starts it.
 * Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface EnvView {

  /**
   * The entry that counts for a name: the pod's, else the section's, else the resource's common
   * one. Empty when there is none; an image's own variables are never seen.
   */
  Optional<Variable> get(String name);

  /** Whether a ConfigMap or Secret of {@code envFrom} may hold the name. */
  boolean mayHoldUnseen(String name);
}
