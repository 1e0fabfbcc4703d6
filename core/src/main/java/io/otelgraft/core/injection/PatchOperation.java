package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * One operation of a JSON Patch.
 *
 * @param op {@code add}, {@code replace} or {@code remove}
 * @param path a JSON pointer
 * @param value the new value; null for {@code remove}
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6902">RFC 6902</a>
 */
public record PatchOperation(String op, String path, JsonNode value) {
  static PatchOperation add(String path, JsonNode value) {
    return new PatchOperation("add", path, value);
  }

  static PatchOperation replace(String path, JsonNode value) {
    return new PatchOperation("replace", path, value);
  }

  static PatchOperation remove(String path) {
    return new PatchOperation("remove", path, null);
  }

  /** The operation as the API server reads it. */
  public ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode().put("op", op).put("path", path);
    if (value != null) {
      json.set("value", value);
    }
    return json;
  }
}
