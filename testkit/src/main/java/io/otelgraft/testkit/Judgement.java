package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Injected;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What became of a review, and what Graft promised and did not keep.
 *
 * @param status the status of the HTTP response
 * @param allowed whether it was a review, and what it asks for is allowed
 * @param outcome what was decided about the pod, or will be about those of a workload: {@code
 *     UNCHANGED}, {@code INJECTED}, {@code OBSERVED} or {@code REJECTED}; the empty string if it
 *     was about something else
 * @param reason the code of what decided; the empty string without an outcome
 * @param message the same in words; the empty string without an outcome
 * @param languages the ids of the languages that were injected; empty unless {@code INJECTED}
 * @param valid whether an API server would accept the pod that came, see {@link PodValidity}
 * @param before the pod that came, or the template of a workload; missing without an outcome
 * @param patch the JSON Patch by which it is changed, an array; empty if nothing is
 * @param after the pod as it is admitted; the one that came unless {@code INJECTED}
 * @param breaches each promise that is not kept, with how; empty if all are
 */
public record Judgement(
    int status,
    boolean allowed,
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

  /** Of what is about no pods. */
  static Judgement of(Answer answer, List<String> breaches) {
    return new Judgement(
        answer.status(),
        answer.allowed(),
        "",
        "",
        "",
        Set.of(),
        false,
        MissingNode.getInstance(),
        JsonNodeFactory.instance.arrayNode(),
        MissingNode.getInstance(),
        breaches);
  }

  /** Of a decision about a pod. */
  static Judgement of(
      Answer answer,
      Decision decision,
      ObjectNode before,
      boolean valid,
      JsonNode patch,
      List<String> breaches) {
    boolean injected = decision.outcome() == Decision.Outcome.INJECTED;
    return new Judgement(
        answer.status(),
        answer.allowed(),
        decision.outcome().name(),
        decision.reason(),
        decision.message(),
        injected
            ? decision.injected().stream().map(Injected::language).collect(Collectors.toSet())
            : Set.of(),
        valid,
        before,
        patch,
        injected ? decision.pod() : before,
        breaches);
  }
}
