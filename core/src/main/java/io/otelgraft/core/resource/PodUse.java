package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * What the containers of a pod request and are limited to, and what that comes to together, as the
 * API server's LimitRanger counts it. It leaves out the overhead of a runtime class.
 *
 * @param parts the init containers in their order, then the others
 * @param ofPod the {@code resources} of the pod as a whole, which count in place of the sum
 * @see <a
 *     href="https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers">Resource
 *     sharing within containers</a>
 */
public record PodUse(List<Part> parts, JsonNode ofPod) {

  /** When a container runs. */
  public enum Kind {
    /** To its end, before the containers start and the init containers behind it. */
    INIT,
    /** Beside the init containers behind it, and the containers. */
    SIDECAR,
    /** Beside the other containers. */
    CONTAINER
  }

  /**
   * One container.
   *
   * @param name its name
   * @param kind when it runs
   * @param resources its {@code resources}
   */
  public record Part(String name, Kind kind, JsonNode resources) {}

  /** The resources that can be given to a pod as a whole. */
  private static final Set<String> OF_PODS = Set.of("cpu", "memory");

  public PodUse {
    parts = List.copyOf(parts);
  }

  /** The same pod with other resources in one container. */
  public PodUse with(String name, JsonNode resources) {
    List<Part> changed = new ArrayList<>(parts);
    changed.replaceAll(
        part -> part.name().equals(name) ? new Part(name, part.kind(), resources) : part);
    return new PodUse(changed, ofPod);
  }

  /** The same pod with something done to the resources of each container. */
  PodUse each(UnaryOperator<JsonNode> change) {
    List<Part> changed = new ArrayList<>(parts);
    changed.replaceAll(part -> new Part(part.name(), part.kind(), change.apply(part.resources())));
    return new PodUse(changed, ofPod);
  }

  /**
   * What the pod comes to.
   *
   * @param half {@code requests} or {@code limits}
   * @param resource such as {@code cpu}
   * @return empty if no container says anything of it
   */
  public Optional<BigDecimal> total(String half, String resource) {
    return isOfPod(half, resource) ? amount(ofPod, half, resource) : together(half, resource);
  }

  /** Whether the pod says it as a whole, whatever its containers say. */
  boolean isOfPod(String half, String resource) {
    return OF_PODS.contains(resource) && ofPod.path(half).has(resource);
  }

  /** What the sidecars come to that run beside an init container; empty if they say nothing. */
  public Optional<BigDecimal> sidecarsBefore(String init, String half, String resource) {
    Optional<BigDecimal> sidecars = Optional.empty();
    for (Part part : parts) {
      if (part.name().equals(init)) {
        break;
      }
      if (part.kind() == Kind.SIDECAR) {
        sidecars = plus(sidecars, amount(part.resources(), half, resource));
      }
    }
    return sidecars;
  }

  private Optional<BigDecimal> together(String half, String resource) {
    Optional<BigDecimal> running = Optional.empty();
    Optional<BigDecimal> sidecars = Optional.empty();
    Optional<BigDecimal> starting = Optional.empty();
    for (Part part : parts) {
      Optional<BigDecimal> amount = amount(part.resources(), half, resource);
      switch (part.kind()) {
        case INIT -> starting = more(starting, plus(sidecars, amount));
        case SIDECAR -> {
          running = plus(running, amount);
          sidecars = plus(sidecars, amount);
          starting = more(starting, sidecars);
        }
        case CONTAINER -> running = plus(running, amount);
      }
    }
    return more(running, starting);
  }

  private static Optional<BigDecimal> plus(Optional<BigDecimal> one, Optional<BigDecimal> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().add(other.get()))
        : one.or(() -> other);
  }

  private static Optional<BigDecimal> more(Optional<BigDecimal> one, Optional<BigDecimal> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().max(other.get()))
        : one.or(() -> other);
  }

  /** An amount of a container's or pod's resources; empty if there is none. */
  static Optional<BigDecimal> amount(JsonNode resources, String half, String resource) {
    JsonNode amounts = resources.path(half);
    return amounts.has(resource) ? Quantity.parse(amounts.get(resource)) : Optional.empty();
  }
}
