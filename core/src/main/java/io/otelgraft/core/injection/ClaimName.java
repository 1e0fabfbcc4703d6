package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.AgentDelivery;
import java.util.Optional;

/**
 * The name of the claim that Kubernetes makes for a generic ephemeral volume: that of the pod, a
 * dash, that of the volume. The API server refuses a pod of which it would be too long.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/storage/ephemeral-volumes/#persistentvolumeclaim-naming">PersistentVolumeClaim
 *     naming</a>
 */
final class ClaimName {
  private static final int LONGEST = 253;

  /** A dash, and what makes the volume's name differ from one that is taken. */
  private static final int BETWEEN = "-".length() + "-99".length();

  private ClaimName() {}

  /** What is told if the pod's name leaves no room for the agent's claim; empty if it does. */
  static Optional<Finding> refusal(Choice choice, AgentDelivery delivery, JsonNode pod) {
    if (delivery != AgentDelivery.COPY || choice.section().volumeClaimTemplate().isEmpty()) {
      return Optional.empty();
    }
    // A name that is generated is short.
    int length = pod.path("metadata").path("name").asText().length();
    int longest = LONGEST - BETWEEN - InjectionDraft.agentVolume(choice.plugin().id()).length();
    return length <= longest
        ? Optional.empty()
        : Optional.of(
            choice
                .asked()
                .cannot(
                    Reasons.CLAIM_NAME_TOO_LONG,
                    "",
                    "the claim for the volume of "
                        + choice.plugin().language().title()
                        + " is named after the pod, whose name has "
                        + length
                        + " characters where "
                        + longest
                        + " fit",
                    "shorten the pod's name, or leave volumeClaimTemplate out of Instrumentation "
                        + choice.instrumentation().reference()));
  }
}
