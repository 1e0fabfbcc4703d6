package io.otelgraft.e2e.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./demo} tells, as it tells it: {@code graft serve} and the real agents. */
class DemoIT {

  private static final Checkout CHECKOUT = new Checkout(Path.of("..").toAbsolutePath().normalize());
  private static final Images IMAGES = new Images(CHECKOUT.file("e2e/images"), System.out::println);

  @TempDir private static Path logs;

  private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
  private static Stage stage;
  private static Told told;

  @BeforeAll
  static void the_story_is_told() throws Exception {
    Screen screen = new Screen(new PrintStream(PRINTED, true, UTF_8), false, Duration.ZERO);
    stage = new Stage(CHECKOUT, IMAGES, Application.CHAIN, List.of(Application.HTTPD), logs);
    told = new Story(CHECKOUT, stage, Application.CHAIN, List.of(Application.HTTPD), screen).tell();
  }

  @AfterAll
  static void nothing_stays_but_logs() {
    if (stage == null) {
      return;
    }
    stage.close();
    assertThat(stage.directory()).doesNotExist();
    assertThat(logs.resolve("graft-serve.log")).isNotEmptyFile();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  private static String printed() {
    return PRINTED.toString(UTF_8);
  }

  private static ReceivedSpan server(Trace trace, String service) {
    return trace.spans().stream()
        .filter(span -> span.service().equals(service))
        .filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void one_trace_crosses_from_Python_to_Java_to_Nodejs() {
    List<String> crossed = new ArrayList<>();
    told.trace()
        .walk((depth, span) -> {
          if (span.span().getKind() != SpanKind.SPAN_KIND_INTERNAL) {
            crossed.add(span.service() + " " + span.span().getKind().name().substring(10));
          }
        });
    assertThat(crossed)
        .containsExactly(
            "flask-app SERVER",
            "flask-app CLIENT",
            "greeter-java SERVER",
            "greeter-java CLIENT",
            "greeter-nodejs SERVER");
    assertThat(told.trace().spans())
        .allSatisfy(span -> assertThat(span.traceId()).isEqualTo(told.trace().id()));
  }

  @Test
  void each_service_says_who_it_is_and_where_it_runs() {
    assertThat(server(told.trace(), "flask-app").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "my-app",
                "k8s.deployment.name", "flask-app",
                "k8s.container.name", "app",
                "k8s.node.name", "node-1",
                "telemetry.sdk.language", "python"))
        .hasEntrySatisfying("k8s.pod.name", name -> assertThat(name).startsWith("flask-app-"));
    assertThat(server(told.trace(), "greeter-java").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-java",
                "service.version", "1.2",
                "telemetry.sdk.language", "java"));
    assertThat(server(told.trace(), "greeter-nodejs").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-nodejs",
                "service.version", "1.2",
                "telemetry.sdk.language", "nodejs"));
  }

  @Test
  void the_Flask_example_as_it_stands_reports_over_HTTP_which_is_all_that_its_agent_speaks() {
    ReceivedSpan span = server(told.trace(), "flask-app");
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.HTTP_PROTOBUF);
    assertThat(span.scope().getName()).isEqualTo("opentelemetry.instrumentation.flask");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/<name>");
    assertThat(printed()).contains("Warning: graft: ").contains("asks for grpc");
  }

  @Test
  void the_Flask_example_reports_over_gRPC_with_an_agent_that_speaks_it() {
    ReceivedSpan span = server(told.overGrpc().orElseThrow(), "flask-app");
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.GRPC);
    assertThat(span.resource())
        .containsEntry("k8s.deployment.name", "flask-app")
        .containsEntry("telemetry.sdk.language", "python");
    assertThat(span.resource().get("k8s.pod.name"))
        .startsWith("flask-app-")
        .isNotEqualTo(server(told.trace(), "flask-app").resource().get("k8s.pod.name"));
  }

  @Test
  void a_real_web_server_reports_through_a_stand_in_for_its_agents_module_and_says_so() {
    assertThat(told.alone())
        .singleElement()
        .satisfies(trace ->
            assertThat(server(trace, "greeter-httpd").attributes())
                .containsEntry("url.path", "/hello/you"));
    assertThat(printed())
        .contains("with a stand-in for its agent's module")
        .contains("Apache HTTPD greets you");
  }

  @Test
  void the_pods_that_ran_are_the_ones_that_the_webhook_gave_back() {
    assertThat(told.pods()).hasSize(3);
    for (ObjectNode pod : told.pods()) {
      assertThat(pod.at("/spec/initContainers/0/name").asText())
          .startsWith("opentelemetry-auto-instrumentation-");
      assertThat(pod.at("/metadata/annotations/otelgraft.io~1injected").asText())
          .contains("Injected");
    }
    JsonNode flask = told.pods().getFirst();
    assertThat(flask.at("/spec/containers/0/env").findValuesAsText("name"))
        .contains("PYTHONPATH", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void a_typo_is_rejected_with_what_there_is_and_what_to_do() {
    assertThat(told.typo().fromKubectl("typo.yaml"))
        .startsWith("Error from server (Forbidden): error when creating \"typo.yaml\": ")
        .contains("admission webhook \"pods.otelgraft.io\" denied the request: ")
        .contains("shop/instrumentatoin, which does not exist")
        .contains("namespace shop has: instrumentation")
        .contains("correct the name or create the resource");
  }

  @Test
  void a_language_that_nobody_knew_is_injected_once_its_jar_is_there() {
    assertThat(told.unknown().message())
        .contains("instrumentation.opentelemetry.io/inject-quill")
        .contains("asks for a language that no plugin provides");
    assertThat(told.dropped().pod().at("/spec/initContainers/0/image").asText())
        .isEqualTo("registry.example.com/quill-agent:1.2.0");
    assertThat(told.dropped().pod().at("/spec/containers/0/env").toString())
        .contains("/app/fonts.q:/otel-auto-instrumentation/trace.q");
  }

  @Test
  void what_is_printed_is_plain_text_with_each_addition_and_its_reason() {
    assertThat(printed())
        .doesNotContain("\033")
        .containsPattern(
            "\\+ +- \\{name: OTEL_SERVICE_NAME, value: flask-app} +# name the service \\(label app of the pod\\)")
        .contains("+     # and as above:")
        .containsPattern("└ greeter-java +GET /hello/ +server +\\d+[.]\\d ms")
        .containsPattern("flask-app +python +flask-app +flask-app-\\S+ +http/protobuf")
        .contains("the example's sampler takes one of ten");
    assertThat(Files.exists(stage.server().certificate())).isTrue();
  }
}
