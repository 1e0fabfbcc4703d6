package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.EnvVar;
import java.util.ArrayList;
import java.util.List;

/**
 * The ConfigMaps and Secrets that a container takes all keys of. What is in them is the kubelet's
 * to know; here they are referred to, never read.
 *
 * @param sources the container's {@code envFrom}
 */
record EnvFrom(JsonNode sources) {

  /** Whether one of the sources may hold a name. */
  boolean mayHold(String name) {
    for (JsonNode source : sources) {
      if (isNamed(source) && holds(source, name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * Entries by which the kubelet gives a variable what the sources hold under a name. As in {@code
   * envFrom}, a later one counts before an earlier one; none of them counts if no source has it.
   *
   * @param name as the sources hold it, their prefixes before it
   * @param as the name of the entries
   */
  List<EnvVar> entries(String name, String as) {
    List<EnvVar> entries = new ArrayList<>(sources.size());
    for (JsonNode source : sources) {
      if (isNamed(source) && holds(source, name)) {
        ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", as);
        entry
            .putObject("valueFrom")
            .putObject(source.has("secretRef") ? "secretKeyRef" : "configMapKeyRef")
            .put("name", reference(source).path("name").asText())
            .put("key", name.substring(prefix(source).length()))
            .put("optional", true);
        entries.add(new EnvVar(as, entry));
      }
    }
    return entries;
  }

  private static boolean holds(JsonNode source, String name) {
    String prefix = prefix(source);
    return name.length() > prefix.length() && name.startsWith(prefix);
  }

  private static boolean isNamed(JsonNode source) {
    return reference(source).path("name").isTextual();
  }

  private static String prefix(JsonNode source) {
    return source.path("prefix").asText("");
  }

  private static JsonNode reference(JsonNode source) {
    return source.path(source.has("secretRef") ? "secretRef" : "configMapRef");
  }
}
