package io.otelgraft.e2e.otlp;

/**
 * How telemetry came: the transports of OTLP are named as {@code OTEL_EXPORTER_OTLP_PROTOCOL} does.
 */
public enum OtlpProtocol {
  GRPC("grpc"),
  HTTP_PROTOBUF("http/protobuf"),
  HTTP_JSON("http/json"),
  /** By way of a Collector, which does not tell how it got it. */
  COLLECTOR("collector");

  private final String value;

  OtlpProtocol(String value) {
    this.value = value;
  }

  /** The value of {@code OTEL_EXPORTER_OTLP_PROTOCOL}, where it is a transport. */
  @Override
  public String toString() {
    return value;
  }
}
