package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Edit.Part;
import io.otelgraft.core.injection.Journal;
import io.otelgraft.runtime.explanation.Explanation;
import io.otelgraft.runtime.explanation.Phrase;
import io.otelgraft.runtime.explanation.UnifiedDiff;
import io.otelgraft.runtime.page.PackedPods.Pods;
import java.util.List;

/**
 * All that there is to tell of a decision about a pod.
 *
 * <p>The values of variables that the pod brought with it are hidden: they may be secrets, and are
 * nobody's business here. Those that were set or extended are shown.
 *
 * @param decision the decision
 * @param explanation it in words, as {@code graft explain} has them
 * @param diff what became of the pod, or would have, as a unified diff of its YAML; the empty
 *     string if nothing did
 */
record Details(Decision decision, List<Phrase> explanation, String diff) {

  /** What stands for a value that is not shown. */
  static final String HIDDEN = "(hidden)";

  /** Where kubectl keeps the manifest that it applied, values of variables and all. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private static final List<String> CONTAINERS =
      List.of("initContainers", "containers", "ephemeralContainers");

  /** Of a decision whose pod is packed. */
  static Details of(Decision packed, PackedPods from) {
    Pods pods = from.unpack();
    hide(pods.before(), packed.journal());
    hide(pods.after(), packed.journal());
    Decision decision =
        new Decision(
            packed.outcome(),
            packed.reason(),
            packed.message(),
            packed.findings(),
            packed.injected(),
            pods.after(),
            packed.patch(),
            packed.journal(),
            packed.catalogue());
    return new Details(
        decision,
        Explanation.of(decision),
        UnifiedDiff.of("pod.yaml", Yaml.write(pods.before()), Yaml.write(pods.after())));
  }

  private static void hide(ObjectNode pod, Journal journal) {
    if (pod.path("metadata").path("annotations") instanceof ObjectNode annotations
        && annotations.has(LAST_APPLIED)) {
      annotations.put(LAST_APPLIED, HIDDEN);
    }
    for (String kind : CONTAINERS) {
      for (JsonNode container : pod.path("spec").path(kind)) {
        String name = container.path("name").asText();
        for (JsonNode variable : container.path("env")) {
          if (variable instanceof ObjectNode entry
              && entry.has("value")
              && !isWritten(name, entry.path("name").asText(), journal)) {
            entry.put("value", HIDDEN);
          }
        }
      }
    }
  }

  private static boolean isWritten(String container, String variable, Journal journal) {
    for (Edit edit : journal.edits()) {
      if (edit.container().equals(container)
          && (edit.part() == Part.CONTAINER
              || (edit.part() == Part.VARIABLE && edit.name().equals(variable)))) {
        return true;
      }
    }
    return false;
  }
}
