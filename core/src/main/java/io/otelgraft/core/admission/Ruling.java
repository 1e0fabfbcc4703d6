package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.PatchOperation;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What comes of a review.
 *
 * @param denial the Status that says why the request is denied; empty if it is allowed
 * @param warnings what the user is shown, a line each
 * @param patch what is changed in the object; empty if nothing is
 * @param audit what the API server's audit log keeps of it, by key
 * @param decision what was decided about a pod; empty for other objects
 */
record Ruling(
    Optional<ObjectNode> denial,
    List<String> warnings,
    List<PatchOperation> patch,
    Map<String, String> audit,
    Optional<Decision> decision) {

  /** The request is allowed, and there is nothing to say. */
  static final Ruling ALLOWED = allowed(List.of());

  static Ruling allowed(List<String> warnings) {
    return new Ruling(Optional.empty(), warnings, List.of(), Map.of(), Optional.empty());
  }

  static Ruling denied(ObjectNode status, List<String> warnings) {
    return new Ruling(Optional.of(status), warnings, List.of(), Map.of(), Optional.empty());
  }

  /** The same, with warnings that reach the user. */
  Ruling fitted() {
    return warnings.isEmpty()
        ? this
        : new Ruling(denial, Warnings.fitted(warnings), patch, audit, decision);
  }
}
