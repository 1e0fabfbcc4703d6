package io.otelgraft.testkit;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code pkg/apis/core/validation}: requests and limits of containers and of the pod, with their
 * defaults.
 */
final class ResourceRules {
  private static final String HUGE_PAGES = "hugepages-";
  private static final Set<String> CONTAINER_RESOURCES =
      Set.of("cpu", "memory", "ephemeral-storage");
  private static final Set<String> POD_RESOURCES = Set.of("cpu", "memory");

  /** {@code standardResources}: what may stand without a domain before it, in whatever place. */
  private static final Set<String> STANDARD_RESOURCES =
      Set.of(
          "cpu",
          "memory",
          "ephemeral-storage",
          "requests.cpu",
          "requests.memory",
          "requests.ephemeral-storage",
          "limits.cpu",
          "limits.memory",
          "limits.ephemeral-storage",
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "storage",
          "requests.storage",
          "services.nodeports",
          "services.loadbalancers");

  /** {@code integerResources}: things that are counted. */
  private static final Set<String> INTEGER_RESOURCES =
      Set.of(
          "pods",
          "resourcequotas",
          "services",
          "replicationcontrollers",
          "secrets",
          "configmaps",
          "persistentvolumeclaims",
          "services.nodeports",
          "services.loadbalancers");

  private ResourceRules() {}

  static void container(Field container, PodFacts facts) {
    Field resources = container.child("resources");
    Map<String, Quantity> limits = quantities(resources.child("limits"));
    requirements(resources, limits, requests(container, facts.template()), CONTAINER_RESOURCES);
    claims(resources.child("claims"), facts);
  }

  /** {@code validateOverhead}. */
  static void overhead(Field overhead) {
    Map<String, Quantity> amounts = quantities(overhead);
    amounts.forEach(
        (name, amount) -> amount(overhead.entry(name), name, amount, CONTAINER_RESOURCES));
    if (!overhead.isEmpty()) {
      hugePagesNeedMore(overhead, amounts.keySet());
    }
  }

  /** {@code validatePodResources}. */
  static void pod(PodFacts facts) {
    Field resources = facts.spec().child("resources");
    if (!resources.isSet()) {
      return;
    }
    if (facts.windows()) {
      resources.forbidden("may not be set for a windows pod");
      return;
    }
    resources.forbidIfSet("claims", "claims may not be set for Resources at pod-level");
    if (resources.has("claims")) {
      claims(resources.child("claims"), facts);
    }
    PodResources pod = PodResources.of(facts.spec(), facts.template());
    requirements(resources, pod.limits(), pod.requests(), POD_RESOURCES);
    consistency(resources, pod, facts);
  }

  /** {@code validatePodResourceConsistency}. */
  private static void consistency(Field resources, PodResources pod, PodFacts facts) {
    PodResources.aggregateRequests(facts.spec(), facts.template())
        .forEach((name, sum) -> {
          Quantity requested = pod.requests().get(name);
          if (requested != null && sum.compareTo(requested) > 0) {
            resources
                .child("requests")
                .entry(name)
                .invalid(
                    requested.toString(),
                    "must be greater than or equal to aggregate container requests of " + sum);
          }
        });
    PodResources.aggregateLimits(facts.spec())
        .forEach((name, sum) -> {
          Quantity limit = pod.limits().get(name);
          if (isHugePages(name) && limit != null && sum.compareTo(limit) > 0) {
            resources
                .child("limits")
                .entry(name)
                .invalid(
                    limit.toString(),
                    "must be greater than or equal to aggregate container limits of " + sum);
          }
        });
    for (Field container : facts.spec().items("containers")) {
      Field limits = container.child("resources").child("limits");
      quantities(limits)
          .forEach((name, amount) -> {
            Quantity limit = pod.limits().get(name);
            if (limit != null && amount.compareTo(limit) > 0) {
              limits
                  .entry(name)
                  .invalid(
                      amount.toString(), "must be less than or equal to pod limits of " + limit);
            }
          });
    }
  }

  /**
   * The requests of a container; in a pod they default to its limits, in a template they do not.
   */
  static Map<String, Quantity> requests(Field container, boolean template) {
    Map<String, Quantity> requests = quantities(container.child("resources").child("requests"));
    if (!template) {
      quantities(container.child("resources").child("limits")).forEach(requests::putIfAbsent);
    }
    return requests;
  }

  static Map<String, Quantity> quantities(Field list) {
    Map<String, Quantity> result = new TreeMap<>();
    for (Field entry : list.entries()) {
      result.put(entry.key(), Quantity.of(entry.value()).orElseThrow().roundedToMilli());
    }
    return result;
  }

  static boolean isHugePages(String name) {
    return name.startsWith(HUGE_PAGES);
  }

  /** {@code IsSupportedPodLevelResource}. */
  static boolean isForPods(String name) {
    return POD_RESOURCES.contains(name) || isHugePages(name);
  }

