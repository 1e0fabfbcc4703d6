package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.kubelet.Image;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningPod;
import io.otelgraft.e2e.otlp.OtlpEndpoint;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A node and a collector for greeters of one language, whose agent is a stand-in. */
final class StandInAgents implements AutoCloseable {
  private static final Duration ARRIVAL = Duration.ofSeconds(30);
  private static final String COLLECTOR = "otel-collector.observability.svc.cluster.local";
  private static final String AGENT = "example.com/agent:1";

  private final String language;
  private final OtlpEndpoint collector;
  private final KubeletStandIn.Builder kubelet;
  private final ObjectNode instrumentation;
  private final List<RunningPod> running = new ArrayList<>();

  StandInAgents(String language, Image app) throws IOException {
    this.language = language;
    this.collector = OtlpEndpoint.startOnStandardPorts();
    this.kubelet =
        KubeletStandIn.builder()
            .host(COLLECTOR, collector.ip())
            .image("example.com/greeter-" + language + ":1.2", app);
    this.instrumentation =
        Manifests.object(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: instrumentation, namespace: shop}
            spec:
              exporter: {endpoint: 'http://%s:4318'}
              %s: {image: '%s'}
            """
                .formatted(COLLECTOR, language, AGENT));
  }

  /** The Deployment of a greeter, before it is injected. */
  ObjectNode greeter() {
    return Manifests.object(Path.of("manifests", "greeter-" + language + ".yaml"));
  }

  void object(String yaml) {
    kubelet.object(Manifests.object(yaml));
  }

  /** Runs the pod of a workload as Graft injects it. */
  RunningPod run(Image agent, ObjectNode workload) {
    RunningPod pod =
        kubelet.image(AGENT, agent).build().run(InjectedPods.of(workload, instrumentation));
    running.add(pod);
    return pod;
  }

  /** All that was reported so far. */
  List<ReceivedSpan> spans() {
    return collector.spans().all();
  }

  /** Waits for what was reported of a path, by the stand-in and as of the greeter. */
  ReceivedSpan span(RunningPod pod, String path) {
    ReceivedSpan span;
    try {
      span =
          collector
              .spans()
              .await(found -> path.equals(found.attributes().get("url.path")), ARRIVAL);
    } catch (IllegalStateException e) {
      throw new AssertionError(
          e.getMessage() + "\nthe application wrote:\n" + pod.container("app").log(), e);
    }
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.HTTP_JSON);
    assertThat(span.resource())
        .containsAllEntriesOf(
            Map.of(
                "service.name", "greeter-" + language,
                "service.namespace", "shop",
                "service.version", "1.2",
                "k8s.pod.name", pod.pod().at("/metadata/name").asText(),
                "k8s.container.name", "app"));
    return span;
  }

  @Override
  public void close() {
    running.forEach(RunningPod::close);
    collector.close();
  }
}
