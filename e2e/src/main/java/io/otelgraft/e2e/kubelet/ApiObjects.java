package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The ConfigMaps and Secrets that a pod can refer to: what the kubelet would read from the API
 * server.
 */
final class ApiObjects {

  private final List<JsonNode> objects;

  ApiObjects(List<JsonNode> objects) {
    this.objects = List.copyOf(objects);
  }

  /**
   * The entries of a ConfigMap or Secret that a pod refers to.
   *
   * @param kind {@code ConfigMap} or {@code Secret}
   * @param reference the object with {@code optional}, and with {@code name} (or {@code
   *     secretName})
   * @return nothing when the object does not exist and the reference is optional
   * @throws PodFailedException when it does not exist and is needed
   */
  Optional<Map<String, byte[]>> data(String kind, String namespace, JsonNode reference) {
    String name = reference.path("name").asText(reference.path("secretName").asText());
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals(kind)
          && object.at("/metadata/name").asText().equals(name)
          && object.at("/metadata/namespace").asText(namespace).equals(namespace)) {
        return Optional.of(entries(object));
      }
    }
    if (reference.path("optional").asBoolean()) {
      return Optional.empty();
    }
    throw new PodFailedException(
        "CreateContainerConfigError: no %s %s/%s".formatted(kind, namespace, name));
  }

  private static Map<String, byte[]> entries(JsonNode object) {
    boolean secret = object.path("kind").asText().equals("Secret");
    Map<String, byte[]> entries = new TreeMap<>();
    object
        .path("data")
        .properties()
        .forEach(e -> entries.put(e.getKey(), secret ? base64(e.getValue()) : text(e.getValue())));
    object
        .path("binaryData")
        .properties()
        .forEach(e -> entries.put(e.getKey(), base64(e.getValue())));
    // The API server turns it into data; manifests on disk still have it.
    object
        .path("stringData")
        .properties()
        .forEach(e -> entries.put(e.getKey(), text(e.getValue())));
    return entries;
  }

  private static byte[] text(JsonNode value) {
    return value.asText().getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] base64(JsonNode value) {
    return Base64.getDecoder().decode(value.asText());
  }

  /** Every entry of a list, or nothing when the field is missing. */
  static List<JsonNode> items(JsonNode list) {
    List<JsonNode> items = new ArrayList<>();
    list.forEach(items::add);
    return items;
  }
}
