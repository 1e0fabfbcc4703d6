package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.Quantity;
import io.otelgraft.spi.ResourceDefaults;
import java.math.BigDecimal;
import java.util.Optional;

/**
 * The quality-of-service class of a pod, which decides what the kubelet evicts first.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/workloads/pods/pod-qos/">Pod Quality of Service
 *     Classes</a>
 */
enum QosClass {
  GUARANTEED,
  BURSTABLE,
  BEST_EFFORT,
  /** The pod's resources are set for the pod as a whole, so its containers need none. */
  POD_LEVEL;

  private static final String[] COUNTED = {"cpu", "memory"};

  /** The class of a pod with that spec. */
  static QosClass of(JsonNode spec) {
    if (!spec.path("resources").isEmpty()) {
      return POD_LEVEL;
    }
    boolean none = true;
    boolean guaranteed = true;
    for (String key : new String[] {"initContainers", "containers"}) {
      for (JsonNode container : spec.path(key)) {
        JsonNode resources = container.path("resources");
        for (String resource : COUNTED) {
          JsonNode limit = counted(resources.path("limits").path(resource));
          JsonNode request = counted(resources.path("requests").path(resource));
          none &= limit.isMissingNode() && request.isMissingNode();
          guaranteed &= !limit.isMissingNode() && isSame(request, limit);
        }
      }
    }
    return none ? BEST_EFFORT : guaranteed ? GUARANTEED : BURSTABLE;
  }

  /** An amount of nothing does not count. */
  private static JsonNode counted(JsonNode amount) {
    boolean isZero = Quantity.parse(amount).filter(value -> value.signum() == 0).isPresent();
    return isZero ? MissingNode.getInstance() : amount;
  }

  private static boolean isSame(JsonNode request, JsonNode limit) {
    if (request.isMissingNode() || request.equals(limit)) {
      return true;
    }
    Optional<BigDecimal> requested = Quantity.parse(request);
    Optional<BigDecimal> limited = Quantity.parse(limit);
    return requested.isPresent()
        && limited.isPresent()
        && requested.get().compareTo(limited.get()) == 0;
  }

  /**
   * The resources that a container may have which is added to a pod of this class.
   *
   * @param wanted what it is to have
   * @param defaults what it has of a resource that it needs for the class and nobody gives
   */
  ObjectNode preserving(ObjectNode wanted, ResourceDefaults defaults) {
    return switch (this) {
      case BEST_EFFORT, POD_LEVEL -> JsonNodeFactory.instance.objectNode();
      case BURSTABLE -> wanted;
      case GUARANTEED -> {
        ObjectNode same = JsonNodeFactory.instance.objectNode();
        for (String resource : COUNTED) {
          JsonNode limit = counted(wanted.path("limits").path(resource));
          JsonNode request = counted(wanted.path("requests").path(resource));
          JsonNode given = limit.isMissingNode() ? request : limit;
          JsonNode amount =
              given.isMissingNode() ? TextNode.valueOf(limit(defaults, resource)) : given;
          same.withObject("/limits").set(resource, amount);
          same.withObject("/requests").set(resource, amount);
        }
        yield same;
      }
    };
  }

  private static String limit(ResourceDefaults defaults, String resource) {
    return resource.equals("cpu") ? defaults.limitCpu() : defaults.limitMemory();
  }
}
