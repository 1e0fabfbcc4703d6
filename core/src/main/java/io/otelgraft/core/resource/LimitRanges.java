package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the LimitRanges of a namespace allow a container that is added to a pod.
 *
 * @param items the {@code spec.limits} of all of them
 * @see <a href="https://kubernetes.io/docs/concepts/policy/limit-range/">Limit Ranges</a>
 */
public record LimitRanges(List<JsonNode> items) {

  /** Of a namespace that has none, as far as is known. */
  public static final LimitRanges NONE = new LimitRanges(List.of());

  private static final String[] COUNTED = {"cpu", "memory", "ephemeral-storage"};

  public LimitRanges {
    items = List.copyOf(items);
  }

  /** These and those of one more object of kind LimitRange. */
  LimitRanges and(JsonNode limitRange) {
    List<JsonNode> more = new ArrayList<>(items);
    limitRange.path("spec").path("limits").forEach(more::add);
    return new LimitRanges(more);
  }

  /**
   * The resources that come nearest to what is wanted and are allowed. What is neither requested
   * nor limited is left to the API server, which gives the namespace's defaults.
   *
   * @param wanted requests and limits as a container has them; not changed
   * @param counts whether the container's resources count beside those of the others; otherwise it
   *     has ended before these start, and the pod has whichever is more
   * @return {@code wanted} itself if that is allowed
   */
  public ObjectNode fit(ObjectNode wanted, boolean counts) {
    if (items.isEmpty() || wanted.isEmpty()) {
      return wanted;
    }
    ObjectNode fitting = wanted.deepCopy();
    for (JsonNode item : items) {
      boolean ofContainers = item.path("type").asText().equals("Container");
      if (ofContainers || (!counts && item.path("type").asText().equals("Pod"))) {
        for (String resource : COUNTED) {
          fit(fitting, resource, item, ofContainers);
        }
      }
    }
    return fitting.equals(wanted) ? wanted : fitting;
  }

  private static void fit(ObjectNode fitting, String resource, JsonNode item, boolean alone) {
    Optional<BigDecimal> limit = amount(fitting.path("limits"), resource);
    Optional<BigDecimal> request = amount(fitting.path("requests"), resource);
    Optional<BigDecimal> most = amount(item.path("max"), resource);
    if (limit.isEmpty() && request.isEmpty()) {
      return;
    }
    if (most.isPresent() && limit.isPresent() && limit.get().compareTo(most.get()) > 0) {
      fitting.withObject("/limits").set(resource, item.path("max").get(resource));
      limit = most;
    }
    // The limit that the API server gives is no less than the request either.
    JsonNode given = item.path("default").has(resource) ? item.path("default") : item.path("max");
    Optional<BigDecimal> bound = limit.isPresent() ? limit : amount(given, resource);
    if (bound.isPresent() && request.isPresent() && request.get().compareTo(bound.get()) > 0) {
      JsonNode from = limit.isPresent() ? fitting.path("limits") : given;
      fitting.withObject("/requests").set(resource, from.get(resource));
      request = bound;
    }
    if (alone) {
      raise(fitting, resource, item, limit, request);
    }
  }

  private static void raise(
      ObjectNode fitting,
      String resource,
      JsonNode item,
      Optional<BigDecimal> limit,
      Optional<BigDecimal> request) {
    Optional<BigDecimal> least = amount(item.path("min"), resource);
    if (least.isPresent() && limit.isPresent() && limit.get().compareTo(least.get()) < 0) {
      fitting.withObject("/limits").set(resource, item.path("min").get(resource));
    }
    if (least.isPresent() && request.isPresent() && request.get().compareTo(least.get()) < 0) {
      fitting.withObject("/requests").set(resource, item.path("min").get(resource));
    }
    Optional<BigDecimal> ratio = amount(item.path("maxLimitRequestRatio"), resource);
    Optional<BigDecimal> limited = amount(fitting.path("limits"), resource);
    Optional<BigDecimal> requested = amount(fitting.path("requests"), resource);
    if (ratio.isPresent()
        && limited.isPresent()
        && requested.isPresent()
        && ratio.get().signum() > 0
        && limited.get().compareTo(requested.get().multiply(ratio.get())) > 0) {
      fitting.withObject("/requests").put(resource, share(resource, limited.get(), ratio.get()));
    }
  }

  /** The least request that a limit allows: in thousandths of a processor, or in bytes. */
  private static String share(String resource, BigDecimal limit, BigDecimal ratio) {
    boolean thousandths = resource.equals("cpu");
    BigDecimal unit = thousandths ? limit.movePointRight(3) : limit;
    String whole = unit.divide(ratio, 0, RoundingMode.CEILING).toPlainString();
    return thousandths ? whole + "m" : whole;
  }

  private static Optional<BigDecimal> amount(JsonNode amounts, String resource) {
    return amounts.has(resource) ? Quantity.parse(amounts.get(resource)) : Optional.empty();
  }
}
