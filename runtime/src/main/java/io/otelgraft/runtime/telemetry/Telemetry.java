package io.otelgraft.runtime.telemetry;

import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Refusal;
import java.util.Optional;

/** Counts and logs each answer. */
public final class Telemetry implements AnswerListener, AutoCloseable {

  private final Metrics metrics;
  private final DecisionLog log = new DecisionLog();

  /** Counts into these metrics. */
  public Telemetry(Metrics metrics) {
    this.metrics = metrics;
  }

  /** What is counted. */
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public void answered(Answered answered) {
    metrics.answered(answered);
    log.log(answered, Optional.empty());
  }

  @Override
  public void refused(Refusal refusal) {
    metrics.refused(refusal);
  }

  /** Tells what has not been told yet. */
  @Override
  public void close() {
    log.tellRest();
  }
}
