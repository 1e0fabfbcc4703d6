package io.otelgraft.runtime.page;

import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Subject;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * An answer that is kept for whoever looks at the page.
 *
 * @param id greater than that of those before it, also of those before a restart
 * @param at when the review arrived
 * @param took how long it took to answer
 * @param subject what the review is about
 * @param dryRun whether nothing came of it
 * @param outcome what became of the object
 * @param reason the code of what decided; the empty string if the review was not about a pod
 * @param message the same in words; the empty string if there is nothing to say
 * @param languages the ids of the languages that were injected, or would be when only observing
 * @param warnings what the user was shown
 * @param decision the decision about a pod, without the pod and the patch, which are in {@code
 *     pods}; empty if the review was not about a pod
 * @param pods the pod before, and after if it differs
 */
record Kept(
    long id,
    Instant at,
    Duration took,
    Subject subject,
    boolean dryRun,
    Outcome outcome,
    String reason,
    String message,
    List<String> languages,
    List<String> warnings,
    Optional<Decision> decision,
    PackedPods pods) {

  /** Roughly what it takes in memory, bytes. */
  int weight() {
    return Weight.of(subject.toString(), subject.uid(), subject.user(), message)
        + Weight.of(warnings)
        + decision.map(Weight::of).orElse(0)
        + pods.bytes();
  }

  /** {@code Pod shop/cart-7d4b9c6f5-}. */
  String title() {
    return subject.kind() + " " + subject.namespace() + "/" + subject.name();
  }
}
