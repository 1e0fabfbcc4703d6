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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The agents that OpenTelemetry publishes, started by nothing but what Graft injected. */
class RealAgentsIT {

  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String COLLECTOR = "otel-collector.observability.svc.cluster.local";
  private static final String AGENTS =
      "ghcr.io/open-telemetry/opentelemetry-operator/autoinstrumentation-";
  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private final ObjectNode instrumentation = manifest("instrumentation");
  private final int port = Greeter.freePort();
  private final Deque<RunningPod> running = new ArrayDeque<>();

  private OtlpEndpoint collector;
  private KubeletStandIn.Builder kubelet;

  @BeforeEach
  void a_node_with_a_collector() throws IOException {
    collector = OtlpEndpoint.startOnStandardPorts();
    kubelet =
        KubeletStandIn.builder()
            .host(COLLECTOR, collector.ip())
            .image(AGENTS + "java:2.33.1", IMAGES.javaAgent())
            .image(AGENTS + "python:0.66b1", IMAGES.pythonAgent())
            .image(AGENTS + "nodejs:0.78.0", IMAGES.nodejsAgent())
            .image("example.com/greeter-java:1.2", IMAGES.javaApp())
            .image("example.com/greeter-python:1.2", IMAGES.flaskApp())
            .image("example.com/greeter-nodejs:1.2", IMAGES.expressApp());
  }

  @AfterEach
  void stop() {
    running.forEach(RunningPod::close);
    collector.close();
  }

  private Greeter start(ObjectNode pod, int listens) {
    RunningPod started = kubelet.build().run(pod);
    running.push(started);
    return new Greeter(started, listens);
  }

  private static ObjectNode manifest(String name) {
    return Manifests.object(Path.of("manifests", name + ".yaml"));
  }

  /** A Deployment of a greeter, before it is injected. */
  private static ObjectNode greeter(String language, int listens) {
    ObjectNode deployment = manifest("greeter-" + language);
    String variable = language.equals("python") ? "FLASK_RUN_PORT" : "PORT";
    Manifests.addVariable(deployment, variable, Integer.toString(listens));
    return deployment;
  }

  private void sendTo(int port) {
    ((ObjectNode) instrumentation.at("/spec/exporter"))
        .put("endpoint", "http://" + COLLECTOR + ":" + port);
  }

  private ReceivedSpan serverSpan(Greeter greeter, String service) {
    Predicate<ReceivedSpan> wanted =
        span ->
            span.service().equals(service) && span.span().getKind() == SpanKind.SPAN_KIND_SERVER;
    try {
      return collector.spans().await(wanted, ARRIVAL);
    } catch (IllegalStateException e) {
      throw new AssertionError(
          e.getMessage() + "\nthe application wrote:\n" + greeter.app().log(), e);
    }
  }

  /** What Kubernetes and Graft know about a greeter. */
  private static Map<String, String> identity(Greeter greeter) {
    String pod = greeter.pod().pod().at("/metadata/name").asText();
    String replicaSet = greeter.pod().pod().at("/metadata/ownerReferences/0/name").asText();
    String deployment = replicaSet.substring(0, replicaSet.lastIndexOf('-'));
    return Map.of(
        "service.name", deployment,
        "service.namespace", "shop",
        "service.version", "1.2",
        "service.instance.id", "shop." + pod + ".app",
        "k8s.namespace.name", "shop",
        "k8s.deployment.name", deployment,
        "k8s.pod.name", pod,
        "k8s.node.name", "node-1",
        "k8s.container.name", "app");
  }

