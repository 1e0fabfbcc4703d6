package io.otelgraft.core.injection;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.io.IOException;

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

  /** Writes {@link #toJson} without making it. */
  public void writeTo(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("op", op);
    json.writeStringField("path", path);
    if (value != null) {
      json.writeFieldName("value");
      Json.write(value, json);
    }
    json.writeEndObject();
  }
}
