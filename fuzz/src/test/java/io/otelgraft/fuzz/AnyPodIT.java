package io.otelgraft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Judgement;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * What Graft promises, for the plugins that it ships with, in clusters, of pods and of workloads
 * that nobody thought of. A failure says how to have it again.
 *
 * <p>Half of the cases are the same in each build, and find what a change breaks. The others come
 * of a seed that is made of what is tested, {@link Distribution#seed()}: other cases with each
 * change, the same ones for whoever builds the same. So a build goes red for a change and for
 * nothing else, and yet ever more is tried.
 */
final class AnyPodIT {
  private static final int CASES = Integer.getInteger("graft.any.cases", 10_000);

  @Test
  void what_Graft_promises_holds_of_any_pod_in_any_cluster() {
    Tally tally = new Tally();
    Search search = new Search(Distribution.PLUGINS, Duration.ofMinutes(1), tally::count);
    String choices = System.getProperty("graft.any.choices", "");
    if (!choices.isEmpty()) {
      none(search.failure(Arrays.stream(choices.split(",")).mapToInt(Integer::parseInt).toArray()));
      return;
    }
    seeds().forEach(seed -> none(search.failure(seed)));
    if (CASES >= 1000) {
      tally.isBalanced(search.languages());
    }
  }

  private static LongStream seeds() {
    Long given = Long.getLong("graft.any.seed");
    if (given != null) {
      return LongStream.range(given, given + CASES);
    }
    long made = Distribution.seed();
    System.out.printf(
        "any pod: %d cases from seed 1 on, and as many from seed %d on%n", CASES / 2, made);
    return LongStream.concat(
        LongStream.range(1, 1 + CASES / 2), LongStream.range(made, made + CASES / 2));
  }

  private static void none(Optional<String> failure) {
    failure.ifPresent(told -> {
      throw new AssertionError(told);
    });
  }

  /** How often what has come of it, so that nothing holds because nothing is tried. */
  private static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();
    private int all;
    private int valid;

    void count(Case one, Judgement judgement, List<Language> languages) {
      all++;
      add(one.before().isPresent() ? "UPDATED" : "CREATED");
      add(one.object().path("kind").asText());
      valid += judgement.valid() ? 1 : 0;
      add(judgement.outcome() + " " + judgement.reason());
      add(judgement.outcome());
      JsonNode annotations = one.annotations();
      for (Language language : languages) {
        if (judgement.languages().contains(language.id())) {
          add(language.id() + " INJECTED");
        } else if (annotations.has("instrumentation.opentelemetry.io/inject-" + language.id())) {
          add(language.id() + " " + judgement.outcome().replace("INJECTED", "LEFT_OUT"));
        }
      }
    }

    private void add(String what) {
      counts.merge(what, 1, Integer::sum);
    }

    private int count(String what) {
      return counts.getOrDefault(what, 0);
    }

    private double share(String what) {
      return count(what) * 100.0 / all;
    }

    void isBalanced(List<Language> languages) {
      assertThat(valid * 100.0 / all).as("%% of pods that are valid").isGreaterThan(60);
      // What exists is never injected; where Graft only observes, it is told what would be.
      assertThat((count("INJECTED") + count("OBSERVED Injected")) * 100.0 / count("CREATED"))
          .as("%% of pods that are created and injected, or would be, of %s", this)
          .isGreaterThan(20);
      assertThat(share("REJECTED"))
          .as("%% of pods that are rejected, of %s", this)
          .isGreaterThan(5);
      assertThat(share("UNCHANGED"))
          .as("%% of pods that are left alone, of %s", this)
          .isGreaterThan(5);
      for (Language language : languages) {
        for (String outcome : List.of("INJECTED", "REJECTED", "UNCHANGED")) {
          assertThat(share(language.id() + " " + outcome))
              .as("%% of pods with %s %s, of %s", language.id(), outcome, this)
              .isGreaterThan(0.5);
        }
      }
    }

    @Override
    public String toString() {
      return all + " pods, " + valid + " valid: " + counts;
    }
  }
}
