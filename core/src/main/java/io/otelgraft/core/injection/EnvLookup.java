package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.spi.EnvView;
import java.util.Optional;

/** A container's environment as pod and resource give it, before it is edited. */
interface EnvLookup extends EnvView {

  /**
   * The pod's own entry that counts: the last of that name, as for the kubelet, else what is told
   * of the image.
   */
  Optional<EnvVar> own(String name);

  /** The entry that counts: the pod's, else the section's, else the resource's common one. */
  Optional<EnvVar> find(String name);

  /** The sources of which the pod's container takes all keys. */
  EnvFrom envFrom();
}
