package io.otelgraft.runtime.telemetry;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.webserver.WebServer;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Answered.TraceHeaders;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TracesTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String PARENT = "b7ad6b7169203331";
  private static final Duration ENOUGH = Duration.ofSeconds(60);

  private final Shop shop = new Shop();
  private final List<SpanData> spans = new ArrayList<>();
  private final Traces traces =
      new Traces(
          OpenTelemetrySdk.builder()
              .setTracerProvider(
                  SdkTracerProvider.builder()
                      .addSpanProcessor(SimpleSpanProcessor.create(new Kept()))
                      .build())
              .build(),
          "1.2.3");

  private final class Kept implements SpanExporter {
    @Override
    public CompletableResultCode export(Collection<SpanData> ended) {
      spans.addAll(ended);
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode flush() {
      return CompletableResultCode.ofSuccess();
    }

    @Override
    public CompletableResultCode shutdown() {
      return CompletableResultCode.ofSuccess();
    }
  }

  @AfterEach
  void end() {
    traces.close();
  }

  private static Answered in(TraceHeaders headers, Duration waited, Answered answered) {
    return new Answered(
        answered.path(),
        answered.at(),
        waited,
        answered.took(),
        answered.answer(),
        Optional.of(headers));
  }

  private static Map<String, String> attributes(SpanData span) {
    return span.getAttributes().asMap().entrySet().stream()
        .collect(
            Collectors.toMap(
                entry -> entry.getKey().getKey(), entry -> entry.getValue().toString()));
  }

  @Test
  void a_review_is_a_span_of_the_server_with_all_that_decided() {
    traces.record(shop.pod("cart", Shop.QUILL, "cart:1"));

    assertThat(spans).hasSize(1);
    SpanData span = spans.getFirst();
    assertThat(span.getName()).isEqualTo("POST /mutate-v1-pod");
    assertThat(span.getKind()).isEqualTo(SpanKind.SERVER);
    assertThat(span.getInstrumentationScopeInfo().getVersion()).isEqualTo("1.2.3");
    assertThat(span.getStatus().getStatusCode()).isEqualTo(StatusCode.UNSET);
    assertThat(span.getStartEpochNanos())
        .isEqualTo(TimeUnit.SECONDS.toNanos(Shop.NOON.getEpochSecond()));
    assertThat(span.getEndEpochNanos() - span.getStartEpochNanos()).isEqualTo(250_000);
    assertThat(attributes(span))
        .isEqualTo(
            new HashMap<>(
                Map.ofEntries(
                    Map.entry("http.request.method", "POST"),
                    Map.entry("http.response.status_code", "200"),
                    Map.entry("http.route", "/mutate-v1-pod"),
                    Map.entry("url.path", "/mutate-v1-pod"),
                    Map.entry("url.scheme", "https"),
                    Map.entry("k8s.namespace.name", "shop"),
                    Map.entry("graft.outcome", "injected"),
                    Map.entry("graft.reason", "Injected"),
                    Map.entry("graft.languages", "[quill]"),
                    Map.entry("graft.catalogue.generation", "1"),
                    Map.entry("graft.request.uid", "u-1"),
                    Map.entry("graft.request.operation", "CREATE"),
                    Map.entry("graft.request.kind", "Pod"),
                    Map.entry("graft.request.name", "cart"),
                    Map.entry("graft.request.dry_run", "false"))));
  }

  @Test
  void a_rejection_is_no_error_of_the_server_and_a_failing_plugin_is() {
    traces.record(shop.pod("a", Shop.TYPO, "cart:1"));
    traces.record(shop.pod("b", Shop.EMBER, "cart:1"));

    assertThat(spans)
        .extracting(span -> span.getStatus().getStatusCode())
        .containsExactly(StatusCode.UNSET, StatusCode.ERROR);
    assertThat(attributes(spans.getLast())).containsEntry("error.type", "PluginFailed");
  }

  @Test
  void the_span_is_in_the_trace_of_the_api_server() {
    var sampled = new TraceHeaders("00-" + TRACE + "-" + PARENT + "-01", "vendor=x");

    traces.record(in(sampled, Duration.ZERO, shop.pod("cart", Shop.QUILL, "cart:1")));

    assertThat(spans).hasSize(1);
    assertThat(spans.getFirst().getTraceId()).isEqualTo(TRACE);
    assertThat(spans.getFirst().getParentSpanId()).isEqualTo(PARENT);
    assertThat(spans.getFirst().getSpanContext().getTraceState().get("vendor")).isEqualTo("x");
  }

  @Test
  void a_trace_that_is_not_sampled_and_a_header_that_is_none_are_understood() {
    Answered pod = shop.pod("cart", Shop.QUILL, "cart:1");

    var unsampled = new TraceHeaders("00-" + TRACE + "-" + PARENT + "-00", "");
    assertThat(traces.record(in(unsampled, Duration.ZERO, pod))).isEmpty();
    assertThat(spans).isEmpty();

    assertThat(traces.record(in(new TraceHeaders("nonsense", ""), Duration.ZERO, pod))).isPresent();
    assertThat(spans.getFirst().getParentSpanContext().isValid()).isFalse();
  }

  @Test
  void a_wait_for_a_turn_is_a_span_of_its_own() {
    Answered pod = shop.pod("cart", Shop.QUILL, "cart:1");

    traces.record(
        new Answered(
            pod.path(),
            pod.at(),
            Duration.ofMillis(20),
            Duration.ofMillis(21),
            pod.answer(),
            Optional.empty()));

    assertThat(spans)
        .extracting(SpanData::getName)
        .containsExactly("wait for a turn", "decide", "POST /mutate-v1-pod");
    SpanData root = spans.getLast();
    assertThat(spans.subList(0, 2))
        .allMatch(child -> child.getParentSpanId().equals(root.getSpanId()));
    assertThat(spans.get(0).getEndEpochNanos()).isEqualTo(spans.get(1).getStartEpochNanos());
    assertThat(spans.get(1).getEndEpochNanos()).isEqualTo(root.getEndEpochNanos());
  }

  @Test
  void the_line_of_the_log_names_the_span() {
    var metrics = new Metrics("1.2.3", shop.state(new Validity(Shop.NOON, Shop.NOON)));
    var telemetry = new Telemetry(metrics, Optional.of(traces));
    try (var logged = LoggedLines.json()) {
      telemetry.answered(shop.pod("cart", Shop.QUILL, "cart:1"));

      ObjectNode line = logged.objects().getFirst();
      assertThat(line.path("trace_id").asText()).isEqualTo(spans.getFirst().getTraceId());
      assertThat(line.path("span_id").asText()).isEqualTo(spans.getFirst().getSpanId());
    }
  }

  /** Sends soon, and does not try again. */
  private static Traces sendingTo(int port) {
    Map<String, String> properties =
        new HashMap<>(
            TraceExport.of(Optional.of("http://127.0.0.1:" + port), Map.of())
                .orElseThrow()
                .properties());
    properties.put("otel.bsp.schedule.delay", "20ms");
    properties.put("otel.java.exporter.otlp.retry.disabled", "true");
    return Traces.to(new TraceExport(properties, ""), "1.2.3");
  }

  /** Takes what is sent to it. */
  private static WebServer receiver(int port, Consumer<byte[]> received) {
    return WebServer.builder()
        .host("127.0.0.1")
        .port(port)
        .shutdownHook(false)
        .routing(routing ->
            routing.post(
                "/v1/traces",
                (request, response) -> {
                  received.accept(request.content().as(byte[].class));
                  response.send();
                }))
        .build()
        .start();
  }

  private static List<String> texts(byte[] message, int... path) {
    return Protobuf.at(message, path).stream()
        .map(text -> new String(text, StandardCharsets.UTF_8))
        .toList();
  }

  @Test
  void what_is_sent_is_otlp_of_the_service_graft() throws Exception {
    var received = new LinkedBlockingQueue<byte[]>();
    WebServer receiver = receiver(0, received::add);
    try (Traces sending = sendingTo(receiver.port())) {
      sending.record(shop.pod("cart", Shop.QUILL, "cart:1"));

      byte[] request = received.poll(ENOUGH.toSeconds(), TimeUnit.SECONDS);

      // ExportTraceServiceRequest: resource_spans 1, resource 1, attributes 1, key 1, value 2.
      List<String> keys = texts(request, 1, 1, 1, 1);
      List<String> values = texts(request, 1, 1, 1, 2, 1);
      assertThat(keys).contains("service.name", "service.version", "telemetry.sdk.name");
      assertThat(values.get(keys.indexOf("service.name"))).isEqualTo("graft");
      assertThat(values.get(keys.indexOf("service.version"))).isEqualTo("1.2.3");
      // scope_spans 2, scope 1, name 1; scope_spans 2, spans 2, name 5.
      assertThat(texts(request, 1, 2, 1, 1)).containsExactly("io.otelgraft");
      assertThat(texts(request, 1, 2, 2, 5)).containsExactly("POST /mutate-v1-pod");
    } finally {
      receiver.stop();
    }
  }

  @Test
  void an_endpoint_that_cannot_be_reached_is_told_once_and_once_more_when_it_can()
      throws IOException {
    int port = freePort();
    Answered pod = shop.pod("cart", Shop.QUILL, "cart:1");
    var received = new AtomicInteger();
    try (var logged = LoggedLines.json();
        Traces sending = sendingTo(port)) {
      var attempts = new AtomicInteger();
      eventually(() -> {
        sending.record(pod);
        assertThat(attempts.incrementAndGet()).isGreaterThan(100);
        assertThat(logged.lines()).isNotEmpty();
      });
      assertThat(logged.objects())
          .extracting(line -> line.path("message").asText())
          .singleElement()
          .asString()
          .startsWith("traces cannot be sent to http://127.0.0.1:" + port + "/v1/traces");

      WebServer receiver = receiver(port, _ -> received.incrementAndGet());
      try {
        eventually(() -> {
          sending.record(pod);
          assertThat(logged.lines()).hasSizeGreaterThan(1);
        });
      } finally {
        receiver.stop();
      }
      assertThat(received).hasPositiveValue();
      assertThat(logged.objects().get(1).path("message").asText()).endsWith("/v1/traces again");
    }
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
