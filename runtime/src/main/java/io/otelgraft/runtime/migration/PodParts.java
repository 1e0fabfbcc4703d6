package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.runtime.migration.Part.Kind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes a pod apart, so that two of them can be compared: in which order things stand, and what an
 * API server fills in, is no difference.
 */
final class PodParts {
  private static final String SERVICE_NAME = "OTEL_SERVICE_NAME";
  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";
  private static final String SERVICE_ATTRIBUTE = "service.name";

  private static final Set<String> FILLED_IN =
      Set.of("apiVersion", "defaultMode", "volumeMode", "creationTimestamp");

  private final Map<Part, JsonNode> parts = new LinkedHashMap<>();

  private PodParts() {}

  /** The parts of a pod, or of a pod template, in its order. */
  static Map<Part, JsonNode> of(JsonNode pod) {
    PodParts taken = new PodParts();
    JsonNode spec = pod.path("spec");
    spec.path("initContainers").forEach(one -> taken.container("init container", one));
    spec.path("containers").forEach(one -> taken.container("container", one));
    for (JsonNode volume : spec.path("volumes")) {
      taken.put("", Kind.VOLUME, volume.path("name").asText(), settled(without(volume, "name")));
    }
    for (Map.Entry<String, JsonNode> field : spec.properties()) {
      if (!Set.of("initContainers", "containers", "volumes").contains(field.getKey())) {
        taken.put("", Kind.FIELD, field.getKey(), field.getValue());
      }
    }
    return taken.parts;
  }

  /**
   * The parts of a pod of which the attribute lists were written with nothing encoded.
   *
   * @param encoded its parts
   */
  static Map<Part, JsonNode> decoded(Map<Part, JsonNode> encoded) {
    PodParts decoded = new PodParts();
    encoded.forEach((part, value) -> {
      if (part.kind() != Kind.ATTRIBUTE) {
        decoded.put(part.container(), part.kind(), part.name(), value);
      } else if (!decoded.parts.containsKey(part)) {
        decoded.attributes(
            part.container(), part.name() + "=" + AttributeEncoding.decoded(value.asText()));
      }
    });
    return decoded.parts;
  }

  private void put(String container, Kind kind, String name, JsonNode value) {
    parts.put(new Part(container, kind, name), value);
  }

  private void container(String kind, JsonNode container) {
    String name = container.path("name").asText();
    put(name, Kind.CONTAINER, kind, container.path("image"));
    for (Map.Entry<String, JsonNode> field : container.properties()) {
      if (!Set.of("name", "image", "env", "volumeMounts").contains(field.getKey())) {
        put(name, Kind.FIELD, field.getKey(), field.getValue());
      }
    }
    environment(name, container.path("env"));
    mounts(name, container.path("volumeMounts"));
  }

  private void environment(String container, JsonNode env) {
    Map<String, List<JsonNode>> values = new LinkedHashMap<>();
    for (JsonNode entry : env) {
      values
          .computeIfAbsent(entry.path("name").asText(), name -> new ArrayList<>(1))
          .add(value(entry));
    }
    values.forEach((name, entries) -> {
      JsonNode value = entries.size() == 1 ? entries.getFirst() : array(entries);
      if (name.equals(SERVICE_NAME)) {
        put(container, Kind.SERVICE, SERVICE_ATTRIBUTE, value);
      } else if (name.equals(ATTRIBUTES) && value.isTextual()) {
        attributes(container, value.textValue());
      } else {
        put(container, Kind.VARIABLE, name, value);
      }
    });
    // It names the service wherever OTEL_SERVICE_NAME does not, and is passed over where it does.
    JsonNode named = parts.remove(new Part(container, Kind.ATTRIBUTE, SERVICE_ATTRIBUTE));
    if (named != null && !parts.containsKey(new Part(container, Kind.SERVICE, SERVICE_ATTRIBUTE))) {
      put(container, Kind.SERVICE, SERVICE_ATTRIBUTE, named);
    }
  }

  private static ArrayNode array(List<JsonNode> values) {
    return JsonNodeFactory.instance.arrayNode().addAll(values);
  }

  private static JsonNode value(JsonNode entry) {
    return entry.has("valueFrom")
        ? settled(entry.get("valueFrom"))
        : TextNode.valueOf(entry.path("value").asText().strip());
  }

  private void attributes(String container, String text) {
    for (String item : text.split(",", -1)) {
      int equals = item.indexOf('=');
      String key = equals < 0 ? item : item.substring(0, equals);
      if (!key.isBlank()) {
        put(
            container,
            Kind.ATTRIBUTE,
            key.strip(),
            TextNode.valueOf(equals < 0 ? "" : item.substring(equals + 1).strip()));
      }
    }
  }

  private void mounts(String container, JsonNode mounts) {
    Map<String, List<String>> places = new LinkedHashMap<>();
    for (JsonNode mount : mounts) {
      String place = mount.path("mountPath").asText();
      if (mount.has("subPath")) {
        place += " (subPath " + mount.path("subPath").asText() + ")";
      }
      if (mount.path("readOnly").asBoolean()) {
        place += " (read-only)";
      }
      places.computeIfAbsent(mount.path("name").asText(), name -> new ArrayList<>(1)).add(place);
    }
    places.forEach((volume, paths) ->
        put(container, Kind.MOUNT, volume, TextNode.valueOf(String.join(", ", paths))));
  }

  private static JsonNode without(JsonNode object, String field) {
    return object instanceof ObjectNode tree ? tree.deepCopy().without(field) : object;
  }

  /** Without what an API server fills in. */
  private static JsonNode settled(JsonNode value) {
    if (!(value instanceof ObjectNode object)) {
      return value;
    }
    ObjectNode settled = JsonNodeFactory.instance.objectNode();
    for (Map.Entry<String, JsonNode> field : object.properties()) {
      JsonNode inner = settled(field.getValue());
      boolean emptied = inner.isObject() && inner.isEmpty() && !field.getValue().isEmpty();
      if (!FILLED_IN.contains(field.getKey()) && !emptied) {
        settled.set(field.getKey(), inner);
      }
    }
    return settled;
  }
}
