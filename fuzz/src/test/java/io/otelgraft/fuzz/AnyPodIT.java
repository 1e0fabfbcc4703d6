package io.otelgraft.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.flipkart.zjsonpatch.JsonPatch;
import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Judgement;
import io.otelgraft.testkit.Promises;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/**
 * What Graft promises, for the plugins that it ships with, in clusters and of pods that nobody
 * thought of. A failure names its seed; {@code -Dgraft.any.seed=SEED -Dgraft.any.cases=1} gives it
 * again.
 */
final class AnyPodIT {
  private static final Path PLUGINS = Path.of("..", "runtime", "target", "graft", "plugins");
  private static final int CASES = Integer.getInteger("graft.any.cases", 10_000);

  /** The same unless it is given, so that a build goes red for a change and for nothing else. */
  private static final long SEED = Long.getLong("graft.any.seed", 1);

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @Test
  void what_Graft_promises_holds_of_any_pod_in_any_cluster() {
    Promises promises = Promises.of(PLUGINS);
    List<Language> languages = promises.languages();
    Tally tally = new Tally();
    for (int i = 0; i < CASES; i++) {
      Choices choices = Choices.of(SEED + i);
      Case one = Case.of(choices, languages);
      List<String> breaches = breaches(one, promises, tally);
      if (!breaches.isEmpty()) {
        throw new AssertionError(failure(SEED + i, choices.made(), languages));
      }
    }
    if (CASES >= 1000) {
      tally.isBalanced(languages);
    }
  }

  /** What is wrong with what became of the pod. */
  private static List<String> breaches(Case one, Promises promises, Tally tally) {
    try {
      Judgement judgement = one.judgedBy(promises);
      tally.count(one, judgement, promises.languages());
      List<String> breaches = new ArrayList<>(judgement.breaches());
      if (!JsonPatch.apply(judgement.patch(), judgement.before()).equals(judgement.after())) {
        breaches.add("the patch does not give the pod that was decided on: " + judgement.patch());
      }
      return breaches;
    } catch (RuntimeException | StackOverflowError e) {
      return List.of(e + " at " + List.of(e.getStackTrace()).subList(0, 5));
    }
  }

  /** The same failure with as little around it as can be. */
  private static String failure(long seed, int[] choices, List<Language> languages) {
    Retrial retrial = new Retrial(languages);
    String kind = kind(retrial.breaches(choices));
    int[] simplest =
        Shrinking.of(choices, tried -> kind(retrial.breaches(tried)).equals(kind), PATIENCE);
    return "seed %d (-Dgraft.any.seed=%d -Dgraft.any.cases=1), in its simplest form:%n%s%n%n%s"
        .formatted(
            seed,
            seed,
            String.join("\n", retrial.breaches(simplest)),
            Case.of(Choices.of(simplest), languages));
  }

  /** What is broken, without how; what does not fail is of no kind. */
  private static String kind(List<String> breaches) {
    return breaches.isEmpty() ? "" : breaches.getFirst().replaceFirst(":.*", "");
  }

  /** Tries again, with plugins that have not failed yet: one that has may be set aside. */
  private static final class Retrial {
    private final List<Language> languages;
    private Promises promises = Promises.of(PLUGINS);

    Retrial(List<Language> languages) {
      this.languages = languages;
    }

    List<String> breaches(int[] choices) {
      Case one = Case.of(Choices.of(choices), languages);
      List<String> breaches = AnyPodIT.breaches(one, promises, new Tally());
      if (!breaches.isEmpty()) {
        promises = Promises.of(PLUGINS);
      }
      return breaches;
    }
  }

  /** How often what has come of it, so that nothing holds because nothing is tried. */
  private static final class Tally {
    private final Map<String, Integer> counts = new TreeMap<>();
    private int all;
    private int valid;

    void count(Case one, Judgement judgement, List<Language> languages) {
      all++;
      valid += judgement.valid() ? 1 : 0;
      add(judgement.outcome() + " " + judgement.reason());
      add(judgement.outcome());
      var annotations = one.pod().path("metadata").path("annotations");
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

    private double share(String what) {
      return counts.getOrDefault(what, 0) * 100.0 / all;
    }

    void isBalanced(List<Language> languages) {
      assertThat(valid * 100.0 / all).as("%% of pods that are valid").isGreaterThan(60);
      assertThat(share("INJECTED"))
          .as("%% of pods that are injected, of %s", this)
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
