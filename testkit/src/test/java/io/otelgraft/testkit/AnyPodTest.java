package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Reviewer;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.statistics.Statistics;

/** What Graft promises, of pods that nobody thought of. */
class AnyPodTest {

  @Property(tries = 500)
  void what_Graft_promises_holds_for_any_pod(@ForAll("stories") Story story) {
    ObjectNode original = story.template().tree().deepCopy();

    Trial trial = story.with(MadeUpLanguages.all());

    Statistics.label("reason").collect(trial.decision().reason());
    Statistics.collect(trial.decision().outcome());
    Statistics.coverage(
        coverage -> coverage.check(Outcome.INJECTED).percentage(percentage -> percentage > 30));
    for (Guarantee guarantee : Guarantee.values()) {
      assertThat(guarantee.breaches(trial)).as(guarantee.toString()).isEmpty();
    }
    assertThat(patched(trial)).isEqualTo(trial.after());
    assertThat(story.template().tree()).as("the pod that came").isEqualTo(original);
  }

  @Property(tries = 300)
  void nothing_fails_for_a_pod_that_is_none(@ForAll("malformed") Story story) {
    Trial trial = story.with(MadeUpLanguages.all());

    Statistics.label("outcome").collect(trial.decision().outcome(), trial.decision().reason());
    assertThat(Guarantee.NOTHING_FAILS.breaches(trial)).isEmpty();
    assertThat(Guarantee.ONCE.breaches(trial)).isEmpty();
    assertThat(patched(trial)).isEqualTo(trial.after());
  }

  /** The pod as an API server makes it of the patch, by a library that Graft does not use. */
  static JsonNode patched(Trial trial) {
    return JsonPatch.apply(Reviewer.patch(trial.decision().patch()), trial.before());
  }

  @Provide
  Arbitrary<Story> stories() {
    return Stories.any();
  }

  @Provide
  Arbitrary<Story> malformed() {
    return Stories.malformed();
  }
}
