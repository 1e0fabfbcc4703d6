package io.otelgraft.e2e.otlp;

import com.google.protobuf.Message;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.grpc.Server;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceResponse;
import io.opentelemetry.proto.collector.logs.v1.LogsServiceGrpc.LogsServiceImplBase;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceRequest;
import io.opentelemetry.proto.collector.metrics.v1.ExportMetricsServiceResponse;
import io.opentelemetry.proto.collector.metrics.v1.MetricsServiceGrpc.MetricsServiceImplBase;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceResponse;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc.TraceServiceImplBase;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.zip.GZIPInputStream;

/**
 * A receiver of OTLP that keeps what it gets: over gRPC, and over HTTP as protobuf and as JSON. It
 * stands where a Collector would.
 *
 * <p>Source: OTLP specification, "OTLP/gRPC" and "OTLP/HTTP".
 */
public final class OtlpEndpoint implements AutoCloseable {

  private final Telemetry received = new Telemetry();

  private final String host;
  private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
  private final HttpServer http;
  private final Server grpc;

  /**
   * Starts an endpoint on free ports, reachable from this machine only.
   *
   * @throws IOException when no port can be had
   */
  public static OtlpEndpoint start() throws IOException {
    return start(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0, 0);
  }

  /**
   * Starts an endpoint on the ports that OTLP has, 4317 and 4318, at an address of this machine
   * that it does not share with other endpoints: all of 127.0.0.0/8 leads to it.
   *
   * @throws IOException when the ports cannot be had
   */
  public static OtlpEndpoint startOnStandardPorts() throws IOException {
    byte[] address = new byte[4];
    ThreadLocalRandom.current().nextBytes(address);
    address[0] = 127;
    return start(InetAddress.getByAddress(address), 4317, 4318);
  }

  /**
   * Starts an endpoint.
   *
   * @param address where it listens
   * @param grpcPort usually 4317; 0 for any that is free
   * @param httpPort usually 4318; 0 for any that is free
   * @throws IOException when a port cannot be had
   */
  public static OtlpEndpoint start(InetAddress address, int grpcPort, int httpPort)
      throws IOException {
    OtlpEndpoint endpoint = new OtlpEndpoint(address, grpcPort, httpPort);
    try {
      endpoint.http.start();
      endpoint.grpc.start();
      return endpoint;
    } catch (IOException e) {
      endpoint.close();
      throw e;
    }
  }

  private OtlpEndpoint(InetAddress address, int grpcPort, int httpPort) throws IOException {
    host = address.getHostAddress();
    http = HttpServer.create(new InetSocketAddress(address, httpPort), 0);
    http.setExecutor(workers);
    http.createContext(
        "/v1/traces",
        exchange ->
            serve(
                exchange,
                ExportTraceServiceRequest.newBuilder(),
                (traces, by) -> received.keep(traces.build(), by)));
    http.createContext(
        "/v1/metrics",
        exchange ->
            serve(
                exchange,
                ExportMetricsServiceRequest.newBuilder(),
                (metrics, by) -> received.keep(metrics.build(), by)));
    http.createContext(
        "/v1/logs",
        exchange ->
            serve(
                exchange,
                ExportLogsServiceRequest.newBuilder(),
                (logs, by) -> received.keep(logs.build(), by)));
    grpc =
        NettyServerBuilder.forAddress(new InetSocketAddress(address, grpcPort))
            .executor(workers)
            .addService(new Traces())
            .addService(new Metrics())
            .addService(new Logs())
            .build();
  }

  /** Where gRPC is spoken, in the form of {@code OTEL_EXPORTER_OTLP_ENDPOINT}. */
  public URI grpc() {
    return URI.create("http://" + host + ":" + grpc.getPort());
  }

  /**
   * Where HTTP is spoken, in the form of {@code OTEL_EXPORTER_OTLP_ENDPOINT}: without {@code
   * /v1/traces}.
   */
  public URI http() {
    return URI.create("http://" + host + ":" + http.getAddress().getPort());
  }

