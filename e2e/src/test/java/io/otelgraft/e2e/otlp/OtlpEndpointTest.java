package io.otelgraft.e2e.otlp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.opentelemetry.proto.collector.trace.v1.ExportTraceServiceRequest;
import io.opentelemetry.proto.collector.trace.v1.TraceServiceGrpc;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.resource.v1.Resource;
import io.opentelemetry.proto.trace.v1.ResourceSpans;
import io.opentelemetry.proto.trace.v1.ScopeSpans;
import io.opentelemetry.proto.trace.v1.Span;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OtlpEndpointTest {

  private static final Duration SOON = Duration.ofSeconds(10);
  private static final String TRACE_ID = "5b8efff798038103d269b633813fc60c";
  private static final String SPAN_ID = "eee19b7ec3c1b174";

  private OtlpEndpoint endpoint;

  @BeforeEach
  void start() throws IOException {
    endpoint = OtlpEndpoint.start();
  }

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private static ExportTraceServiceRequest request() {
    return ExportTraceServiceRequest.newBuilder()
        .addResourceSpans(
            ResourceSpans.newBuilder()
                .setResource(
                    Resource.newBuilder()
                        .addAttributes(
                            KeyValue.newBuilder()
                                .setKey("service.name")
                                .setValue(AnyValue.newBuilder().setStringValue("greeter"))))
                .addScopeSpans(
                    ScopeSpans.newBuilder()
                        .addSpans(
                            Span.newBuilder()
                                .setName("GET /hello")
                                .setTraceId(ByteString.copyFrom(HexFormat.of().parseHex(TRACE_ID)))
                                .setSpanId(ByteString.copyFrom(HexFormat.of().parseHex(SPAN_ID))))))
        .build();
  }

  private HttpResponse<String> post(String type, byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(endpoint.http().resolve("/v1/traces"))
            .header("Content-Type", type)
            .POST(BodyPublishers.ofByteArray(body));
    if (headers.length > 0) {
      request.headers(headers);
    }
    try (HttpClient client = HttpClient.newHttpClient()) {
      return client.send(request.build(), BodyHandlers.ofString());
    }
  }

  private void assertArrived(OtlpProtocol protocol) {
    ReceivedSpan span = endpoint.spans().await(any -> true, SOON);
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.service()).isEqualTo("greeter");
    assertThat(span.traceId()).isEqualTo(TRACE_ID);
    assertThat(span.spanId()).isEqualTo(SPAN_ID);
    assertThat(span.parentSpanId()).isEmpty();
    assertThat(span.span().getName()).isEqualTo("GET /hello");
  }

  @Test
  void a_span_arrives_over_gRPC() {
    ManagedChannel channel =
        NettyChannelBuilder.forAddress("127.0.0.1", endpoint.grpc().getPort())
            .usePlaintext()
            .build();
    try {
      TraceServiceGrpc.newBlockingStub(channel).export(request());
    } finally {
      channel.shutdownNow();
    }
    assertArrived(OtlpProtocol.GRPC);
  }

  @Test
  void a_span_arrives_over_HTTP_as_protobuf() throws Exception {
    assertThat(post("application/x-protobuf", request().toByteArray()).statusCode()).isEqualTo(200);
    assertArrived(OtlpProtocol.HTTP_PROTOBUF);
  }

  @Test
  void a_span_arrives_compressed() throws Exception {
    ByteArrayOutputStream compressed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      request().writeTo(gzip);
    }
    post("application/x-protobuf", compressed.toByteArray(), "Content-Encoding", "gzip");
    assertArrived(OtlpProtocol.HTTP_PROTOBUF);
  }

  @Test
  void a_span_arrives_as_JSON_whose_identifiers_are_hexadecimal() throws Exception {
    String json =
        """
        {"resourceSpans": [{
          "resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "greeter"}}]},
          "scopeSpans": [{"spans": [{"traceId": "%s", "spanId": "%s", "name": "GET /hello", "kind": 2,
            "startTimeUnixNano": "1544712660000000000", "fieldOfTheFuture": true}]}]}]}
        """
            .formatted(TRACE_ID.toUpperCase(java.util.Locale.ROOT), SPAN_ID);
    HttpResponse<String> response =
        post("application/json", json.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    assertThat(response.statusCode()).isEqualTo(200);
    assertThat(response.body()).isEqualTo("{}");
    assertArrived(OtlpProtocol.HTTP_JSON);
  }

  @Test
  void what_is_not_OTLP_is_refused_with_a_reason_and_not_kept() throws Exception {
    assertThat(post("application/x-protobuf", new byte[] {1, 2, 3}).statusCode()).isEqualTo(400);
    assertThat(post("application/json", new byte[] {'{'}).statusCode()).isEqualTo(400);
    HttpResponse<String> text = post("text/plain", new byte[] {'x'});
    assertThat(text.statusCode()).isEqualTo(415);
    assertThat(text.body()).isEqualTo("OTLP is not sent as text/plain");
    assertThat(endpoint.spans().all()).isEmpty();
  }

  @Test
  void waiting_in_vain_says_what_did_arrive() throws Exception {
    post("application/x-protobuf", request().toByteArray());
    assertThatThrownBy(() ->
            endpoint.spans().await(span -> span.service().equals("other"), Duration.ofMillis(50)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no such span within PT0.05S; 1 others arrived")
        .hasMessageContaining("greeter SPAN_KIND_UNSPECIFIED 'GET /hello'");
  }
}
