package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;

/** Tells pods that run on Windows, which need not say so in {@code spec.os}. */
final class WindowsPods {
  private static final String WINDOWS = "windows";
  private static final List<String> LABELS = List.of("kubernetes.io/os", "beta.kubernetes.io/os");

  private WindowsPods() {}

  /** Whether a pod of that spec can run on Windows only. */
  static boolean isOne(JsonNode spec) {
    String named = spec.path("os").path("name").asText();
    if (!named.isEmpty()) {
      return named.equals(WINDOWS);
    }
    return LABELS.stream()
            .anyMatch(label -> spec.path("nodeSelector").path(label).asText().equals(WINDOWS))
        || isDrawn(spec.at("/affinity/nodeAffinity/requiredDuringSchedulingIgnoredDuringExecution"))
        || hasOptions(spec);
  }

  /** Whether all terms of a node selector, of which one has to hold, ask for Windows. */
  private static boolean isDrawn(JsonNode selector) {
    JsonNode terms = selector.path("nodeSelectorTerms");
    return !terms.isEmpty()
        && terms
            .valueStream()
            .allMatch(term ->
                term.path("matchExpressions").valueStream().anyMatch(WindowsPods::asksForWindows));
  }

  private static boolean asksForWindows(JsonNode expression) {
    return LABELS.contains(expression.path("key").asText())
        && expression.path("operator").asText().equals("In")
        && expression.path("values").valueStream().map(JsonNode::asText).allMatch(WINDOWS::equals);
  }

  private static boolean hasOptions(JsonNode spec) {
    boolean ofContainer =
        List.of("initContainers", "containers").stream()
            .flatMap(list -> spec.path(list).valueStream())
            .anyMatch(container -> !container.at("/securityContext/windowsOptions").isEmpty());
    return ofContainer || !spec.at("/securityContext/windowsOptions").isEmpty();
  }
}
