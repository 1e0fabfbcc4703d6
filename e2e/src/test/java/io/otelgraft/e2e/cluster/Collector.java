package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.e2e.otlp.Telemetry;
import java.time.Duration;

/** A Collector in a namespace, and what it gets. */
final class Collector {

  private final Namespace namespace;
  private final Telemetry telemetry = new Telemetry();

  private Collector(Namespace namespace) {
    this.namespace = namespace;
  }

  /** Starts one, and waits until it is ready. */
  static Collector start(
      Cluster cluster, ContainerImages images, Namespace namespace, Duration deadline) {
    namespace.apply(MANIFESTS.formatted(cluster.load(images.collector())));
    namespace.awaitRollout("deployment/collector", deadline);
    Collector collector = new Collector(namespace);
    // What is no telemetry is its own log.
    namespace.follow("deployment/collector", "collector", collector.telemetry::keepLine);
    return collector;
  }

  /** Its name for pods of all namespaces. It listens on the ports 4317 (gRPC) and 4318 (HTTP). */
  String host() {
    return "collector." + namespace.name() + ".svc.cluster.local";
  }

  /** What it got. */
  Telemetry telemetry() {
    return telemetry;
  }

  private static final String MANIFESTS =
      """
      apiVersion: v1
      kind: ConfigMap
      metadata: {name: collector}
      data:
        config.yaml: |
          receivers:
            otlp:
              protocols:
                grpc: {endpoint: "0.0.0.0:4317"}
                http: {endpoint: "0.0.0.0:4318"}
          processors:
            memory_limiter: {check_interval: 1s, limit_mib: 128}
            batch: {timeout: 100ms}
          exporters:
            file: {path: /dev/stdout}
          extensions:
            health_check: {endpoint: "0.0.0.0:13133"}
          service:
            extensions: [health_check]
            # Long lines come in parts, between which nothing else must be written.
            telemetry: {metrics: {level: none}, logs: {level: warn}}
            pipelines:
              traces: &all
                receivers: [otlp]
                processors: [memory_limiter, batch]
                exporters: [file]
              metrics: *all
              logs: *all
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: {name: collector}
      spec:
        selector: {matchLabels: {app: collector}}
        template:
          metadata: {labels: {app: collector}}
          spec:
            terminationGracePeriodSeconds: 1
            containers:
            - name: collector
              image: %s
              ports: [{containerPort: 4317}, {containerPort: 4318}]
              readinessProbe: {httpGet: {path: /, port: 13133}, periodSeconds: 1}
              volumeMounts: [{name: config, mountPath: /etc/otelcol}]
            volumes: [{name: config, configMap: {name: collector}}]
      ---
      apiVersion: v1
      kind: Service
      metadata: {name: collector}
      spec:
        selector: {app: collector}
        ports: [{name: grpc, port: 4317}, {name: http, port: 4318}]
      """;
}
