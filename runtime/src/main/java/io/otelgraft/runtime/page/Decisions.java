package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Subject;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.Answered;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/**
 * The latest decisions: of each outcome a hundred, at most 4 MB together, so that a rejection is
 * not pushed out by what goes well. Pods that ask for nothing are counted and not kept.
 *
 * <p>Almost nothing is done as long as nobody looks: a pod that asks for nothing costs one
 * addition, and of other pods at most ten a second and outcome are packed. Explanations and
 * differences are made when they are shown.
 *
 * <p>Thread-safe.
 */
public final class Decisions implements AnswerListener {

  /** What all that are kept may take in memory. */
  static final int MOST_BYTES = 4 << 20;

  /** What one may take: a single one must not push out all others. */
  private static final int MOST_BYTES_OF_ONE = MOST_BYTES / 16;

  private static final ObjectNode NO_POD = JsonNodeFactory.instance.objectNode();

  private final LongSupplier clock;
  private final Map<Outcome, Shelf> shelves = new EnumMap<>(Outcome.class);
  private final LongAdder notAsked = new LongAdder();

  // Guarded by this.
  private long lastId;

  /** Begins empty. */
  public Decisions() {
    this(System::nanoTime);
  }

  /** Begins empty, with a clock in nanoseconds by which a flood is noticed. */
  Decisions(LongSupplier clock) {
    this.clock = clock;
    for (Outcome outcome : Outcome.values()) {
      shelves.put(outcome, new Shelf(clock.getAsLong()));
    }
  }

  @Override
  public void answered(Answered answered) {
    Answer answer = answered.answer();
    Optional<Decision> decision = answer.decision();
    if (decision.isPresent() && decision.get().reason().equals(Reasons.NOT_ANNOTATED)) {
      notAsked.increment();
      return;
    }
    Optional<Subject> subject = answer.subject();
    if (subject.isEmpty() || (decision.isEmpty() && isPlain(answer))) {
      return;
    }
    Outcome outcome = decision.map(Decision::outcome).orElseGet(() -> outcome(answer));
    Shelf shelf = shelves.get(outcome);
    if (shelf.takes(clock.getAsLong())) {
      keep(answered, subject.get(), outcome, shelf);
    }
  }

  /** Whether there is nothing to tell: an object that is no pod was let through. */
  private static boolean isPlain(Answer answer) {
    return answer.allowed() && answer.warnings().isEmpty();
  }

  private static Outcome outcome(Answer answer) {
    return answer.allowed() ? Outcome.UNCHANGED : Outcome.REJECTED;
  }

  private void keep(Answered answered, Subject subject, Outcome outcome, Shelf shelf) {
    Answer answer = answered.answer();
    Optional<Decision> decision = answer.decision();
    PackedPods pods =
        decision
            .map(made -> PackedPods.of(answer.before().orElseThrow(), made.pod()))
            .orElse(PackedPods.NONE);
    // The id last, and under the lock: who asks for those after an id must not miss one.
    synchronized (this) {
      lastId = Math.max(lastId + 1, answered.at().toEpochMilli());
      put(
          shelf,
          new Kept(
              lastId,
              answered.at(),
              answered.took(),
              subject,
              answer.dryRun(),
              outcome,
              decision.map(Decision::reason).orElse(""),
              message(answer),
              decision.map(Decisions::languages).orElse(List.of()),
              answer.warnings(),
              decision.map(Decisions::withoutPod),
              pods));
    }
  }

  private void put(Shelf shelf, Kept kept) {
    if (kept.weight() > MOST_BYTES_OF_ONE) {
      shelf.passOver();
      return;
    }
    shelf.put(kept);
    while (weight() > MOST_BYTES) {
      shelves.values().stream()
          .max(Comparator.comparingInt(Shelf::weight))
          .orElseThrow()
          .removeOldest();
    }
  }

  /** What those that are kept take in memory, bytes. */
  synchronized int weight() {
    return shelves.values().stream().mapToInt(Shelf::weight).sum();
  }

  private static String message(Answer answer) {
    return answer
        .decision()
        .map(Decision::message)
        .or(answer::message)
        .orElseGet(() -> answer.warnings().getFirst());
  }

  private static List<String> languages(Decision decision) {
    return decision.injected().stream().map(Injected::language).toList();
  }

  private static Decision withoutPod(Decision decision) {
    return new Decision(
        decision.outcome(),
        decision.reason(),
        decision.message(),
        decision.findings(),
        decision.injected(),
        NO_POD,
        List.of(),
        decision.journal(),
        decision.catalogue());
  }

  /** Those that are kept and wanted, the newest first. */
  List<Kept> latest(Predicate<Kept> wanted) {
    List<Kept> latest = new ArrayList<>();
    synchronized (this) {
      shelves
          .values()
          .forEach(shelf ->
              shelf.forEach(kept -> {
                if (wanted.test(kept)) {
                  latest.add(kept);
                }
              }));
    }
    latest.sort(Comparator.comparingLong(Kept::id).reversed());
    return latest;
  }

  /** One of them; empty if it is not kept any more, or never was. */
  Optional<Kept> find(long id) {
    return latest(kept -> kept.id() == id).stream().findFirst();
  }

  /** How many reviews there were since the start. */
  Counts counts() {
    Map<Outcome, Long> byOutcome = new EnumMap<>(Outcome.class);
    shelves.forEach((outcome, shelf) -> byOutcome.put(outcome, shelf.seen()));
    long passedOver = shelves.values().stream().mapToLong(Shelf::passedOver).sum();
    return new Counts(byOutcome, notAsked.sum(), passedOver);
  }

  /**
   * Numbers of reviews since the start.
   *
   * @param byOutcome of those that there is something to tell of
   * @param notAsked of pods that asked for nothing, and are not kept
   * @param passedOver of those that would have been kept, had there not been so many
   */
  record Counts(Map<Outcome, Long> byOutcome, long notAsked, long passedOver) {}
}
