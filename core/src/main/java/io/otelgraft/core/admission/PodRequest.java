package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.PodFacts;
import java.util.Optional;

/**
 * A pod to decide about.
 *
 * @param operation what is being done with it
 * @param pod the pod, or a workload's pod template; never touched
 * @param facts what is known of the pod beside its tree
 * @param before the pod before an update; empty otherwise
 */
public record PodRequest(
    Operation operation, ObjectNode pod, PodFacts facts, Optional<ObjectNode> before) {

  /** What is being done with a pod. */
  public enum Operation {
    /** It is being created. */
    CREATE,
    /** It exists and is being changed. */
    UPDATE,
    /** Something that injection has no part in. */
    OTHER
  }

  /** The creation of a pod. */
  public static PodRequest create(ObjectNode pod, PodFacts facts) {
    return new PodRequest(Operation.CREATE, pod, facts, Optional.empty());
  }
}
