package io.otelgraft.e2e.otlp;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Message;
import com.google.protobuf.util.JsonFormat;
import java.io.IOException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Set;

/**
 * OTLP's JSON. It is protobuf's, except that identifiers are hexadecimal instead of base64.
 *
 * <p>Source: OTLP specification, "JSON Protobuf Encoding".
 */
final class OtlpJson {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Set<String> IDENTIFIERS = Set.of("traceId", "spanId", "parentSpanId");

  private OtlpJson() {}

  /** Adds what the JSON says to the message, and returns it. */
  static <B extends Message.Builder> B read(byte[] json, B into) throws IOException {
    JsonNode tree = MAPPER.readTree(json);
    toBase64(tree);
    JsonFormat.parser().ignoringUnknownFields().merge(MAPPER.writeValueAsString(tree), into);
    return into;
  }

  private static void toBase64(JsonNode node) {
    if (node instanceof ObjectNode object) {
      for (String name : IDENTIFIERS) {
        if (object.has(name)) {
          byte[] identifier = HexFormat.of().parseHex(object.path(name).asText());
          object.put(name, Base64.getEncoder().encodeToString(identifier));
        }
      }
    }
    node.forEach(OtlpJson::toBase64);
  }
}
