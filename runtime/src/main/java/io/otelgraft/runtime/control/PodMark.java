package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Annotations;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;

/**
 * What was injected into a pod, as its mark says: {@link Annotations#MARK}.
 *
 * @param languages by id; empty for a pod that bears no mark
 */
record PodMark(Map<String, By> languages) {

  /**
   * What a language was injected by.
   *
   * @param instrumentation its {@code namespace/name}
   */
  record By(String instrumentation, long generation) {}

  private static final PodMark NONE = new PodMark(Map.of());

  /** Of a pod, or of its metadata alone. */
  static PodMark of(ObjectNode pod) {
    String text = pod.path("metadata").path("annotations").path(Annotations.MARK).asText();
    if (text.isEmpty()) {
      return NONE;
    }
    try {
      Map<String, By> languages = new HashMap<>();
      Json.read(text.getBytes(StandardCharsets.UTF_8))
          .path("languages")
          .properties()
          .forEach(language ->
              languages.put(
                  language.getKey(),
                  new By(
                      language.getValue().path("instrumentation").asText(),
                      language.getValue().path("generation").asLong())));
      return new PodMark(Map.copyOf(languages));
    } catch (DocumentException e) {
      // Somebody else's: Graft writes none that cannot be read.
      return NONE;
    }
  }

  boolean names(String instrumentation) {
    return languages.values().stream().anyMatch(by -> by.instrumentation.equals(instrumentation));
  }
}
