package io.otelgraft.runtime.telemetry;

import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Where Graft's own traces go, and what it takes for it to be so.
 *
 * @param properties the settings of OpenTelemetry that count whatever the environment says, by
 *     their names there
 * @param warning what the operator should know; the empty string for nothing
 */
record TraceExport(Map<String, String> properties, String warning) {

  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String TRACES_ENDPOINT = "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";
  private static final String TRACES_PROTOCOL = "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL";
  private static final String HTTP = "http/protobuf";
  private static final String GRPC = "grpc";
  private static final String TRACES_PATH = "v1/traces";
  private static final int GRPC_PORT = 4317;
  private static final int HTTP_PORT = 4318;

  /**
   * What is configured.
   *
   * @param setting {@code telemetry.endpoint}, which counts before the environment
   * @return empty if there is to be no trace
   * @throws IllegalArgumentException if the endpoint is no URL; the message says so
   */
  static Optional<TraceExport> of(Optional<String> setting, Map<String, String> environment) {
    if (environment.getOrDefault("OTEL_SDK_DISABLED", "").equalsIgnoreCase("true")
        || environment.getOrDefault("OTEL_TRACES_EXPORTER", "").equals("none")) {
      return Optional.empty();
    }
    Optional<String> base = setting.or(() -> given(environment, ENDPOINT));
    Optional<String> exact =
        setting.isPresent() ? Optional.empty() : given(environment, TRACES_ENDPOINT);
    return exact
        .map(url -> to(url(url, TRACES_ENDPOINT), environment))
        .or(() ->
            base.map(url ->
                to(
                    tracesUnder(url(url, setting.isPresent() ? "telemetry.endpoint" : ENDPOINT)),
                    environment)));
  }

  private static Optional<String> given(Map<String, String> environment, String name) {
    // An empty variable is as good as none, says the specification.
    return Optional.ofNullable(environment.get(name)).filter(value -> !value.isBlank());
  }

  private static URI url(String text, String name) {
    try {
      URI url = URI.create(text.strip());
      if (url.getHost() != null
          && ("http".equals(url.getScheme()) || "https".equals(url.getScheme()))) {
        return url;
      }
    } catch (IllegalArgumentException e) {
      // The same as what is a URI of another kind.
    }
    // Not repeated: there may be a password in it.
    throw new IllegalArgumentException(
        name + " is not an OTLP endpoint such as http://collector:4318");
  }

  private static URI tracesUnder(URI base) {
    String path = base.getPath() == null ? "" : base.getPath();
    if (path.endsWith("/" + TRACES_PATH)) {
      return base;
    }
    return with(base, base.getPort(), path + (path.endsWith("/") ? "" : "/") + TRACES_PATH);
  }

  private static URI with(URI url, int port, String path) {
    String credentials = url.getRawUserInfo() == null ? "" : url.getRawUserInfo() + "@";
    String host = url.getHost() + (port < 0 ? "" : ":" + port);
    return URI.create(url.getScheme() + "://" + credentials + host + path);
  }

  private static TraceExport to(URI url, Map<String, String> environment) {
    Map<String, String> properties = new HashMap<>();
    String warning = "";
    URI endpoint = url;
    String protocol =
        given(environment, TRACES_PROTOCOL).or(() -> given(environment, PROTOCOL)).orElse("");
    if (protocol.equals(GRPC) || url.getPort() == GRPC_PORT) {
      String path = url.getPath().endsWith("/" + TRACES_PATH) ? url.getPath() : "/" + TRACES_PATH;
      endpoint = with(url, isOfGrpc(url.getPort()) ? HTTP_PORT : url.getPort(), path);
      warning =
          "Graft does not speak OTLP over gRPC: its traces go to port %d as %s"
              .formatted(endpoint.getPort(), HTTP);
    }
    properties.put("otel.exporter.otlp.traces.endpoint", endpoint.toString());
    properties.put("otel.exporter.otlp.traces.protocol", HTTP);
    properties.put("otel.traces.exporter", "otlp");
    // Of what comes in traceparent is read, and nothing goes out.
    properties.put("otel.propagators", "tracecontext");
    // Metrics are collected from Graft, and logs are on standard error.
    properties.put("otel.metrics.exporter", "none");
    properties.put("otel.logs.exporter", "none");
    return new TraceExport(Map.copyOf(properties), warning);
  }

  /** Whether a port is that of OTLP over gRPC, or what stands for it under that protocol. */
  private static boolean isOfGrpc(int port) {
    return port == GRPC_PORT || port < 0;
  }

  /** Where traces are sent, for people: without a password. */
  String destination() {
    URI endpoint = URI.create(properties.get("otel.exporter.otlp.traces.endpoint"));
    return endpoint.getScheme()
        + "://"
        + endpoint.getHost()
        + (endpoint.getPort() < 0 ? "" : ":" + endpoint.getPort())
        + endpoint.getPath();
  }
}
