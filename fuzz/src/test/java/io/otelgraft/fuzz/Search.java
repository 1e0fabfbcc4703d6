package io.otelgraft.fuzz;

import static java.util.stream.Collectors.joining;

import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Judgement;
import io.otelgraft.testkit.Promises;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Looks for a case in which Graft does not keep what it promises, and makes it simple. */
final class Search {
  private final Path plugins;
  private final Duration patience;
  private final Listener listener;

  /** One that has failed may be set aside, so these are replaced by new ones then. */
  private Promises promises;

  private final List<Language> languages;

  /**
   * With the plugins of a folder.
   *
   * @param patience how long a failing case is made simpler
   * @param listener is told of each case that was generated from a seed, and what became of it
   */
  Search(Path plugins, Duration patience, Listener listener) {
    this.plugins = plugins;
    this.patience = patience;
    this.listener = listener;
    this.promises = Promises.of(plugins);
    this.languages = promises.languages();
  }

  /** Who is told of a case, what became of it, and which languages there are. */
  interface Listener {
    void tried(Case one, Judgement judgement, List<Language> languages);
  }

  /** The languages that the cases ask for. */
  List<Language> languages() {
    return languages;
  }

  /**
   * Tries the case of a seed.
   *
   * @return what is broken, in the simplest case found, and how to have both again; empty if all is
   *     well
   */
  Optional<String> failure(long seed) {
    Choices choices = Choices.of(seed);
    List<String> breaches = breaches(Case.of(choices, languages), listener);
    if (breaches.isEmpty()) {
      return Optional.empty();
    }
    String first = String.join("\n", breaches);
    int[] made = choices.made();
    String kind = kind(breaches(made));
    if (kind.isEmpty()) {
      // What is random in Graft is a breach; what a machine does that stands still is none.
      return first.contains(" in time")
          ? Optional.empty()
          : Optional.of(
              "seed %d (-Dgraft.any.seed=%d -Dgraft.any.cases=1), but not always:%n%s%n%n%s"
                  .formatted(seed, seed, first, Case.of(Choices.of(made), languages)));
    }
    int[] simplest = Shrinking.of(made, it -> kind(breaches(it)).equals(kind), patience);
    return Optional.of(
        "seed %d (-Dgraft.any.seed=%d -Dgraft.any.cases=1), in its simplest form (%s):%n%s"
            .formatted(
                seed,
                seed,
                "-Dgraft.any.choices="
                    + Arrays.stream(simplest).mapToObj(String::valueOf).collect(joining(",")),
                told(simplest)));
  }

  /**
   * Tries the case of recorded choices.
   *
   * @return what is broken; empty if all is well
   */
  Optional<String> failure(int[] choices) {
    return breaches(choices).isEmpty() ? Optional.empty() : Optional.of(told(choices));
  }

  private String told(int[] choices) {
    return String.join("\n", breaches(choices)) + "\n\n" + Case.of(Choices.of(choices), languages);
  }

  private List<String> breaches(int[] choices) {
    return breaches(Case.of(Choices.of(choices), languages), (_, _, _) -> {});
  }

  private List<String> breaches(Case one, Listener told) {
    List<String> breaches;
    try {
      Judgement judgement = one.judgedBy(promises);
      told.tried(one, judgement, languages);
      breaches = Breaches.of(judgement);
    } catch (RuntimeException | StackOverflowError e) {
      breaches = List.of(e + " at " + Arrays.stream(e.getStackTrace()).limit(5).toList());
    }
    if (!breaches.isEmpty()) {
      promises = Promises.of(plugins);
    }
    return breaches;
  }

  /** What is broken, without how; what does not fail is of no kind. */
  private static String kind(List<String> breaches) {
    return breaches.isEmpty() ? "" : breaches.getFirst().replaceFirst(":.*", "");
  }
}
