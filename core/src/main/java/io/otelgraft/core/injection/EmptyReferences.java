package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.injection.Selection.Choice;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Lists that come by a reference which may yield the empty string: extended, they have an empty
 * item, which would put the working directory into the list. The kubelet gives no error that a
 * fallback could follow, and knows no way to leave out a separator, wherever the reference stands.
 *
 * <p>That of a label or an annotation which the pod does not have is refused. Whether a key of a
 * ConfigMap, Secret or file is empty nobody sees here, so that the author is told: refused would be
 * all lists that come from a key, for the sake of those whose key is there and empty.
 */
final class EmptyReferences {
  private static final Reason EMPTY =
      Reason.of(
          Reasons.EMPTY_REFERENCE,
          "A list is taken from a label or annotation that the pod does not have; extended, it"
              + " would have an empty item, which stands for the working directory.");

  private static final Map<String, String> KEYED =
      Map.of(
          "configMapKeyRef", "the ConfigMap",
          "secretKeyRef", "the Secret",
          "fileKeyRef", "the file");

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

  /**
   * Tells of lists that have an empty item if a key which they are taken from is there and empty.
   */
  static void tell(Choice choice, TargetView target, List<Finding> findings) {
    for (ListVariable list : choice.plugin().language().listVariables()) {
      if (list.emptyItem() != EmptyItem.WORKING_DIRECTORY) {
        continue;
      }
      Optional<EnvVar> given = target.given(list.name());
      Optional<String> key = given.flatMap(EmptyReferences::key);
      String id = choice.plugin().id();
      if (key.isPresent()) {
        findings.add(
            new Finding(
                Finding.Severity.NOTE,
                Reasons.EMPTY_ITEM_POSSIBLE,
                id,
                target.name(),
                "%s comes from %s: if that is there and empty, the working directory is on it"
                    .formatted(list.name(), key.get()),
                "give the key a value, or leave it out and make the reference optional"));
      } else if (given.isEmpty() && target.env().mayHoldUnseen(list.name())) {
        findings.add(
            Finding.note(
                Reasons.NOTE,
                id,
                target.name(),
                "if a source of envFrom has %1$s and it is empty, the working directory is on it: leave the key out instead"
                    .formatted(list.name())));
      }
    }
  }

  /** The key that an entry is taken from, in words; empty for one that is not taken from a key. */
  private static Optional<String> key(EnvVar entry) {
    JsonNode source = entry.entry().path("valueFrom");
    for (Map.Entry<String, String> kind : KEYED.entrySet()) {
      JsonNode reference = source.path(kind.getKey());
      if (reference.isObject()) {
        String of = reference.path("name").asText(reference.path("path").asText());
        return Optional.of(
            "key %s of %s %s".formatted(reference.path("key").asText(), kind.getValue(), of));
      }
    }
    return Optional.empty();
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
