package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.ContainerImage;
import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A namespace with an Instrumentation, the greeters of {@code e2e/manifests}, and the Collector
 * that they report to.
 */
final class Shop {

  /** How long a pod may take until it has started with its agent, and a span until it is there. */
  static final Duration SOON = Duration.ofMinutes(2);

  private static final int PORT = 8080;

  private final Cluster cluster;
  private final Namespace namespace;
  private final Collector collector;

  private Shop(Cluster cluster, Namespace namespace, Collector collector) {
    this.cluster = cluster;
    this.namespace = namespace;
    this.collector = collector;
  }

  /** Opens one in a namespace: the Collector is ready, and nothing reports to it. */
  static Shop open(Cluster cluster, ContainerImages images, Namespace namespace) {
    return open(cluster, namespace, Collector.start(cluster, images, namespace, SOON));
  }

  /** Opens one in a namespace, for a Collector that is there. */
  static Shop open(Cluster cluster, Namespace namespace, Collector collector) {
    return new Shop(cluster, namespace, collector);
  }

  /** Where it is. */
  Namespace namespace() {
    return namespace;
  }

  /** Who gets what is reported. */
  Collector collector() {
    return collector;
  }

  /** Where its workloads report to: over gRPC. */
  String endpoint() {
    return "http://" + collector.host() + ":4317";
  }

  /** Its Instrumentation, for all languages and with none of their images, not yet applied. */
  ObjectNode instrumentation() {
    return Manifests.object(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec:
          exporter: {endpoint: "%s"}
          propagators: [tracecontext, baggage]
          java:
            env:
            # What is not needed here is not started: it takes seconds.
            - {name: OTEL_INSTRUMENTATION_COMMON_DEFAULT_ENABLED, value: 'false'}
            - {name: OTEL_INSTRUMENTATION_JAVA_HTTP_SERVER_ENABLED, value: 'true'}
            - {name: OTEL_INSTRUMENTATION_JAVA_HTTP_CLIENT_ENABLED, value: 'true'}
          env:
          # Spans leave soon, not after five seconds.
          - {name: OTEL_BSP_SCHEDULE_DELAY, value: '100'}
          - {name: OTEL_BLRP_SCHEDULE_DELAY, value: '100'}
        """
            .formatted(endpoint()));
  }

  /** Applies its Instrumentation, with the agent's image of one language. */
  void instrument(String section, ContainerImage agent) {
    ObjectNode instrumentation = instrumentation();
    instrumentation.withObject("/spec/" + section).put("image", cluster.load(agent));
    namespace.apply(instrumentation.toString());
  }

  /** The same for Go, with {@link #rightsOfGo}. */
  void instrumentGo(ContainerImage agent) {
    ObjectNode instrumentation = instrumentation();
    instrumentation
        .withObject("/spec/go")
        .put("image", cluster.load(agent))
        .set("securityContext", rightsOfGo());
    namespace.apply(instrumentation.toString());
  }

  /**
   * The security context of Go's agent, with one capability less than Graft gives it: {@code
   * SYS_RESOURCE}, which the nodes of the tests lack, and which the agent uses before Linux 5.11
   * only.
   */
  static ObjectNode rightsOfGo() {
    return Manifests.object(
        """
        runAsUser: 0
        runAsNonRoot: false
        readOnlyRootFilesystem: true
        appArmorProfile: {type: Unconfined}
        capabilities: {drop: [ALL], add: [DAC_READ_SEARCH, KILL, SYS_ADMIN, SYS_PTRACE]}
        """);
  }

  /**
   * A greeter of {@code e2e/manifests} with its image, not yet applied. It is ready when it has
   * greeted, and greets the kubelet each second from then on.
   */
  ObjectNode greeter(String language, ContainerImage image) {
    ObjectNode deployment = Manifests.object(Path.of("manifests", "greeter-" + language + ".yaml"));
    deployment.withObject("/metadata").remove("namespace");
    String variable = language.equals("python") ? "FLASK_RUN_PORT" : "PORT";
    Manifests.addVariable(deployment, variable, Integer.toString(PORT));
    ObjectNode pod = (ObjectNode) deployment.at("/spec/template/spec");
    pod.put("terminationGracePeriodSeconds", 1);
    ObjectNode container = (ObjectNode) pod.at("/containers/0");
    container.put("image", cluster.load(image));
    container.set(
        "readinessProbe",
        Manifests.object(
            "{httpGet: {path: /hello/you, port: %d}, periodSeconds: 1, timeoutSeconds: 5}"
                .formatted(PORT)));
    return deployment;
  }

  /**
   * Applies a workload with one pod, and waits until that is available.
   *
   * @return the pod
   */
  JsonNode deploy(ObjectNode workload) {
    return deploy(workload, "app=" + workload.at("/metadata/name").asText());
  }

  /** As {@link #deploy(ObjectNode)}, where the pod's labels do not have the workload's name. */
  JsonNode deploy(ObjectNode workload, String labels) {
    namespace.apply(workload.toString());
    namespace.awaitRollout(
        workload.path("kind").asText() + "/" + workload.at("/metadata/name").asText(), SOON);
    return namespace.pod(labels);
  }

  /**
   * Has a greeter asked by others.
   *
   * @return the URL that they are to take
   */
  String serve(String greeter) {
    namespace.apply(
        """
        apiVersion: v1
        kind: Service
        metadata: {name: %1$s}
        spec: {selector: {app: %1$s}, ports: [{port: %2$d}]}
        """
            .formatted(greeter, PORT));
    return "http://" + greeter + ":" + PORT;
  }

  /** What a container wrote so far. */
  String log(JsonNode pod, String container) {
    return namespace.log(pod.at("/metadata/name").asText(), container);
  }

  /** Waits for the span of a request that a service has answered. */
  ReceivedSpan serverSpan(String service) {
    return span(SpanKind.SPAN_KIND_SERVER, span -> span.service().equals(service));
  }

  /** Waits for a span of a kind. */
  ReceivedSpan span(SpanKind kind, Predicate<ReceivedSpan> wanted) {
    return collector
        .telemetry()
        .spans()
        .await(span -> span.span().getKind() == kind && wanted.test(span), SOON);
  }

  /** What Kubernetes and Graft know about the container {@code app} of a Deployment's pod. */
  Map<String, String> identity(JsonNode pod) {
    String name = pod.at("/metadata/name").asText();
    String image = pod.at("/spec/containers/0/image").asText();
    String replicaSet = pod.at("/metadata/ownerReferences/0/name").asText();
    String deployment = replicaSet.substring(0, replicaSet.lastIndexOf('-'));
    return Map.of(
        "service.name",
        deployment,
        "service.namespace",
        namespace.name(),
        "service.version",
        image.substring(image.lastIndexOf(':') + 1),
        "service.instance.id",
        namespace.name() + "." + name + ".app",
        "k8s.namespace.name",
        namespace.name(),
        "k8s.deployment.name",
        deployment,
        "k8s.pod.name",
        name,
        "k8s.node.name",
        pod.at("/spec/nodeName").asText(),
        "k8s.container.name",
        "app");
  }
}
