package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Reasons;
import java.util.Set;

/**
 * What came of a review, in the two words that metrics, logs and traces share.
 *
 * @param outcome what became of the pod: {@code unchanged}, {@code injected}, {@code observed} or
 *     {@code rejected}; for a review that decided about no pod {@code allowed} or {@code denied},
 *     and {@code malformed} for what was no review
 * @param reason the code of the one thing that decided, as in {@link Reasons}; the empty string
 *     where no pod was decided about
 */
record Result(String outcome, String reason) {

  private static final Result ALLOWED = new Result("allowed", "");
  private static final Result DENIED = new Result("denied", "");
  private static final Result MALFORMED = new Result("malformed", "");

  private static final Set<String> FAILURES = Set.of(Reasons.GRAFT_FAILED, Reasons.PLUGIN_FAILED);

  static Result of(Answer answer) {
    if (answer.decision().isPresent()) {
      Decision decision = answer.decision().get();
      return new Result(outcome(decision), decision.reason());
    }
    if (answer.subject().isEmpty()) {
      return MALFORMED;
    }
    return answer.allowed() ? ALLOWED : DENIED;
  }

  private static String outcome(Decision decision) {
    return switch (decision.outcome()) {
      case UNCHANGED -> "unchanged";
      case INJECTED -> "injected";
      case OBSERVED -> "observed";
      case REJECTED -> "rejected";
    };
  }

  /** Whether Graft or a plugin failed: for the operator to look after, and not for a user. */
  boolean isFailure() {
    return FAILURES.contains(reason);
  }
}
