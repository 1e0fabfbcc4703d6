package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Annotations;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Which Instrumentations a pod was injected by, as its mark says: {@link Annotations#MARK}.
 *
 * @param generations by {@code namespace/name}; empty for a pod that bears no mark
 */
record PodMark(Map<String, Long> generations) {

  private static final PodMark NONE = new PodMark(Map.of());

  /** Of a pod, or of its metadata alone. */
  static PodMark of(ObjectNode pod) {
    String text = pod.path("metadata").path("annotations").path(Annotations.MARK).asText();
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      Map<String, Long> generations = new HashMap<>();
      Json.read(text.getBytes(StandardCharsets.UTF_8))
          .path("languages")
          .forEach(language ->
              generations.put(
                  language.path("instrumentation").asText(), language.path("generation").asLong()));
      return new PodMark(Map.copyOf(generations));
    } catch (DocumentException e) {
      // Somebody else's: Graft writes none that cannot be read.
      return NONE;
    }
  }

  boolean names(String instrumentation) {
    return generations.containsKey(instrumentation);
  }

  Set<String> instrumentations() {
    return generations.keySet();
  }
}
