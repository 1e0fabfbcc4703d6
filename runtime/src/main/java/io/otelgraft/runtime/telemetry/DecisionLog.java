package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.runtime.server.Answered;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Logs what was answered: a line for each pod that was injected or rejected, or about which there
 * is a warning; the others at debug.
 *
 * <p>A workload whose pods are rejected tries again and again, for as long as nobody mends it. Of
 * what is the same about the same pods the first {@value #BURST} lines of a minute are written; the
 * rest is counted, and the count written when the minute is over.
 *
 * <p>Nothing of a pod but its name is in a line of its own accord, so that no value of an
 * environment variable comes to where logs are kept.
 *
 * <p>Thread-safe.
 */
final class DecisionLog {

  static final String LOGGER = "io.otelgraft.admission";

  static final int BURST = 10;

  private static final Duration WINDOW = Duration.ofMinutes(1);

  /** So many different things are remembered at most; then a new window begins. */
  private static final int MOST_TOPICS = 1_000;

  private static final double NANOS_PER_MILLISECOND = 1e6;

  private final Map<Topic, Repetition> window = new HashMap<>();
  private Instant windowEnd = Instant.MIN;

  /** What makes lines the same: the message, which names the pods, from the same webhook. */
  private record Topic(String message, String path) {}

  private static final class Repetition {
    private int told;
    private int heldBack;
    private LogLine latest;
  }

  /** Logs an answer, with the span that tells the same if there is one. */
  void log(Answered answered, Optional<SpanIds> span) {
    Level level = level(answered.answer());
    if (!Logging.isLoggable(LOGGER, level)) {
      return;
    }
    LogLine line = line(answered, level, span);
    if (level == Level.DEBUG || isNext(answered, line)) {
      Logging.write(line);
    }
  }

  private static Level level(Answer answer) {
    Optional<Decision> decision = answer.decision();
    if (Result.of(answer).isFailure()) {
      return Level.WARNING;
    }
    boolean quiet =
        answer.allowed()
            && answer.warnings().isEmpty()
            && decision.filter(made -> made.outcome() != Decision.Outcome.UNCHANGED).isEmpty();
    return quiet ? Level.DEBUG : Level.INFO;
  }

  private static LogLine line(Answered answered, Level level, Optional<SpanIds> span) {
    Answer answer = answered.answer();
    Result result = Result.of(answer);
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("graft.outcome", result.outcome());
    if (!result.reason().isEmpty()) {
      fields.put("graft.reason", result.reason());
    }
    answer
        .decision()
        .ifPresent(decision -> {
          fields.put(
              "graft.languages", decision.injected().stream().map(Injected::language).toList());
          fields.put(
              "graft.instrumentations",
              decision.injected().stream()
                  .map(one -> one.instrumentation() + "@" + one.generation())
                  .distinct()
                  .toList());
          fields.put("graft.catalogue.generation", decision.catalogue());
        });
    fields.put("graft.warnings", answer.warnings());
    answer
        .subject()
        .ifPresent(subject -> {
          fields.put("graft.request.uid", subject.uid());
          fields.put("graft.request.operation", subject.operation());
          fields.put("graft.request.kind", subject.kind());
          fields.put("graft.request.name", subject.name());
          fields.put("graft.request.dry_run", answer.dryRun());
          fields.put("k8s.namespace.name", subject.namespace());
        });
    fields.put("url.path", answered.path());
    fields.put("graft.duration_ms", answered.took().toNanos() / NANOS_PER_MILLISECOND);
    span.ifPresent(ids -> {
      fields.put("trace_id", ids.trace());
      fields.put("span_id", ids.span());
    });
    return new LogLine(
        answered.at(), level, LOGGER, message(answer, result), fields, Optional.empty());
  }

  private static String message(Answer answer, Result result) {
    String what =
        answer
            .decision()
            .map(decision ->
                decision.isAllowed()
                    ? decision.message()
                    : result.outcome() + ": " + decision.message())
            .orElseGet(() ->
                answer
                    .message()
                    .map(why -> result.outcome() + ": " + why)
                    .orElse(result.outcome()));
    return answer.subject().map(subject -> subject + ": " + what).orElse(what);
  }

  /** Whether a line is to be written, or but counted. */
  private synchronized boolean isNext(Answered answered, LogLine line) {
    if (answered.at().isAfter(windowEnd) || window.size() >= MOST_TOPICS) {
      tellRest();
      windowEnd = answered.at().plus(WINDOW);
    }
    Repetition repetition =
        window.computeIfAbsent(new Topic(line.message(), answered.path()), _ -> new Repetition());
    if (repetition.told < BURST) {
      repetition.told++;
      return true;
    }
    repetition.heldBack++;
    repetition.latest = line;
    return false;
  }

  /** Tells how often what was held back came, and begins anew. */
  synchronized void tellRest() {
    for (Repetition repetition : window.values()) {
      if (repetition.heldBack > 0) {
        LogLine latest = repetition.latest;
        Map<String, Object> fields = new LinkedHashMap<>(latest.fields());
        fields.put("graft.repeated", repetition.heldBack);
        Logging.write(
            new LogLine(
                latest.at(),
                latest.level(),
                LOGGER,
                latest.message() + " (" + repetition.heldBack + " more like this)",
                fields,
                Optional.empty()));
      }
    }
    window.clear();
  }
}
