package io.otelgraft.core.injection;

import java.util.Map;
import java.util.Optional;

/** Finds what controls the owner of a pod, such as the Deployment of a ReplicaSet. */
@FunctionalInterface
interface OwnerLookup {

  /**
   * What controls an owner; empty if nothing does, or if that cannot be told. Never waits.
   *
   * @param owner what a pod's owner reference names
   * @param labels the pod's labels
   * @param annotations the pod's annotations
   */
  Optional<Owner> controllerOf(
      Owner owner, Map<String, String> labels, Map<String, String> annotations);

  /**
   * Tells it by the names that controllers give to what they make, so that nothing has to be read
   * from the cluster.
   */
  static OwnerLookup byName() {
    return OwnerNames::controllerOf;
  }
}