  /** The address that it listens at, without a port. */
  public String ip() {
    return host;
  }

  /** The spans that arrived. */
  public Received<ReceivedSpan> spans() {
    return received.spans();
  }

  /** The metrics that arrived. */
  public Received<ReceivedMetric> metrics() {
    return received.metrics();
  }

  /** The log records that arrived. */
  public Received<ReceivedLog> logs() {
    return received.logs();
  }

  @Override
  public void close() {
    grpc.shutdownNow();
    http.stop(0);
    workers.shutdownNow();
  }

  /**
   * Answers one export over HTTP: 200 in the request's own encoding; 400, 405 or 415 with a reason
   * where it cannot be read.
   */
  private static <B extends Message.Builder> void serve(
      HttpExchange exchange, B request, BiConsumer<B, OtlpProtocol> keep) throws IOException {
    try (exchange) {
      if (!exchange.getRequestMethod().equals("POST")) {
        refuse(exchange, HttpURLConnection.HTTP_BAD_METHOD, "an export is a POST");
        return;
      }
      String type = String.valueOf(exchange.getRequestHeaders().getFirst("Content-Type"));
      OtlpProtocol protocol;
      try {
        byte[] body = body(exchange);
        if (type.startsWith("application/x-protobuf")) {
          protocol = OtlpProtocol.HTTP_PROTOBUF;
          request.mergeFrom(body);
        } else if (type.startsWith("application/json")) {
          protocol = OtlpProtocol.HTTP_JSON;
          OtlpJson.read(body, request);
        } else {
          refuse(exchange, HttpURLConnection.HTTP_UNSUPPORTED_TYPE, "OTLP is not sent as " + type);
          return;
        }
      } catch (IOException | IllegalArgumentException e) {
        refuse(exchange, HttpURLConnection.HTTP_BAD_REQUEST, "not OTLP: " + e.getMessage());
        return;
      }
      keep.accept(request, protocol);
      // Empty stands for an Export…Response without a field in protobuf, and {} for the same in
      // JSON.
      answer(
          exchange,
          HttpURLConnection.HTTP_OK,
          type,
          protocol == OtlpProtocol.HTTP_JSON ? "{}" : "");
    }
  }

  private static byte[] body(HttpExchange exchange) throws IOException {
    String encoding = exchange.getRequestHeaders().getFirst("Content-Encoding");
    try (InputStream raw = exchange.getRequestBody();
        InputStream body = "gzip".equals(encoding) ? new GZIPInputStream(raw) : raw) {
      return body.readAllBytes();
    }
  }

  private static void refuse(HttpExchange exchange, int status, String reason) throws IOException {
    answer(exchange, status, "text/plain", reason);
  }

  private static void answer(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", type);
    exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
    exchange.getResponseBody().write(body);
  }

  private static <T> void answer(StreamObserver<T> observer, T response) {
    observer.onNext(response);
    observer.onCompleted();
  }

  private final class Traces extends TraceServiceImplBase {
    @Override
    public void export(
        ExportTraceServiceRequest request, StreamObserver<ExportTraceServiceResponse> observer) {
      received.keep(request, OtlpProtocol.GRPC);
      answer(observer, ExportTraceServiceResponse.getDefaultInstance());
    }
  }

  private final class Metrics extends MetricsServiceImplBase {
    @Override
    public void export(
        ExportMetricsServiceRequest request,
        StreamObserver<ExportMetricsServiceResponse> observer) {
      received.keep(request, OtlpProtocol.GRPC);
      answer(observer, ExportMetricsServiceResponse.getDefaultInstance());
    }
  }

  private final class Logs extends LogsServiceImplBase {
    @Override
    public void export(
        ExportLogsServiceRequest request, StreamObserver<ExportLogsServiceResponse> observer) {
      received.keep(request, OtlpProtocol.GRPC);
      answer(observer, ExportLogsServiceResponse.getDefaultInstance());
    }
  }
}
