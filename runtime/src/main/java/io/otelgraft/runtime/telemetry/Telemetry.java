package io.otelgraft.runtime.telemetry;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Refusal;
import java.util.Map;
import java.util.Optional;

/** Counts, traces and logs each answer. */
public final class Telemetry implements AnswerListener, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Telemetry.class.getName());

  private final Metrics metrics;
  private final Optional<Traces> traces;
  private final DecisionLog log = new DecisionLog();

  Telemetry(Metrics metrics, Optional<Traces> traces) {
    this.metrics = metrics;
    this.traces = traces;
  }

  /**
   * Of a server that begins.
   *
   * @param version Graft's
   * @param state what is looked at whenever metrics are asked for
   * @param endpoint where traces go, over OTLP; empty for where the environment says, by
   *     OpenTelemetry's variables, and for nowhere if it does not
   * @param environment the environment
   * @throws IllegalArgumentException if the endpoint cannot be used. What the environment says is
   *     often meant for others, too: if that cannot be used there are no traces, and the log says
   *     why
   */
  public static Telemetry start(
      String version, State state, Optional<String> endpoint, Map<String, String> environment) {
    return new Telemetry(new Metrics(version, state), traces(version, endpoint, environment));
  }

  private static Optional<Traces> traces(
      String version, Optional<String> endpoint, Map<String, String> environment) {
    try {
      return TraceExport.of(endpoint, environment).map(export -> traces(export, version));
    } catch (IllegalArgumentException e) {
      if (endpoint.isPresent()) {
        throw e;
      }
      LOG.log(WARNING, "there are no traces: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Traces traces(TraceExport export, String version) {
    Traces traces = Traces.to(export, version);
    if (!export.warning().isEmpty()) {
      LOG.log(WARNING, export.warning());
    }
    LOG.log(INFO, "traces are sent to " + export.destination());
    return traces;
  }

  /** What is counted. */
  public Metrics metrics() {
    return metrics;
  }

  @Override
  public void answered(Answered answered) {
    metrics.answered(answered);
    log.log(answered, traces.flatMap(recorder -> recorder.record(answered)));
  }

  @Override
  public void refused(Refusal refusal) {
    metrics.refused(refusal);
  }

  /** Tells what has not been told yet. */
  @Override
  public void close() {
    log.tellRest();
    traces.ifPresent(Traces::close);
  }
}
