package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Journal;
import io.otelgraft.core.injection.PatchOperation;
import java.util.List;

/**
 * What Graft decides about one pod, and everything that explains it: the response's warnings, the
 * event, the metric, the log line, {@code explain} and the status of the resource all come from
 * here.
 *
 * @param outcome what becomes of the pod
 * @param reason the code of the one thing that decided, as in {@link
 *     io.otelgraft.core.injection.Reasons}
 * @param message the same in words
 * @param findings what the user is told beside
 * @param injected the languages that were injected, or would be when only observing
 * @param pod the pod as it is to be; the original one unless {@link Outcome#INJECTED}, or what it
 *     would be when only observing
 * @param patch the operations that make it so; empty unless injected
 * @param journal what was done, or would be, and why
 * @param catalogue the generation of the plugin catalogue that it was made with
 */
public record Decision(
    Outcome outcome,
    String reason,
    String message,
    List<Finding> findings,
    List<Injected> injected,
    ObjectNode pod,
    List<PatchOperation> patch,
    Journal journal,
    long catalogue) {

  /** What becomes of a pod. */
  public enum Outcome {
    /** It is admitted as it is. */
    UNCHANGED,
    /** It is admitted with the patch. */
    INJECTED,
    /** It would be injected or rejected, but is admitted as it is: Graft only observes. */
    OBSERVED,
    /** It is not admitted. */
    REJECTED
  }

  /** Whether the pod may be created. */
  public boolean isAllowed() {
    return outcome != Outcome.REJECTED;
  }

  /** What the user is shown when creating the pod, a line each. */
  public List<String> warnings() {
    return findings.stream()
        .filter(finding -> finding.severity() == Finding.Severity.WARNING)
        .map(finding -> "graft: " + finding.text())
        .distinct()
        .toList();
  }
}
