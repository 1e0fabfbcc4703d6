package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;

/**
 * What became of a pod, and what Graft promised and did not keep.
 *
 * @param outcome {@code UNCHANGED}, {@code INJECTED}, {@code OBSERVED} or {@code REJECTED}
 * @param reason the code of what decided
 * @param message the same in words
 * @param languages the ids of the languages that were injected; empty unless {@code INJECTED}
 * @param valid whether an API server would accept the pod that came, see {@link PodValidity}
 * @param before the pod that came
 * @param patch the JSON Patch of the answer, an array; empty if nothing is changed
 * @param after the pod as it is admitted; the one that came unless {@code INJECTED}
 * @param breaches each promise that is not kept, with how; empty if all are
 */
public record Judgement(
    String outcome,
    String reason,
    String message,
    Set<String> languages,
    boolean valid,
    JsonNode before,
    JsonNode patch,
    JsonNode after,
    List<String> breaches) {
  public Judgement {
    languages = Set.copyOf(languages);
    breaches = List.copyOf(breaches);
  }
}
