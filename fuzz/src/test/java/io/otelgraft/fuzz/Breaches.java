package io.otelgraft.fuzz;

import com.flipkart.zjsonpatch.JsonPatch;
import com.flipkart.zjsonpatch.JsonPatchApplicationException;
import io.otelgraft.testkit.Judgement;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with what became of a review. */
final class Breaches {
  static final String PATCH = "the patch gives the pod that was decided on";

  private Breaches() {}

  /**
   * Each promise that is not kept, and whether the patch makes of the pod what was decided, by a
   * library that Graft does not use.
   */
  static List<String> of(Judgement judgement) {
    List<String> breaches = new ArrayList<>(judgement.breaches());
    if (judgement.outcome().isEmpty()) {
      return breaches;
    }
    try {
      if (!JsonPatch.apply(judgement.patch(), judgement.before()).equals(judgement.after())) {
        breaches.add(PATCH + ": it does not: " + judgement.patch());
      }
    } catch (JsonPatchApplicationException e) {
      breaches.add(PATCH + ": it cannot be applied: " + judgement.patch() + ": " + e.getMessage());
    }
    return breaches;
  }
}
