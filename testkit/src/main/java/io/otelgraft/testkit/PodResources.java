package io.otelgraft.testkit;

import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * The requests and limits of a pod as a whole, defaults filled in.
 *
 * @param limits by resource
 * @param requests by resource
 */
record PodResources(Map<String, Quantity> limits, Map<String, Quantity> requests) {

  /**
   * What stands in the spec, and what {@code SetDefaults_Pod} adds to it; nothing is added in a
   * template.
   */
  static PodResources of(Field spec, boolean template) {
    Field resources = spec.child("resources");
    Map<String, Quantity> limits = ResourceRules.quantities(resources.child("limits"));
    Map<String, Quantity> requests = ResourceRules.quantities(resources.child("requests"));
    if (template) {
      return new PodResources(limits, requests);
    }
    // defaultHugePagePodLimits
    if (!limits.isEmpty() || !requests.isEmpty()) {
      aggregateLimits(spec)
          .forEach((name, sum) -> {
            if (ResourceRules.isHugePages(name) && !requests.containsKey(name)) {
              limits.putIfAbsent(name, sum);
            }
          });
    }
    // defaultPodRequests
    if (!limits.isEmpty()) {
      aggregateRequests(spec, false)
          .forEach((name, sum) -> {
            if (ResourceRules.isForPods(name) && ResourceRules.mayOvercommit(name)) {
              requests.putIfAbsent(name, sum);
            }
          });
      limits.forEach((name, limit) -> {
        if (ResourceRules.isForPods(name)) {
          requests.putIfAbsent(name, limit);
        }
      });
    }
    return new PodResources(limits, requests);
  }

  /** {@code AggregateContainerRequests}. */
  static Map<String, Quantity> aggregateRequests(Field spec, boolean template) {
    return aggregate(spec, container -> ResourceRules.requests(container, template));
  }

  /** {@code AggregateContainerLimits}. */
  static Map<String, Quantity> aggregateLimits(Field spec) {
    return aggregate(
        spec, container -> ResourceRules.quantities(container.child("resources").child("limits")));
  }

  /**
   * The most that the pod's containers need at a time: all containers and sidecars together, or an
   * init container with the sidecars that were started before it.
   */
  private static Map<String, Quantity> aggregate(
      Field spec, Function<Field, Map<String, Quantity>> resources) {
    Map<String, Quantity> running = new TreeMap<>();
    spec.items("containers").forEach(container -> add(running, resources.apply(container)));
    Map<String, Quantity> sidecars = new TreeMap<>();
    Map<String, Quantity> starting = new TreeMap<>();
    for (Field container : spec.items("initContainers")) {
      Map<String, Quantity> own = resources.apply(container);
      Map<String, Quantity> together = new TreeMap<>(sidecars);
      add(together, own);
      if (container.text("restartPolicy").equals("Always")) {
        add(running, own);
        sidecars = together;
      }
      together.forEach((name, amount) -> starting.merge(name, amount, PodResources::larger));
    }
    starting.forEach((name, amount) -> running.merge(name, amount, PodResources::larger));
    return running;
  }

  private static void add(Map<String, Quantity> sum, Map<String, Quantity> more) {
    more.forEach((name, amount) -> sum.merge(name, amount, Quantity::plus));
  }

  private static Quantity larger(Quantity one, Quantity other) {
    return other.compareTo(one) > 0 ? other : one;
  }
}
