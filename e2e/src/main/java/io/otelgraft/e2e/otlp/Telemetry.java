package io.otelgraft.e2e.otlp;

import static io.otelgraft.e2e.otlp.OtlpProtocol.COLLECTOR;

import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** Spans, metrics and log records that arrived somewhere. */
public final class Telemetry {

  private final Received<ReceivedSpan> spans = new Received<>("span");
  private final Received<ReceivedMetric> metrics = new Received<>("metric");
  private final Received<ReceivedLog> logs = new Received<>("log record");

  /** The spans that arrived. */
  public Received<ReceivedSpan> spans() {
    return spans;
  }

  /** The metrics that arrived. */
  public Received<ReceivedMetric> metrics() {
    return metrics;
  }

  /** The log records that arrived. */
  public Received<ReceivedLog> logs() {
    return logs;
  }

  /**
   * Keeps what a Collector got, from what its file exporter writes.
   *
   * @param line a line of it: OTLP's JSON, of one of the signals
   * @return false when it is something else, which is not kept
   * @throws IllegalArgumentException when it begins as OTLP does, and is broken
   */
  public boolean keepLine(String line) {
    byte[] json = line.getBytes(StandardCharsets.UTF_8);
    try {
      if (line.startsWith("{\"resourceSpans\":")) {
        keep(OtlpJson.read(json, ExportTraceServiceRequest.newBuilder()).build(), COLLECTOR);
      } else if (line.startsWith("{\"resourceMetrics\":")) {
        keep(OtlpJson.read(json, ExportMetricsServiceRequest.newBuilder()).build(), COLLECTOR);
      } else if (line.startsWith("{\"resourceLogs\":")) {
        keep(OtlpJson.read(json, ExportLogsServiceRequest.newBuilder()).build(), COLLECTOR);
      } else {
        return false;
      }
      return true;
    } catch (IOException e) {
      throw new IllegalArgumentException("not OTLP: " + line, e);
    }
  }

  void keep(ExportTraceServiceRequest request, OtlpProtocol protocol) {
    request
        .getResourceSpansList()
        .forEach(group -> {
          Map<String, String> resource = Attributes.of(group.getResource().getAttributesList());
          group
              .getScopeSpansList()
              .forEach(scope ->
                  scope
                      .getSpansList()
                      .forEach(span ->
                          spans.add(new ReceivedSpan(protocol, resource, scope.getScope(), span))));
        });
  }

  void keep(ExportMetricsServiceRequest request, OtlpProtocol protocol) {
    request
        .getResourceMetricsList()
        .forEach(group -> {
          Map<String, String> resource = Attributes.of(group.getResource().getAttributesList());
          group.getScopeMetricsList().stream()
              .flatMap(scope -> scope.getMetricsList().stream())
              .forEach(metric -> metrics.add(new ReceivedMetric(protocol, resource, metric)));
        });
  }

  void keep(ExportLogsServiceRequest request, OtlpProtocol protocol) {
    request
        .getResourceLogsList()
        .forEach(group -> {
          Map<String, String> resource = Attributes.of(group.getResource().getAttributesList());
          group.getScopeLogsList().stream()
              .flatMap(scope -> scope.getLogRecordsList().stream())
              .forEach(log -> logs.add(new ReceivedLog(protocol, resource, log)));
        });
  }
}
