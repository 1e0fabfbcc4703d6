package io.otelgraft.e2e.otlp;

/** The transports of OTLP, named as {@code OTEL_EXPORTER_OTLP_PROTOCOL} names them. */
public enum OtlpProtocol {
  GRPC("grpc"),
  HTTP_PROTOBUF("http/protobuf"),
  HTTP_JSON("http/json");

  private final String value;

  OtlpProtocol(String value) {
    this.value = value;
  }

  /** The value of {@code OTEL_EXPORTER_OTLP_PROTOCOL}. */
  @Override
  public String toString() {
    return value;
  }
}
