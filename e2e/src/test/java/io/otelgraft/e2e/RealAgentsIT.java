package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningPod;
import io.otelgraft.e2e.otlp.OtlpEndpoint;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedLog;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The agents that OpenTelemetry publishes, started by nothing but what an injected pod says. */
class RealAgentsIT {

  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String AGENTS =
      "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-";

  private static KubeletStandIn kubelet;

  private OtlpEndpoint endpoint;
  private final Deque<RunningPod> running = new ArrayDeque<>();

  @BeforeAll
  static void images() {
    Images images = new Images(Path.of("images"), System.out::println);
    kubelet =
        KubeletStandIn.builder()
            .image(AGENTS + "java:2.33.1", images.javaAgent())
            .image(AGENTS + "python:0.66b1", images.pythonAgent())
            .image("example.com/agent-python-grpc:1", images.pythonAgentWithGrpc())
            .image(AGENTS + "nodejs:0.78.0", images.nodejsAgent())
            .image("example.com/greeter-java:1.2", images.javaApp())
            .image("example.com/greeter-python:1.2", images.flaskApp())
            .image("example.com/greeter-nodejs:1.2", images.expressApp())
            .build();
  }

  @BeforeEach
  void listen() throws IOException {
    endpoint = OtlpEndpoint.start();
  }

  @AfterEach
  void stop() {
    running.forEach(RunningPod::close);
    endpoint.close();
  }

  private Greeter start(ObjectNode pod, int port) {
    RunningPod started = kubelet.run(pod);
    running.push(started);
    return new Greeter(started, port);
  }

  private Greeter greeter(String language, OtlpProtocol protocol, String next) {
    int port = Greeter.freePort();
    return start(
        InjectedPods.greeter(
            language, endpoint.endpoint(protocol), protocol.toString(), port, next),
        port);
  }

  private ReceivedSpan serverSpan(Greeter greeter, String service) {
    Predicate<ReceivedSpan> wanted =
        span ->
            span.service().equals(service) && span.span().getKind() == SpanKind.SPAN_KIND_SERVER;
    try {
      return endpoint.spans().await(wanted, ARRIVAL);
    } catch (IllegalStateException e) {
      throw new AssertionError(
          e.getMessage() + "\nthe application wrote:\n" + greeter.app().log(), e);
    }
  }

  /** What Kubernetes and the injection know about a greeter. */
  private static Map<String, String> identity(String language) {
    String pod = "greeter-" + language + "-7d4b9c-x2x4k";
    return Map.of(
        "service.name", "greeter-" + language,
        "service.namespace", "shop",
        "service.version", "1.2",
        "service.instance.id", "shop." + pod + ".app",
        "k8s.namespace.name", "shop",
        "k8s.pod.name", pod,
        "k8s.node.name", "node-1",
        "k8s.container.name", "app");
  }

