package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.spi.ResourceDefaults;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The compute resources of the containers that deliver an agent. Limits and requests get their
 * defaults independently, each where it is absent as a whole. A default gives way to what the
 * resource says: Kubernetes rejects a pod that requests more than its limit.
 */
final class ComputeResources {

  private static final String LIMITS = "limits";
  private static final String REQUESTS = "requests";

  private ComputeResources() {}

  /** Given resources with defaults; a tree of its own. */
  static ObjectNode withDefaults(
      JsonNode given, ResourceDefaults defaults, FieldPath at, Findings findings) {
    ObjectNode complete =
        given.isObject() ? given.deepCopy() : JsonNodeFactory.instance.objectNode();
    JsonNode limits = given.path(LIMITS);
    JsonNode requests = given.path(REQUESTS);
    complete.set(
        LIMITS,
        limits.isObject()
            ? limits.deepCopy()
            : defaults(defaults.limitCpu(), defaults.limitMemory(), requests, +1));
    complete.set(
        REQUESTS,
        requests.isObject()
            ? requests.deepCopy()
            : defaults(defaults.requestCpu(), defaults.requestMemory(), limits, -1));
    check(limits, requests, at, findings);
    return complete;
  }

  /**
   * @param bounds what the other half says
   * @param side +1 if the defaults must not be less than that, -1 if not more
   */
  private static ObjectNode defaults(String cpu, String memory, JsonNode bounds, int side) {
    Map<String, String> names = new LinkedHashMap<>();
    names.put("cpu", cpu);
    names.put("memory", memory);
    ObjectNode defaults = JsonNodeFactory.instance.objectNode();
    names.forEach((name, quantity) -> {
      TextNode own = TextNode.valueOf(quantity);
      JsonNode bound = bounds.path(name);
      defaults.set(
          name, compare(bound, own).filter(sign -> sign == side).isPresent() ? bound : own);
    });
    return defaults;
  }

  private static void check(JsonNode limits, JsonNode requests, FieldPath at, Findings findings) {
    if (!requests.isObject()) {
      return;
    }
    requests
        .properties()
        .forEach(request -> {
          JsonNode limit = limits.path(request.getKey());
          if (compare(request.getValue(), limit).filter(sign -> sign > 0).isPresent()) {
            FieldPath here = at.field(REQUESTS).field(request.getKey());
            findings.error(
                here,
                "%s %s is more than the limit %s"
                    .formatted(here, request.getValue().asText(), limit.asText()),
                "lower it, or raise " + at.field(LIMITS).field(request.getKey()));
          }
        });
  }

  /** The sign of one quantity minus another; empty if one is none. */
  private static Optional<Integer> compare(JsonNode one, JsonNode other) {
    if (one.isMissingNode() || other.isMissingNode()) {
      return Optional.empty();
    }
    return Quantity.parse(one)
        .flatMap(a -> Quantity.parse(other).map(b -> Integer.signum(a.compareTo(b))));
  }
}