  /** {@code IsOvercommitAllowed}. */
  static boolean mayOvercommit(String name) {
    return isNative(name) && !isHugePages(name);
  }

  /** {@code validateResourceRequirements}. */
  private static void requirements(
      Field resources,
      Map<String, Quantity> limits,
      Map<String, Quantity> requests,
      Set<String> standard) {
    limits.forEach(
        (name, limit) -> amount(resources.child("limits").entry(name), name, limit, standard));
    requests.forEach((name, request) -> {
      Field place = resources.child("requests").entry(name);
      amount(place, name, request, standard);
      Quantity limit = limits.get(name);
      if (limit == null) {
        if (!mayOvercommit(name)) {
          resources.child("limits").required("Limit must be set for non overcommitable resources");
        }
      } else if (!mayOvercommit(name) && request.compareTo(limit) != 0) {
        place.invalid(request.toString(), "must be equal to " + name + " limit of " + limit);
      } else if (request.compareTo(limit) > 0) {
        place.invalid(
            request.toString(), "must be less than or equal to " + name + " limit of " + limit);
      }
    });
    Set<String> names = new HashSet<>(limits.keySet());
    names.addAll(requests.keySet());
    hugePagesNeedMore(resources, names);
  }

  private static void hugePagesNeedMore(Field resources, Set<String> names) {
    if (names.stream().anyMatch(ResourceRules::isHugePages)
        && !names.contains("cpu")
        && !names.contains("memory")) {
      resources.forbidden("HugePages require cpu or memory");
    }
  }

  /** Name and amount of one resource. */
  private static void amount(Field place, String name, Quantity amount, Set<String> standard) {
    name(place, name, standard);
    if (amount.signum() < 0) {
      place.invalid(amount.toString(), "must be greater than or equal to 0");
    }
    if ((INTEGER_RESOURCES.contains(name) || isExtended(name)) && !amount.isWhole()) {
      place.invalid("must be an integer");
    }
    if (isHugePages(name) && !isWholePages(name, amount)) {
      place.invalid(amount.toString(), amount + " is not positive integer multiple of " + name);
    }
  }

  /** {@code validateContainerResourceName} and {@code validatePodResourceName}. */
  private static void name(Field place, String name, Set<String> standard) {
    List<String> wrong = Formats.labelKey(name);
    place.invalid(name, wrong);
    boolean pod = standard.equals(POD_RESOURCES);
    boolean known =
        STANDARD_RESOURCES.contains(name)
            || isHugePages(name)
            || name.startsWith("requests." + HUGE_PAGES);
    if (wrong.isEmpty() && name.indexOf('/') < 0 && !known) {
      place.invalid(name, "must be a standard resource type or fully qualified");
      wrong = List.of("unknown");
    }
    if (pod) {
      if (wrong.isEmpty() && !isForPods(name)) {
        place.requireOneOf(name, List.of("cpu", HUGE_PAGES, "memory"));
      }
    } else if (name.indexOf('/') < 0) {
      if (!standard.contains(name) && !isHugePages(name)) {
        place.invalid(name, "must be a standard resource for containers");
      }
    } else if (!isNative(name) && !isExtended(name)) {
      place.invalid(name, "doesn't follow extended resource name standard");
    }
  }

  private static boolean isNative(String name) {
    return name.indexOf('/') < 0 || name.contains("kubernetes.io/");
  }

  private static boolean isExtended(String name) {
    return !isNative(name)
        && !name.startsWith("requests.")
        && Formats.labelKey("requests." + name).isEmpty();
  }

  private static boolean isWholePages(String name, Quantity amount) {
    Quantity size = Quantity.parse(name.substring(HUGE_PAGES.length())).orElse(Quantity.ZERO);
    return size.signum() > 0 && size.isWhole() && amount.units().mod(size.units()).signum() == 0;
  }

  /** {@code validateResourceClaimNames}. */
  private static void claims(Field claims, PodFacts facts) {
    Set<String> seen = new HashSet<>();
    for (Field claim : claims.items()) {
      String name = claim.text("name");
      String request = claim.text("request");
      if (name.isEmpty()) {
        claim.required("");
        continue;
      }
      if (seen.contains(name)) {
        claim.duplicate(name);
      } else {
        if (!request.isEmpty()) {
          claim.child("request").invalid(Formats.dnsLabel(request));
        }
        String key = request.isEmpty() ? name : name + "/" + request;
        if (seen.contains(key)) {
          claim.duplicate(key);
        } else if (request.isEmpty()
            && seen.stream().anyMatch(other -> other.startsWith(name + "/"))) {
          claim.duplicate(name);
        }
        seen.add(key);
      }
      if (!facts.claims().contains(name)) {
        claim.notFound(
            "must be one of the names in pod.spec.resourceClaims"
                + (facts.claims().isEmpty()
                    ? " which is empty"
                    : ": " + String.join(", ", new TreeSet<>(facts.claims()))));
      }
    }
  }
}
