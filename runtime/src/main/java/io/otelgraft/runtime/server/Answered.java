package io.otelgraft.runtime.server;

import io.otelgraft.core.admission.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A review that was answered.
 *
 * @param path where it was posted: {@code /mutate-v1-pod}
 * @param at when it had arrived
 * @param waited the time from then until it was its turn
 * @param took the time from when it had arrived until the answer was ready to be sent
 * @param answer the answer
 * @param trace the trace that the client works in; empty if it said nothing of one
 */
public record Answered(
    String path,
    Instant at,
    Duration waited,
    Duration took,
    Answer answer,
    Optional<TraceHeaders> trace) {

  /** One that did not wait, for a client that said nothing of a trace. */
  public Answered(String path, Instant at, Duration took, Answer answer) {
    this(path, at, Duration.ZERO, took, answer, Optional.empty());
  }

  /**
   * The trace of a client.
   *
   * @param parent the value of the header {@code traceparent}, as it came
   * @param state that of {@code tracestate}; the empty string if there was none
   * @see <a href="https://www.w3.org/TR/trace-context/">Trace Context</a>
   */
  public record TraceHeaders(String parent, String state) {}
}
