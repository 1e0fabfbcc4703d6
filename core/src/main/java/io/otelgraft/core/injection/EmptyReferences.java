package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Verdict;
import java.util.Map;
import java.util.Optional;

/**
 * Refuses what cannot be extended: a list that comes from a label or an annotation which the pod
 * does not have. The kubelet makes the empty string of that, without an error that a fallback could
 * follow, and the empty item would put the working directory into the list.
 */
final class EmptyReferences {
  private static final Reason EMPTY =
      Reason.of(
          Reasons.EMPTY_REFERENCE,
          "A list is taken from a label or annotation that the pod does not have; extended, it"
              + " would have an empty item, which stands for the working directory.");

  private EmptyReferences() {}

  static void refuse(Choice choice, TargetView target, Verdict verdict) {
    for (ListVariable list : choice.plugin().language().listVariables()) {
      if (list.emptyItem() == EmptyItem.WORKING_DIRECTORY) {
        target
            .given(list.name())
            .flatMap(entry -> missing(entry, target.plan().pod()))
            .ifPresent(field ->
                verdict.refuse(
                    EMPTY,
                    list.name() + " from " + field,
                    "give the pod that key with a value, or set " + list.name() + " to one"));
      }
    }
  }

  /** The field that an entry is taken from, if the pod has nothing there. */
  private static Optional<String> missing(EnvVar entry, PodFacts pod) {
    String path = entry.entry().at("/valueFrom/fieldRef/fieldPath").asText();
    return missing(path, "metadata.labels['", pod.labels())
        .or(() -> missing(path, "metadata.annotations['", pod.annotations()));
  }

  private static Optional<String> missing(String path, String begin, Map<String, String> there) {
    return path.startsWith(begin)
            && path.endsWith("']")
            && there.getOrDefault(path.substring(begin.length(), path.length() - 2), "").isEmpty()
        ? Optional.of(path)
        : Optional.empty();
  }
}
