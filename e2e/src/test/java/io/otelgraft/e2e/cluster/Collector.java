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
    return start(cluster, images, namespace, "Deployment", "", "", deadline);
  }

  /**
   * Starts one on each node, which listens on the node's address as well. Only one can be in a
   * cluster.
   */
  static Collector startOnNodes(
      Cluster cluster, ContainerImages images, Namespace namespace, Duration deadline) {
    return start(cluster, images, namespace, "DaemonSet", "hostPort: 4317, ", "", deadline);
  }

  /**
   * Starts one that takes nothing but TLS over gRPC, from clients with a certificate.
   *
   * @param secret a Secret of type {@code kubernetes.io/tls} with its certificate and key, and
   *     {@code ca.crt}, which has signed the clients'
   */
  static Collector startWithTls(
      Cluster cluster,
      ContainerImages images,
      Namespace namespace,
      String secret,
      Duration deadline) {
    return start(cluster, images, namespace, "Deployment", "", secret, deadline);
  }

  private static Collector start(
      Cluster cluster,
      ContainerImages images,
      Namespace namespace,
      String kind,
      String grpcPort,
      String secret,
      Duration deadline) {
    String files = "/etc/otelcol-tls/";
    String tls =
        secret.isEmpty()
            ? ""
            : ", tls: {cert_file: %1$stls.crt, key_file: %1$stls.key, client_ca_file: %1$sca.crt}"
                .formatted(files);
    String volume =
        secret.isEmpty() ? "" : ", {name: tls, secret: {secretName: %s}}".formatted(secret);
    String mount = secret.isEmpty() ? "" : ", {name: tls, mountPath: %s}".formatted(files);
    namespace.apply(
        """
        apiVersion: v1
        kind: ConfigMap
        metadata: {name: collector}
        data:
          config.yaml: |
            receivers:
              otlp:
                protocols:
                  grpc: {endpoint: "0.0.0.0:4317"%s}
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
        kind: %s
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
                ports: [{%scontainerPort: 4317}, {containerPort: 4318}]
                readinessProbe: {httpGet: {path: /, port: 13133}, periodSeconds: 1}
                volumeMounts: [{name: config, mountPath: /etc/otelcol}%s]
              volumes: [{name: config, configMap: {name: collector}}%s]
        ---
        apiVersion: v1
        kind: Service
        metadata: {name: collector}
        spec:
          selector: {app: collector}
          ports: [{name: grpc, port: 4317}, {name: http, port: 4318}]
        """
            .formatted(tls, kind, cluster.load(images.collector()), grpcPort, mount, volume));
    String workload = kind + "/collector";
    namespace.awaitRollout(workload, deadline);
    Collector collector = new Collector(namespace);
    // What is no telemetry is its own log.
    namespace.follow(workload, "collector", collector.telemetry::keepLine);
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
}
