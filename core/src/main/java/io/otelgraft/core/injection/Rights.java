package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Need;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What the parts that a language adds to a pod may do, whatever it declares: a resource may give
 * them a security context of its own, and the operator may want them privileged. Containers that
 * have the context of the target may do no more than that and are not among them.
 *
 * @param contexts the security contexts that plugin or resource spelled out
 * @param pod the security context of the pod
 * @param others needs that do not show in these
 */
record Rights(List<ObjectNode> contexts, JsonNode pod, Set<Need> others) {

  /** The needs that these parts have. */
  Set<Need> needs() {
    Set<Need> needs = EnumSet.noneOf(Need.class);
    needs.addAll(others);
    for (ObjectNode context : contexts) {
      if (context.path("privileged").asBoolean(false)) {
        needs.add(Need.PRIVILEGED);
      }
      if (!PodSecurityLevel.beyondBaseline(context.path("capabilities")).isEmpty()) {
        needs.add(Need.CAPABILITIES);
      }
      if (PodSecurityLevel.isRoot(PodSecurityLevel.effective(context, pod, "runAsUser"))) {
        needs.add(Need.ROOT);
      }
    }
    return needs;
  }

  /**
   * What forbids one of the contexts to run as root: its own word, by which the kubelet would never
   * start it, or that of the pod, unless the language declares that it has to.
   *
   * @param declared what the language declares
   * @return as one would write it; empty if nothing
   */
  Optional<String> againstRoot(Set<Need> declared) {
    boolean podIsNonRoot = pod.path("runAsNonRoot").asBoolean(false);
    for (ObjectNode context : contexts) {
      if (PodSecurityLevel.isRoot(PodSecurityLevel.effective(context, pod, "runAsUser"))) {
        if (context.path("runAsNonRoot").asBoolean(false)) {
          return Optional.of("its own runAsNonRoot: true");
        }
        if (podIsNonRoot && !declared.contains(Need.ROOT)) {
          return Optional.of("runAsNonRoot: true of the pod");
        }
      }
    }
    return Optional.empty();
  }

  /** What a level of pod security forbids in one of the contexts; empty if nothing. */
  Optional<String> breach(PodSecurityLevel level) {
    return contexts.stream().flatMap(context -> level.breach(context, pod).stream()).findFirst();
  }
}
