package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;

/**
 * Structural schemas of Kubernetes' own types, as {@code core/src/kubernetes} takes them from a
 * release's OpenAPI document.
 */
final class KubernetesTypes {

  private static final JsonNode ALL = load();

  private KubernetesTypes() {}

  private static JsonNode load() {
    try (InputStream file = KubernetesTypes.class.getResourceAsStream("kubernetes.json")) {
      return Json.read(file.readAllBytes());
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /**
   * A copy of a type's schema.
   *
   * @param type for example {@code core/v1.EnvVar}
   * @return empty for a type that Graft does not bring
   */
  static Optional<ObjectNode> find(String type) {
    return Optional.ofNullable(ALL.get(type)).map(schema -> (ObjectNode) schema.deepCopy());
  }

  /** The schema of a quantity. */
  static ObjectNode quantity() {
    return ALL.get("core/v1.ResourceRequirements")
        .at("/properties/limits/additionalProperties")
        .deepCopy();
  }
}
