package io.otelgraft.runtime.telemetry;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import java.util.Collection;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * Tells when spans cannot be sent, and when they can again, instead of telling it for each attempt,
 * at length, as the exporters do.
 */
final class ToldOnce implements SpanExporter {

  private static final System.Logger LOG = System.getLogger(ToldOnce.class.getName());

  /** Held, as java.util.logging forgets the level of a logger that nobody holds. */
  private static final Logger EXPORTERS = Logger.getLogger("io.opentelemetry.exporter");

  private final SpanExporter exporter;
  private final String destination;
  private final AtomicBoolean failing = new AtomicBoolean();

  ToldOnce(SpanExporter exporter, String destination) {
    this.exporter = exporter;
    this.destination = destination;
    EXPORTERS.setLevel(Level.OFF);
  }

  @Override
  public CompletableResultCode export(Collection<SpanData> spans) {
    CompletableResultCode result = exporter.export(spans);
    return result.whenComplete(() -> tell(result));
  }

  private void tell(CompletableResultCode result) {
    boolean fails = !result.isSuccess();
    if (failing.getAndSet(fails) == fails) {
      return;
    }
    if (fails) {
      LOG.log(
          WARNING, "traces cannot be sent to " + destination + " and are dropped" + why(result));
    } else {
      LOG.log(INFO, "traces are sent to " + destination + " again");
    }
  }

  private static String why(CompletableResultCode result) {
    Throwable failure = result.getFailureThrowable();
    while (failure != null && failure.getCause() != null) {
      failure = failure.getCause();
    }
    return failure == null ? "" : ": " + failure;
  }

  @Override
  public CompletableResultCode flush() {
    return exporter.flush();
  }

  @Override
  public CompletableResultCode shutdown() {
    return exporter.shutdown();
  }
}
