package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.injection.Finding;
import java.util.ArrayList;
import java.util.List;

/** What is told of a workload when it is applied, against what will become of its pods. */
final class WorkloadRules {
  private static final String PROMISE = "who applies a workload is told what its pods will be: ";

  private WorkloadRules() {}

  /**
   * What is wrong with what is told.
   *
   * @param request that of the review
   * @param trial the template's
   * @param answer what is told
   */
  static List<String> breaches(JsonNode request, Trial trial, Answer answer) {
    List<String> breaches = new ArrayList<>();
    if (!answer.allowed() || !AnswerRules.patch(answer.body()).isEmpty()) {
      breaches.add(PROMISE + "it is denied or changed, where it is only to be told");
    }
    Decision decision = trial.decision();
    boolean hasNews =
        decision.outcome() == Decision.Outcome.REJECTED
            || decision.findings().stream()
                .anyMatch(finding -> finding.severity() == Finding.Severity.WARNING);
    boolean silent = isOwned(request.path("object")) || isAsBefore(request, trial);
    if ((hasNews && !silent) == answer.warnings().isEmpty()) {
      breaches.add(
          PROMISE
              + "its pods will be %s (%s), and what is told is %s"
                  .formatted(decision.outcome(), decision.message(), answer.warnings()));
    }
    return breaches;
  }

  private static boolean isOwned(JsonNode workload) {
    for (JsonNode owner : workload.at("/metadata/ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAsBefore(JsonNode request, Trial trial) {
    PodTemplate template = trial.story().template();
    return request.path("oldObject").at(template.pointer()).equals(template.tree());
  }
}
