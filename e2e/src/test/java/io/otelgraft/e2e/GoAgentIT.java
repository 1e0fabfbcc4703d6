package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import io.otelgraft.e2e.otlp.OtlpEndpoint;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The Go agent that OpenTelemetry publishes, attached through eBPF to the process of an application
 * that belongs to another user, with the capabilities that Graft gives it and no others.
 */
class GoAgentIT {

  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String COLLECTOR = "otel-collector.observability.svc.cluster.local";
  private static final String EXECUTABLE = "/app/greeter";
  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private final int port = Greeter.freePort();

  private OtlpEndpoint collector;
  private KubeletStandIn kubelet;

  @BeforeEach
  void a_node_with_a_collector() throws IOException {
    collector = OtlpEndpoint.startOnStandardPorts();
    kubelet =
        KubeletStandIn.builder()
            .host(COLLECTOR, collector.ip())
            .image(
                "ghcr.io/open-telemetry/opentelemetry-go-instrumentation/autoinstrumentation-go:v0.24.0",
                IMAGES.goAgent())
            .image(
                "example.com/greeter-go:1.2",
                IMAGES
                    .goApp()
                    .withEntrypoint(
                        "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", EXECUTABLE))
            .build();
  }

  @AfterEach
  void stop() {
    collector.close();
  }

  private ObjectNode injected() {
    ObjectNode deployment = Manifests.object(Path.of("manifests", "greeter-go.yaml"));
    Manifests.addVariable(deployment, "PORT", Integer.toString(port));
    return InjectedPods.with(
        List.of("--set", "enabled-languages=go"),
        deployment,
        Manifests.object(Path.of("manifests", "instrumentation.yaml")));
  }

  @Test
  void the_Go_agent_reports_a_request() throws Exception {
    ObjectNode pod = injected();
    try (RunningPod running = kubelet.run(pod)) {
      Greeter greeter = new Greeter(running, port);
      ObservingAgent agent = ObservingAgent.in(running);
      assertThat(greeter.greet("early")).isEqualTo("Go greets early\n");
      agent.awaitAttached().ifPresent(refusal -> blameTheMachine(pod, refusal));
      greeter.greet("you");

      ReceivedSpan span = serverSpan(agent.container());
      assertThat(span.resource())
          .containsEntry("service.name", "greeter-go")
          .containsEntry("service.namespace", "shop")
          .containsEntry("service.version", "1.2")
          .containsEntry("team", "greeters")
          .containsEntry("k8s.deployment.name", "greeter-go")
          .containsEntry("k8s.container.name", "app")
          .containsEntry("k8s.pod.name", running.pod().at("/metadata/name").asText())
          .containsEntry("telemetry.sdk.language", "go");
      assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    }
  }

  private ReceivedSpan serverSpan(RunningContainer agent) {
    try {
      return collector
          .spans()
          .await(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER, ARRIVAL);
    } catch (IllegalStateException e) {
      throw new AssertionError(e.getMessage() + "\nthe agent wrote:\n" + agent.log(), e);
    }
  }

  /** Only where the agent cannot attach with all rights of this machine either. */
  private void blameTheMachine(ObjectNode pod, String refusal) {
    ObjectNode all = pod.deepCopy();
    for (JsonNode container : all.at("/spec/initContainers")) {
      ((ObjectNode) container).remove("securityContext");
    }
    try (RunningPod running = kubelet.run(all)) {
      Optional<String> refusedAnyway = ObservingAgent.in(running).awaitAttached();
      assertThat(refusedAnyway)
          .as(
              "the agent attaches with all rights only; with those that Graft gives, it says: %s",
              refusal)
          .isPresent();
      String message =
          "could not run here: eBPF is not for this user or kernel; with all rights that there are,"
              + " the agent says: "
              + refusedAnyway.get();
      System.out.println("GoAgentIT " + message);
      assumeTrue(false, message);
    }
  }
}
