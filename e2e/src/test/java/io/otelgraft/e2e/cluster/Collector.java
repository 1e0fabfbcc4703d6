package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.e2e.otlp.Telemetry;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A Collector in a namespace, and what it gets. */
final class Collector {

  /** What of its configuration says where telemetry goes, and how much it logs. */
  private enum Output {
    /** Long lines come in parts, between which nothing else must be written. */
    TELEMETRY("file: {path: /dev/stdout}", "file", "warn"),
    /** How much it was, in a line for each batch. */
    COUNTS("debug: {verbosity: basic}", "debug", "info");

    private final String exporter;
    private final String name;
    private final String logLevel;

    Output(String exporter, String name, String logLevel) {
      this.exporter = exporter;
      this.name = name;
      this.logLevel = logLevel;
    }
  }

  private static final Pattern SPANS = Pattern.compile("\"spans\": ?(?<count>\\d+)");

  private final Namespace namespace;
  private final Telemetry telemetry = new Telemetry();
  private final AtomicLong spans = new AtomicLong();

  private Collector(Namespace namespace) {
    this.namespace = namespace;
  }

  /** Starts one, and waits until it is ready. */
  static Collector start(
      Cluster cluster, ContainerImages images, Namespace namespace, Duration deadline) {
    return start(cluster, images, namespace, "Deployment", "", "", Output.TELEMETRY, deadline);
  }

  /**
   * Starts one that only counts what it gets, for more telemetry than can be kept: {@link #spans}
   * tells, {@link #telemetry} has nothing.
   */
  static Collector startCounting(
      Cluster cluster, ContainerImages images, Namespace namespace, Duration deadline) {
    return start(cluster, images, namespace, "Deployment", "", "", Output.COUNTS, deadline);
  }

  /**
   * Starts one on each node, which listens on the node's address as well. Only one can be in a
   * cluster.
   */
  static Collector startOnNodes(
      Cluster cluster, ContainerImages images, Namespace namespace, Duration deadline) {
    return start(
        cluster,
        images,
        namespace,
        "DaemonSet",
        "hostPort: 4317, ",
        "",
        Output.TELEMETRY,
        deadline);
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
    return start(cluster, images, namespace, "Deployment", "", secret, Output.TELEMETRY, deadline);
  }

  private static Collector start(
      Cluster cluster,
      ContainerImages images,
      Namespace namespace,
      String kind,
      String grpcPort,
      String secret,
      Output output,
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
              %s
            extensions:
              health_check: {endpoint: "0.0.0.0:13133"}
            service:
              extensions: [health_check]
              telemetry: {metrics: {level: none}, logs: {level: %s}}
              pipelines:
                traces: &all
                  receivers: [otlp]
                  processors: [memory_limiter, batch]
                  exporters: [%s]
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
            .formatted(
                tls,
                output.exporter,
                output.logLevel,
                output.name,
                kind,
                cluster.load(images.collector()),
                grpcPort,
                mount,
                volume));
    String workload = kind + "/collector";
    namespace.awaitRollout(workload, deadline);
    Collector collector = new Collector(namespace);
    // What is no telemetry is its own log.
    namespace.follow(
        workload,
        "collector",
        output == Output.COUNTS ? collector::count : collector.telemetry::keepLine);
    return collector;
  }

  private void count(String line) {
    Matcher counted = SPANS.matcher(line);
    if (counted.find()) {
      spans.addAndGet(Long.parseLong(counted.group("count")));
    }
  }

  /** Its name for pods of all namespaces. It listens on the ports 4317 (gRPC) and 4318 (HTTP). */
  String host() {
    return "collector." + namespace.name() + ".svc.cluster.local";
  }

  /** How many spans it got so far, if it counts them. */
  long spans() {
    return spans.get();
  }

  /** What it got. */
  Telemetry telemetry() {
    return telemetry;
  }
}
