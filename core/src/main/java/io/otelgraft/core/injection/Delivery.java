package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.AgentDelivery;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Need;
import java.util.List;
import java.util.Optional;

/**
 * How the agent of one language gets into one pod. The first that says: annotation of the pod,
 * annotation of its namespace, the resource, the operator's settings.
 *
 * <p>Where image volumes are asked for and cannot be had, the agent is copied, and the user is told
 * why. Only a pod that asks for them itself, in a cluster that lacks them, is refused: that is what
 * its author said, and wrote for this cluster.
 *
 * @param way copy or image volume
 * @param source who says so; the empty string where nobody does, or something else was asked for
 * @param findings what the user is to be told
 */
record Delivery(AgentDelivery way, String source, List<Finding> findings) {

  /** Who asks for a way, and whether it is the pod itself. */
  private record Wish(AgentDelivery way, String source, boolean ofPod) {}

  static Delivery of(
      Choice choice, PodFacts pod, Optional<NamespaceFacts> namespace, Settings settings) {
    Language language = choice.plugin().language();
    if (!language.hasAgent()) {
      return copied("");
    }
    String own = pod.annotations().get(Annotations.AGENT_DELIVERY);
    String inherited =
        namespace.map(facts -> facts.annotations().get(Annotations.AGENT_DELIVERY)).orElse(null);
    String annotated = own != null ? own : inherited;
    Optional<AgentDelivery> named =
        Optional.ofNullable(annotated).flatMap(text -> AgentDelivery.of(text.strip()));
    Wish wish =
        named
            .map(way -> new Wish(way, annotation(own != null), own != null))
            .orElseGet(() -> unlessAnnotated(choice.instrumentation(), settings));
    if (annotated != null && !annotated.isBlank() && named.isEmpty()) {
      return copied("", invalid(choice, annotated, own != null));
    }
    if (wish.way == AgentDelivery.COPY) {
      return copied(wish.source);
    }
    Optional<String> hindrance = settings.cluster().withoutImageVolumes();
    if (hindrance.isPresent()) {
      return copied("", unavailable(choice, wish, hindrance.get()));
    }
    for (Need need : language.needs()) {
      if (need == Need.WRITABLE_AGENT || need == Need.EXECUTABLE_AGENT) {
        return copied("", needed(choice, wish, need));
      }
    }
    return new Delivery(wish.way, wish.source, List.of());
  }

  private static Delivery copied(String source, Finding... findings) {
    return new Delivery(AgentDelivery.COPY, source, List.of(findings));
  }

  private static Wish unlessAnnotated(Instrumentation instrumentation, Settings settings) {
    return instrumentation
        .agentDelivery()
        .map(way -> new Wish(way, "spec.agentDelivery of " + instrumentation.reference(), false))
        .orElseGet(() ->
            settings.agentDelivery() == AgentDelivery.COPY
                ? new Wish(AgentDelivery.COPY, "", false)
                : new Wish(settings.agentDelivery(), "setting agent-delivery", false));
  }

  private static String annotation(boolean ofPod) {
    return "annotation %s of the %s"
        .formatted(Annotations.AGENT_DELIVERY, ofPod ? "pod" : "namespace");
  }

  private static Finding invalid(Choice choice, String text, boolean ofPod) {
    String message =
        "the %s: %s is not one of copy, image-volume".formatted(annotation(ofPod), text);
    String fix = "correct or remove it";
    return ofPod
        ? choice.asked().cannot(Reasons.ANNOTATION_INVALID, "", message, fix)
        : Finding.warning(
            Reasons.ANNOTATION_INVALID, choice.plugin().id(), "", message + "; it is copied", fix);
  }

  private static Finding unavailable(Choice choice, Wish wish, String hindrance) {
    String message =
        "the agent of %s cannot be mounted from its image, as %s asks: %s"
            .formatted(choice.plugin().id(), wish.source, hindrance);
    return wish.ofPod
        ? choice
            .asked()
            .cannot(
                Reasons.IMAGE_VOLUMES_UNAVAILABLE,
                "",
                message,
                "write %s: copy".formatted(Annotations.AGENT_DELIVERY))
        : Finding.warning(
            Reasons.IMAGE_VOLUMES_UNAVAILABLE,
            choice.plugin().id(),
            "",
            message + "; it is copied",
            "");
  }

  /** Nobody's mistake, unless the pod asks for what its language cannot have. */
  private static Finding needed(Choice choice, Wish wish, Need need) {
    String message =
        "the agent of %s is copied, although %s asks for an image volume: %s"
            .formatted(
                choice.plugin().id(),
                wish.source,
                need == Need.WRITABLE_AGENT
                    ? "it writes into its own directory"
                    : "it brings native code, and image volumes may be mounted noexec");
    String id = choice.plugin().id();
    return wish.ofPod
        ? Finding.warning(Reasons.AGENT_COPIED, id, "", message, "")
        : Finding.note(Reasons.AGENT_COPIED, id, "", message);
  }

  boolean isRefused() {
    for (Finding finding : findings) {
      if (finding.severity() == Finding.Severity.REFUSAL) {
        return true;
      }
    }
    return false;
  }
}
