package io.otelgraft.runtime.page;

import io.helidon.common.parameters.Parameters;
import io.otelgraft.core.admission.Decision.Outcome;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Which decisions somebody wants to see.
 *
 * @param outcome those of one outcome; empty for all
 * @param namespace what the namespace has in it; the empty string for all
 * @param text what name, reason, message, languages or the review's uid have in them; the empty
 *     string for all
 * @param after those with a greater id
 */
record DecisionFilter(Optional<Outcome> outcome, String namespace, String text, long after)
    implements Predicate<Kept> {

  /**
   * Reads the query of a URL. What it does not say is not asked for.
   *
   * @throws IllegalArgumentException if a value is none; the message says what is
   */
  static DecisionFilter of(Parameters query) {
    return new DecisionFilter(
        outcome(text(query, "outcome")),
        text(query, "namespace"),
        text(query, "text"),
        after(text(query, "after")));
  }

  private static String text(Parameters query, String name) {
    return query.first(name).orElse("").strip();
  }

  private static Optional<Outcome> outcome(String text) {
    if (text.isEmpty()) {
      return Optional.empty();
    }
    for (Outcome outcome : Outcome.values()) {
      if (word(outcome).equals(text)) {
        return Optional.of(outcome);
      }
    }
    List<String> words = Arrays.stream(Outcome.values()).map(DecisionFilter::word).toList();
    throw new IllegalArgumentException(
        "outcome is \"%s\", not one of %s".formatted(text, String.join(", ", words)));
  }

  private static long after(String text) {
    try {
      return text.isEmpty() ? 0 : Long.parseLong(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          "after is \"%s\", not the id of a decision".formatted(text), e);
    }
  }

  /** How an outcome is written: {@code injected}. */
  static String word(Outcome outcome) {
    return outcome.name().toLowerCase(Locale.ROOT);
  }

  @Override
  public boolean test(Kept kept) {
    return kept.id() > after
        && (outcome.isEmpty() || outcome.get() == kept.outcome())
        && holds(kept.subject().namespace(), namespace)
        && (holds(kept.title(), text)
            || holds(kept.reason(), text)
            || holds(kept.message(), text)
            || holds(kept.subject().uid(), text)
            || kept.languages().stream().anyMatch(language -> holds(language, text)));
  }

  private static boolean holds(String whole, String part) {
    return part.isEmpty() || whole.toLowerCase(Locale.ROOT).contains(part.toLowerCase(Locale.ROOT));
  }
}