  @ParameterizedTest(name = "to port {0} over {1}")
  @CsvSource({"4317, GRPC", "4318, HTTP_PROTOBUF"})
  void the_Java_agent_reports_a_request(int endpoint, OtlpProtocol protocol) throws Exception {
    sendTo(endpoint);
    Greeter greeter = start(InjectedPods.of(greeter("java", port), instrumentation), port);
    assertThat(greeter.greet("you")).isEqualTo("Java greets you\n");

    ReceivedSpan span = serverSpan(greeter, "greeter-java");
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.resource())
        .containsAllEntriesOf(identity(greeter))
        .containsEntry("telemetry.sdk.language", "java");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    assertThat(greeter.app().log())
        .as("the application's own options")
        .contains("-Xmx64m -XX:TieredStopAtLevel=1");
  }

  @ParameterizedTest(name = "to port {0} over {1}")
  @CsvSource({"4317, GRPC", "4318, HTTP_PROTOBUF"})
  void the_Nodejs_agent_reports_a_request(int endpoint, OtlpProtocol protocol) throws Exception {
    sendTo(endpoint);
    Greeter greeter = start(InjectedPods.of(greeter("nodejs", port), instrumentation), port);
    assertThat(greeter.greet("you")).isEqualTo("Express greets you\n");

    ReceivedSpan span = serverSpan(greeter, "greeter-nodejs");
    assertThat(span.protocol()).isEqualTo(protocol);
    Map<String, String> identity = new HashMap<>(identity(greeter));
    // The last of the agent's detectors that the specification lists, serviceinstance, makes one of
    // its own.
    identity.remove("service.instance.id");
    assertThat(span.resource())
        .containsAllEntriesOf(identity)
        .containsEntry("telemetry.sdk.language", "nodejs")
        .containsKey("service.instance.id");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/:name");
  }

  private static final List<String> IMAGE_VOLUMES =
      List.of(
          "--set=agent-delivery=image-volume",
          "--set=cluster.version=1.36",
          "--set=cluster.runtimes=containerd://2.2.0");

  /** Nothing is copied, and the agent's directory is read-only and noexec. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"java", "nodejs", "python"})
  void an_agent_that_is_mounted_from_its_image_reports_a_request(String language) throws Exception {
    sendTo(4318);
    ObjectNode pod = InjectedPods.with(IMAGE_VOLUMES, greeter(language, port), instrumentation);
    assertThat(pod.path("spec").has("initContainers")).isFalse();
    Greeter greeter = start(pod, port);
    greeter.greet("you");

    ReceivedSpan span = serverSpan(greeter, "greeter-" + language);
    assertThat(span.resource())
        .containsEntry("telemetry.sdk.language", language)
        .containsEntry("k8s.deployment.name", "greeter-" + language);
  }

  @ParameterizedTest(name = "told port {0}")
  @CsvSource({"4317", "4318"})
  void the_Python_agent_reports_a_request_over_HTTP_which_is_all_that_it_speaks(int endpoint)
      throws Exception {
    sendTo(endpoint);
    Greeter greeter = start(InjectedPods.of(greeter("python", port), instrumentation), port);
    assertThat(greeter.greet("you")).isEqualTo("Flask greets you\n");

    assertReportedByFlask(greeter, OtlpProtocol.HTTP_PROTOBUF);
    ReceivedLog log =
        collector
            .logs()
            .await(any -> any.log().getBody().getStringValue().equals("greeting you"), ARRIVAL);
    assertThat(log.resource()).containsAllEntriesOf(identity(greeter));
  }

  @Test
  void a_Python_agent_that_speaks_gRPC_reports_over_it_where_the_application_says_so()
      throws Exception {
    kubelet.image("example.com/agent-python-grpc:1", IMAGES.pythonAgentWithGrpc());
    ((ObjectNode) instrumentation.at("/spec/python"))
        .put("image", "example.com/agent-python-grpc:1");
    ObjectNode deployment = greeter("python", port);
    Manifests.addVariable(deployment, "OTEL_EXPORTER_OTLP_PROTOCOL", "grpc");
    Greeter greeter = start(InjectedPods.of(deployment, instrumentation), port);
    greeter.greet("you");
    assertReportedByFlask(greeter, OtlpProtocol.GRPC);
  }

  /** The script of the agent is read by the application's Python, so it need not be executable. */
  @ParameterizedTest(name = "mounted from its image: {0}")
  @ValueSource(booleans = {false, true})
  void a_Python_command_that_is_wrapped_reports_a_request_once(boolean mounted) throws Exception {
    ((ObjectNode) instrumentation.at("/spec/python")).put("wrapCommand", true);
    ObjectNode deployment = greeter("python", port);
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
        .putArray("command")
        .add("python")
        .add("-m")
        .add("flask")
        .add("run");
    ObjectNode pod =
        mounted
            ? InjectedPods.with(IMAGE_VOLUMES, deployment, instrumentation)
            : InjectedPods.of(deployment, instrumentation);
    assertThat(pod.path("spec").has("initContainers")).isNotEqualTo(mounted);
    Greeter greeter = start(pod, port);
    greeter.greet("you");
    assertThat(greeter.app().command())
        .anyMatch(word -> word.endsWith("/bin/opentelemetry-instrument"));
    assertReportedByFlask(greeter, OtlpProtocol.HTTP_PROTOBUF);
    assertThat(collector.spans().all()).hasSize(1);
  }

  private void assertReportedByFlask(Greeter greeter, OtlpProtocol protocol) {
    ReceivedSpan span = serverSpan(greeter, "greeter-python");
    assertThat(span.protocol()).isEqualTo(protocol);
    assertThat(span.scope().getName()).isEqualTo("opentelemetry.instrumentation.flask");
    assertThat(span.resource())
        .containsAllEntriesOf(identity(greeter))
        .containsEntry("telemetry.sdk.language", "python");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/<name>");
  }
}
