package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LimitRanges;
import io.otelgraft.core.resource.PodUse;
import io.otelgraft.core.resource.Quantity;
import io.otelgraft.spi.Language;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.List;
import java.util.Optional;

/**
 * What the containers of a pod may use of ephemeral storage together, of which Graft takes nothing.
 *
 * <p>The kubelet evicts a pod that uses more than its limit: with all files in emptyDirs, wherever
 * they come from. The limit is that of the containers and sidecars together, or of an init
 * container if that is more, and it holds for as long as the pod runs. So what Graft adds is added
 * to the limit through an init container that it adds anyway; the limits of the pod's own
 * containers, each of which the kubelet watches by itself, stay as they are. A pod without any such
 * limit is never evicted for it, and gets none.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/#local-ephemeral-storage">Local
 *     ephemeral storage</a>
 */
final class EphemeralStorage {
  private static final String RESOURCE = "ephemeral-storage";
  private static final String LIMITS = "limits";
  private static final String REQUESTS = "requests";

  private final Optional<BigDecimal> limit;
  private final LimitRanges ranges;
  private final boolean raised;

  private EphemeralStorage(Optional<BigDecimal> limit, LimitRanges ranges, boolean raised) {
    this.limit = limit;
    this.ranges = ranges;
    this.raised = raised;
  }

  /**
   * That of a pod before anything is added.
   *
   * @param ranges the LimitRanges of its namespace, which give limits to containers without
   * @param raised whether to raise the limit by what is added
   */
  static EphemeralStorage of(PodDraft pod, LimitRanges ranges, boolean raised) {
    return new EphemeralStorage(
        completed(pod.use(), ranges).total(LIMITS, RESOURCE), ranges, raised);
  }

  /** As the API server completes it, as far as limits go: most namespaces give none. */
  private static PodUse completed(PodUse use, LimitRanges ranges) {
    return ranges.isEmpty() ? use : ranges.completed(use);
  }

  /**
   * Whether resources have a limit that would be the first of the pod, and so that of all of it.
   */
  boolean isFirstLimit(ObjectNode resources) {
    return limit.isEmpty() && resources.path(LIMITS).has(RESOURCE);
  }

  /** Resources without a limit of ephemeral storage. */
  static ObjectNode withoutLimit(ObjectNode resources) {
    ObjectNode without = resources.deepCopy();
    ObjectNode limits = (ObjectNode) without.get(LIMITS);
    limits.remove(RESOURCE);
    if (limits.isEmpty()) {
      without.remove(LIMITS);
    }
    return without;
  }

  /**
   * Raises the limit by what the volumes that were added may take.
   *
   * @param inits the init containers that a language added
   * @return what there is to tell if the pod's containers have less than before
   */
  Optional<Finding> keep(
      PodDraft pod, List<ContainerDraft> inits, Language language, Instrumentation by) {
    if (limit.isEmpty()) {
      return Optional.empty();
    }
    Optional<BigDecimal> added = pod.addedEphemeralStorage();
    if (added.isEmpty()) {
      return Optional.of(
          shortage(
              language,
              "the volumes that are added may take any amount of ephemeral-storage, which counts against the %s that the pod's containers are limited to together"
                  .formatted(written(limit.get())),
              "set volumeLimitSize to what the agent takes"));
    }
    BigDecimal needed = limit.get().add(added.get());
    BigDecimal most = total(pod.use());
    if (raised && most.compareTo(needed) < 0 && !inits.isEmpty()) {
      most = raise(pod, inits.getFirst(), needed, most, by);
    }
    if (most.compareTo(needed) >= 0) {
      return Optional.empty();
    }
    return Optional.of(
        shortage(
            language,
            "the volumes that are added may take %s of ephemeral-storage, which counts against the %s that the pod's containers are limited to together; %s"
                .formatted(written(added.get()), written(most), cause(inits)),
            "set volumeLimitSize to what the agent takes and raise the limit, or have the agent"
                + " mounted from its image (agent-delivery)"));
  }

  private String cause(List<ContainerDraft> inits) {
    if (!raised) {
      return "the setting keep-ephemeral-storage is false";
    }
    return inits.isEmpty()
        ? "no init container was added that could raise the limit"
        : "the namespace's LimitRange does not let the limit be raised by that";
  }

  private static Finding shortage(Language language, String what, String fix) {
    return Finding.warning(
        Reasons.EPHEMERAL_STORAGE_SHORT,
        language.id(),
        "",
        what + "; over the limit the kubelet evicts the pod",
        fix);
  }

  /** Raises the limit as far as is allowed, and gives it. */
  private BigDecimal raise(
      PodDraft pod, ContainerDraft init, BigDecimal needed, BigDecimal before, Instrumentation by) {
    PodUse use = pod.use();
    JsonNode current = init.field("resources");
    ObjectNode resources =
        current instanceof ObjectNode given
            ? given.deepCopy()
            : JsonNodeFactory.instance.objectNode();
    BigDecimal beside =
        completed(use, ranges)
            .sidecarsBefore(init.name(), LIMITS, RESOURCE)
            .orElse(BigDecimal.ZERO);
    ObjectNode wanted = JsonNodeFactory.instance.objectNode();
    wanted.putObject(LIMITS).put(RESOURCE, written(needed.subtract(beside)));
    wanted.putObject(REQUESTS).set(RESOURCE, request(resources));
    ObjectNode fitting = ranges.fit(wanted, use, init.name());
    for (String half : List.of(LIMITS, REQUESTS)) {
      resources.withObject("/" + half).set(RESOURCE, fitting.path(half).path(RESOURCE));
    }
    PodUse after = use.with(init.name(), resources);
    boolean forbidden = ranges.breach(use).isEmpty() && ranges.breach(after).isPresent();
    if (forbidden || total(after).compareTo(before) <= 0) {
      return before;
    }
    String source = "limits of the pod's containers";
    init.set(
        "resources",
        resources,
        new Origin(
            init.addedBy().language(),
            "keep the ephemeral storage of the pod",
            current.isEmpty() ? source : source + ", spec of " + by.reference()));
    return total(after);
  }

  /**
   * What the container asks the scheduler for: what it does without the limit, which the API server
   * would take for a request that is missing.
   */
  private static JsonNode request(JsonNode resources) {
    for (String half : List.of(REQUESTS, LIMITS)) {
      if (resources.path(half).has(RESOURCE)) {
        return resources.path(half).get(RESOURCE);
      }
    }
    return TextNode.valueOf("0");
  }

  private BigDecimal total(PodUse use) {
    return completed(use, ranges).total(LIMITS, RESOURCE).orElse(BigDecimal.ZERO);
  }

  private static String written(BigDecimal bytes) {
    return Quantity.ofBytes(bytes.setScale(0, RoundingMode.CEILING).toBigIntegerExact());
  }
}