  @ParameterizedTest
  @EnumSource(
      value = OtlpProtocol.class,
      names = {"GRPC", "HTTP_PROTOBUF"})
  void the_Java_agent_reports_a_request(OtlpProtocol protocol) throws Exception {
    Greeter greeter = greeter("java", protocol, "");
    assertThat(greeter.greet("you")).isEqualTo("Java greets you\n");
    ReceivedSpan span = serverSpan(greeter, "greeter-java");
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.resource())
        .containsAllEntriesOf(identity("java"))
        .containsEntry("telemetry.sdk.language", "java");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    assertThat(greeter.app().log()).contains("-Xmx64m");
  }

  @Test
  void the_Python_agent_reports_a_request() throws Exception {
    Greeter greeter = greeter("python", OtlpProtocol.HTTP_PROTOBUF, "");
    assertThat(greeter.greet("you")).isEqualTo("Flask greets you\n");
    assertReportedByFlask(greeter, OtlpProtocol.HTTP_PROTOBUF);
    ReceivedLog log =
        endpoint
            .logs()
            .await(any -> any.log().getBody().getStringValue().equals("greeting you"), ARRIVAL);
    assertThat(log.resource()).containsAllEntriesOf(identity("python"));
  }

  @Test
  void a_Python_agent_that_speaks_gRPC_reports_a_request_over_gRPC() throws Exception {
    int port = Greeter.freePort();
    ObjectNode pod = InjectedPods.greeter("python", endpoint.grpc(), "grpc", port, "");
    ((ObjectNode) pod.at("/spec/initContainers/0")).put("image", "example.com/agent-python-grpc:1");
    Greeter greeter = start(pod, port);
    greeter.greet("you");
    assertReportedByFlask(greeter, OtlpProtocol.GRPC);
  }

  @Test
  void the_Python_agent_reports_a_request_when_the_command_is_wrapped() throws Exception {
    int port = Greeter.freePort();
    ObjectNode pod = InjectedPods.greeter("python", endpoint.http(), "http/protobuf", port, "");
    Manifests.container(pod, "app")
        .putArray("command")
        .add("python")
        .add("-S")
        .add("/otel-auto-instrumentation/bin/opentelemetry-instrument")
        .add("python")
        .add("-m")
        .add("flask")
        .add("run");
    Greeter greeter = start(pod, port);
    greeter.greet("you");
    assertReportedByFlask(greeter, OtlpProtocol.HTTP_PROTOBUF);
  }

  private void assertReportedByFlask(Greeter greeter, OtlpProtocol protocol) {
    ReceivedSpan span = serverSpan(greeter, "greeter-python");
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.scope().getName()).isEqualTo("opentelemetry.instrumentation.flask");
    assertThat(span.resource())
        .containsAllEntriesOf(identity("python"))
        .containsEntry("telemetry.sdk.language", "python");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/<name>");
  }

  @ParameterizedTest
  @EnumSource(
      value = OtlpProtocol.class,
      names = {"GRPC", "HTTP_PROTOBUF"})
  void the_Nodejs_agent_reports_a_request(OtlpProtocol protocol) throws Exception {
    Greeter greeter = greeter("nodejs", protocol, "");
    assertThat(greeter.greet("you")).isEqualTo("Express greets you\n");
    ReceivedSpan span = serverSpan(greeter, "greeter-nodejs");
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.resource())
        .containsAllEntriesOf(identity("nodejs"))
        .containsEntry("telemetry.sdk.language", "nodejs");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/:name");
  }

  @Test
  void one_trace_crosses_from_Python_to_Java_to_Nodejs() throws Exception {
    Greeter nodejs = greeter("nodejs", OtlpProtocol.HTTP_PROTOBUF, "");
    Greeter java = greeter("java", OtlpProtocol.GRPC, nodejs.url());
    Greeter python = greeter("python", OtlpProtocol.HTTP_PROTOBUF, java.url());
    // Each is asked by itself first, so that all are up.
    nodejs.greet("nobody");
    java.greet("nobody");
    assertThat(python.greet("you"))
        .isEqualTo("Flask greets you\nJava greets you\nExpress greets you\n");

    ReceivedSpan first = serverSpan(python, "greeter-python");
    ReceivedSpan second = child(first, "greeter-java");
    ReceivedSpan third = child(second, "greeter-nodejs");
    assertThat(third.parentSpanId()).isNotEqualTo(first.spanId());
  }

  /** The server's span that a client's span under {@code parent} leads to. */
  private ReceivedSpan child(ReceivedSpan parent, String service) {
    ReceivedSpan client =
        endpoint
            .spans()
            .await(
                span ->
                    span.parentSpanId().equals(parent.spanId())
                        && span.span().getKind() == SpanKind.SPAN_KIND_CLIENT,
                ARRIVAL);
    assertThat(client.service()).isEqualTo(parent.service());
    ReceivedSpan server =
        endpoint.spans().await(span -> span.parentSpanId().equals(client.spanId()), ARRIVAL);
    assertThat(server.service()).isEqualTo(service);
    assertThat(server.traceId()).isEqualTo(parent.traceId());
    return server;
  }
}
