package io.otelgraft.spi;

/**
 * A transport of OTLP.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter
 *     configuration</a>
 * @since 1.0, stable
 */
public enum Protocol {
  /** OTLP over gRPC, by convention on port 4317. */
  GRPC("grpc"),
  /** OTLP as protobuf over HTTP, by convention on port 4318. */
  HTTP_PROTOBUF("http/protobuf");

  private final String value;

  Protocol(String value) {
    this.value = value;
  }

  /** The value of {@code OTEL_EXPORTER_OTLP_PROTOCOL}. */
  public String value() {
    return value;
  }
}
