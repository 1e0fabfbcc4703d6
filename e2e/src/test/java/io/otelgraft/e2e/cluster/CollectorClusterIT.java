package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.e2e.otlp.ReceivedMetric;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A real Collector in the cluster gets what a real agent sends, and tests can read it. */
@ExtendWith(ClusterExtension.class)
final class CollectorClusterIT {

  private static final Duration SOON = Duration.ofSeconds(90);

  @Test
  void a_test_reads_what_the_Java_agent_of_a_pod_reports(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    Collector collector = Collector.start(cluster, images, namespace, SOON);
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: greeter}
        spec:
          volumes: [{name: agent, image: {reference: "%2$s", pullPolicy: IfNotPresent}}]
          containers:
          - name: app
            image: %1$s
            env:
            - {name: PORT, value: "8080"}
            - name: JAVA_TOOL_OPTIONS
              value: -javaagent:/agent/javaagent.jar -XX:TieredStopAtLevel=1 -XX:+UseSerialGC
            - {name: OTEL_SERVICE_NAME, value: greeter}
            - {name: OTEL_EXPORTER_OTLP_ENDPOINT, value: "http://%3$s:4317"}
            - {name: OTEL_EXPORTER_OTLP_PROTOCOL, value: grpc}
            - {name: OTEL_METRIC_EXPORT_INTERVAL, value: "1000"}
            readinessProbe: {httpGet: {path: /hello/you, port: 8080}, periodSeconds: 1}
            volumeMounts: [{name: agent, mountPath: /agent}]
        """
            .formatted(
                cluster.load(images.javaApp()),
                cluster.load(images.javaAgent()),
                collector.host()));
    namespace.awaitReady("greeter", SOON);

    ReceivedSpan span =
        collector
            .telemetry()
            .spans()
            .await(any -> any.span().getKind() == SpanKind.SPAN_KIND_SERVER, SOON);
    assertThat(span.service()).isEqualTo("greeter");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    ReceivedMetric metric =
        collector
            .telemetry()
            .metrics()
            .await(any -> any.metric().getName().equals("jvm.memory.used"), SOON);
    assertThat(metric.resource()).containsEntry("service.name", "greeter");
  }
}
