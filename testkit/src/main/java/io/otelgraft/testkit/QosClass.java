package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The quality of service class of a pod, which decides what the kubelet evicts first. The API
 * server computes it once, on creation.
 */
public enum QosClass {
  /** Every container has limits for CPU and memory, and requests what they allow. */
  GUARANTEED("Guaranteed"),
  /** Something is requested or limited. */
  BURSTABLE("Burstable"),
  /** Nothing is requested or limited. */
  BEST_EFFORT("BestEffort");

  private static final Set<String> COMPUTE = Set.of("cpu", "memory");

  private final String label;

  QosClass(String label) {
    this.label = label;
  }

  /** How {@code status.qosClass} spells it. */
  public String label() {
    return label;
  }

  /**
   * The class that Kubernetes gives to a pod ({@code pkg/apis/core/v1/helper/qos}: {@code
   * ComputePodQOS}), after defaults: requests that are missing equal the limits. Resources of the
   * pod as a whole win over those of its containers, of which init containers count like the
   * others.
   *
   * @param pod a pod of valid shape, see {@link PodValidity}
   */
  public static QosClass of(JsonNode pod) {
    Field spec = Field.root(pod, new ArrayList<>()).child("spec");
    if (spec.has("resources")) {
      PodResources resources = PodResources.of(spec, false);
      boolean limited =
          resources.limits().isEmpty()
              || positive(resources.limits()).keySet().containsAll(COMPUTE);
      return of(positive(resources.requests()), positive(resources.limits()), limited);
    }
    Map<String, Quantity> requests = new TreeMap<>();
    Map<String, Quantity> limits = new TreeMap<>();
    boolean limited = true;
    List<Field> containers = spec.items("containers");
    containers.addAll(spec.items("initContainers"));
    for (Field container : containers) {
      Map<String, Quantity> own =
          positive(ResourceRules.quantities(container.child("resources").child("limits")));
      limited &= own.keySet().containsAll(COMPUTE);
      own.forEach((name, amount) -> limits.merge(name, amount, Quantity::plus));
      positive(ResourceRules.requests(container, false))
          .forEach((name, amount) -> requests.merge(name, amount, Quantity::plus));
    }
    return of(requests, limits, limited);
  }

  private static QosClass of(
      Map<String, Quantity> requests, Map<String, Quantity> limits, boolean limited) {
    if (requests.isEmpty() && limits.isEmpty()) {
      return BEST_EFFORT;
    }
    boolean equal =
        requests.keySet().equals(limits.keySet())
            && requests.entrySet().stream()
                .allMatch(
                    request -> request.getValue().compareTo(limits.get(request.getKey())) == 0);
    return limited && equal ? GUARANTEED : BURSTABLE;
  }

  private static Map<String, Quantity> positive(Map<String, Quantity> resources) {
    Map<String, Quantity> result = new TreeMap<>(resources);
    result
        .entrySet()
        .removeIf(entry -> !COMPUTE.contains(entry.getKey()) || entry.getValue().signum() <= 0);
    return result;
  }
}
