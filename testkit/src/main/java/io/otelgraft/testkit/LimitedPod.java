package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod as the LimitRanges of its namespace see it: {@code plugin/pkg/admission/limitranger} of
 * Kubernetes, which first fills in their defaults.
 */
final class LimitedPod {
  private static final String LIMITS = "limits";
  private static final String REQUESTS = "requests";

  private LimitedPod() {}

  /**
   * Why a pod would not be admitted.
   *
   * @param items the {@code spec.limits} of all LimitRanges
   * @return a sentence each; empty if it would be, or if its resources are none
   */
  static List<String> breaches(JsonNode pod, List<JsonNode> items) {
    return spec(pod, items).map(spec -> breaches(spec, items)).orElse(List.of());
  }

  /**
   * What the kubelet holds the pod as a whole to, as {@code PodLimits} of {@code
   * k8s.io/component-helpers/resource} counts it, of a resource that is given to containers only.
   *
   * @param items the {@code spec.limits} of all LimitRanges
   * @return empty if there is no limit, or if the resources are none
   */
  static Optional<Quantity> limit(JsonNode pod, List<JsonNode> items, String resource) {
    return spec(pod, items)
        .flatMap(spec -> Optional.ofNullable(PodResources.aggregateLimits(spec).get(resource)));
  }

  /** The spec with the defaults filled in; empty if its resources are none. */
  private static Optional<Field> spec(JsonNode pod, List<JsonNode> items) {
    ObjectNode complete = pod.deepCopy();
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : complete.path("spec").path(list)) {
        if (container instanceof ObjectNode tree && tree.path("resources").isObject()) {
          complete((ObjectNode) tree.get("resources"), items);
        } else if (container instanceof ObjectNode tree && !tree.hasNonNull("resources")) {
          complete(tree.putObject("resources"), items);
        }
      }
    }
    List<Problem> problems = new ArrayList<>();
    Field root = Field.root(complete, problems);
    PodSchema.checkTemplate(root);
    if (problems.stream().anyMatch(one -> one.kind() == Problem.Kind.WRONG_TYPE)) {
      return Optional.empty();
    }
    return Optional.of(root.child("spec"));
  }

  private static List<String> breaches(Field spec, List<JsonNode> items) {
    PodResources whole = PodResources.of(spec, false);
    Map<String, Quantity> limits = PodResources.aggregateLimits(spec);
    Map<String, Quantity> requests = PodResources.aggregateRequests(spec, false);
    limits.putAll(whole.limits());
    requests.putAll(whole.requests());
    List<String> breaches = new ArrayList<>();
    for (JsonNode item : items) {
      if (item.path("type").asText().equals("Pod")) {
        judge("the pod", limits, requests, item, breaches);
      } else if (item.path("type").asText().equals("Container")) {
        for (Field container : containers(spec)) {
          judge(
              "container " + container.text("name"),
              ResourceRules.quantities(container.child("resources").child(LIMITS)),
              ResourceRules.requests(container, false),
              item,
              breaches);
        }
      }
    }
    return breaches;
  }

  private static List<Field> containers(Field spec) {
    List<Field> containers = new ArrayList<>(spec.items("initContainers"));
    containers.addAll(spec.items("containers"));
    return containers;
  }

  /**
   * {@code defaultContainerResourceRequirements}, with the defaults of the LimitRange itself:
   * {@code SetDefaults_LimitRangeItem}.
   */
  private static void complete(ObjectNode resources, List<JsonNode> items) {
    // SetDefaults_Pod comes before admission.
    add(resources.path(LIMITS), REQUESTS, resources);
    for (JsonNode item : items) {
      if (item.path("type").asText().equals("Container")) {
        for (String from : List.of("default", "max")) {
          add(item.path(from), LIMITS, resources);
        }
        for (String from : List.of("defaultRequest", "default", "max", "min")) {
          add(item.path(from), REQUESTS, resources);
        }
      }
    }
  }

  private static void add(JsonNode amounts, String half, ObjectNode resources) {
    for (Map.Entry<String, JsonNode> amount : amounts.properties()) {
      if (!resources.path(half).isObject()) {
        resources.putObject(half);
      }
      ObjectNode into = (ObjectNode) resources.get(half);
      if (!into.has(amount.getKey())) {
        into.set(amount.getKey(), amount.getValue());
      }
    }
  }

  private static void judge(
      String who,
      Map<String, Quantity> limits,
      Map<String, Quantity> requests,
      JsonNode item,
      List<String> breaches) {
    for (String bound : List.of("min", "max", "maxLimitRequestRatio")) {
      for (Map.Entry<String, JsonNode> entry : item.path(bound).properties()) {
        String resource = entry.getKey();
        Optional<Quantity> limit = Optional.ofNullable(limits.get(resource));
        Optional<Quantity> request = Optional.ofNullable(requests.get(resource));
        Optional<Quantity> enforced = Quantity.of(entry.getValue());
        if (enforced.isPresent() && isBroken(bound, enforced.get(), limit, request)) {
          breaches.add(
              "%s: %s of %s is %s, its limit %s and its request %s"
                  .formatted(who, bound, resource, enforced.get(), shown(limit), shown(request)));
        }
      }
    }
  }

  /** {@code minConstraint}, {@code maxConstraint}, {@code limitRequestRatioConstraint}. */
  private static boolean isBroken(
      String bound, Quantity enforced, Optional<Quantity> limit, Optional<Quantity> request) {
    return switch (bound) {
      case "min" ->
          request.isEmpty()
              || request.get().compareTo(enforced) < 0
              || limit.filter(it -> it.compareTo(enforced) < 0).isPresent();
      case "max" ->
          limit.isEmpty()
              || limit.get().compareTo(enforced) > 0
              || request.filter(it -> it.compareTo(enforced) > 0).isPresent();
      default -> {
        BigDecimal most =
            request.map(Quantity::amount).orElse(BigDecimal.ZERO).multiply(enforced.amount());
        yield limit.isEmpty()
            || limit.get().signum() == 0
            || request.isEmpty()
            || request.get().signum() == 0
            || limit.get().amount().compareTo(most) > 0;
      }
    };
  }

  private static String shown(Optional<Quantity> amount) {
    return amount.map(Quantity::toString).orElse("missing");
  }
}
