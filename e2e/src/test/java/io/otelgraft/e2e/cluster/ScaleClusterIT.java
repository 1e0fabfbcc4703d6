package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.cluster.ApiServer.Answer;
import io.otelgraft.e2e.images.ContainerImages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * Many pods at once, on nodes that do not exist: what is between their creation and the kubelet is
 * real.
 */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class ScaleClusterIT {

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final int NODES = 10;

  /** Of each language, as many Deployments; of each Deployment, as many pods: 500 in all. */
  private static final List<String> LANGUAGES =
      List.of("java", "python", "nodejs", "dotnet", "sdk");

  private static final int DEPLOYMENTS = 2;
  private static final int REPLICAS = 50;
  private static final int PODS = LANGUAGES.size() * DEPLOYMENTS * REPLICAS;

  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  private static ObjectNode deployment(String name, String language) {
    ObjectNode deployment =
        Manifests.object(
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata: {name: %1$s, labels: {test: scale}}
            spec:
              replicas: %2$d
              selector: {matchLabels: {app: %1$s}}
              template:
                metadata:
                  labels: {app: %1$s, test: scale}
                  annotations: {instrumentation.opentelemetry.io/inject-%3$s: "true"}
                spec:
                  # They are removed with their namespace: no kubelet has to end anything.
                  terminationGracePeriodSeconds: 0
                  containers:
                  - name: app
                    image: shop/%1$s:1.2
                    env: [{name: MINE, value: kept}]
            """
                .formatted(name, REPLICAS, language));
    FakeNodes.choose((ObjectNode) deployment.at("/spec/template/spec"));
    return deployment;
  }

  @Test
  @Order(1)
  void each_of_500_pods_that_are_made_at_once_is_right(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    namespace.apply(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec: {exporter: {endpoint: "http://otel-collector.observability:4318"}}
        """);
    namespace.await(
        "instrumentation", "instrumentation", one -> Namespace.isTrue(one, "Ready"), SOON);
    ObjectNode deployments = Manifests.object("{apiVersion: v1, kind: List, items: []}");
    List<String> names = new ArrayList<>();
    for (String language : LANGUAGES) {
      for (int i = 1; i <= DEPLOYMENTS; i++) {
        names.add(language + "-" + i);
        deployments.withArray("/items").add(deployment(names.getLast(), language));
      }
    }
    try (FakeNodes nodes = FakeNodes.of(cluster.kubectl(), images.kwok())) {
      nodes.add(NODES);
      AdmissionLatency before = AdmissionLatency.of(cluster.kubectl(), "mpod.kb.io");
      long start = System.nanoTime();
      namespace.apply(deployments.toString());
      for (String name : names) {
        namespace.awaitRollout("deployment/" + name, SOON);
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      AdmissionLatency added = AdmissionLatency.of(cluster.kubectl(), "mpod.kb.io").since(before);

      List<JsonNode> pods = namespace.list("pods", "test=scale");
      assertThat(pods).hasSize(PODS);
      for (String name : names) {
        isInjectedAlike(name, pods);
      }
      assertThat(added.failedOpen()).as("pods that started as Graft did not answer").isZero();
      assertThat(added.count()).as("pods that Graft was asked about").isGreaterThanOrEqualTo(PODS);
      assertThat(namespace.kubectl("get", "events.events.k8s.io", "--output=wide"))
          .contains("Injected")
          .doesNotContain("NotInjected", "Rejected");
      System.out.printf(
          "%d pods ran after %.1f s; each time that Graft was asked took %s%n",
          PODS, took.toMillis() / 1000.0, added);
    }
  }

  /**
   * What a cluster is full of and Graft has no need of: it keeps none of it, and is not even told.
   * An object is large enough for 5,000 of them to show.
   */
  @Test
  @Order(2)
  void its_memory_does_not_grow_with_Secrets_ConfigMaps_and_ReplicaSets(
      Cluster cluster, Namespace namespace) {
    Map<String, Long> before = GRAFT.release().residentMemory();
    String content = Base64.getEncoder().encodeToString(new byte[6_000]);
    try (ApiServer server = ApiServer.of(cluster.kubectl());
        ExecutorService clients = Executors.newFixedThreadPool(8)) {
      List<Future<Answer>> created = new ArrayList<>();
      for (int i = 0; i < 2_000; i++) {
        for (String kind :
            i < 1_500 ? List.of("Secret", "ConfigMap", "ReplicaSet") : List.of("ReplicaSet")) {
          String path =
              "/%s/namespaces/%s/%ss"
                  .formatted(
                      kind.equals("ReplicaSet") ? "apis/apps/v1" : "api/v1",
                      namespace.name(),
                      kind.toLowerCase(Locale.ROOT));
          ObjectNode object = Manifests.object(filler(kind, i, content));
          created.add(clients.submit(() -> server.createAt(path, object)));
        }
      }
      assertThat(created)
          .hasSize(5_000)
          .allSatisfy(one -> assertThat(one.get().created()).as(one.get().toString()).isTrue());
    }
    Map<String, Long> after = GRAFT.release().residentMemory();

    System.out.printf(
        "resident memory, in MiB, without 5,000 other objects: %s, with them: %s%n",
        inMebibytes(before), inMebibytes(after));
    assertThat(after).hasSize(2).containsOnlyKeys(before.keySet());
    assertThat(after)
        .allSatisfy(
            (pod, bytes) -> assertThat(bytes - before.get(pod)).as(pod).isLessThan(15L << 20));
  }

  private static Map<String, Long> inMebibytes(Map<String, Long> bytes) {
    Map<String, Long> mebibytes = new TreeMap<>(bytes);
    mebibytes.replaceAll((pod, size) -> size >> 20);
    return mebibytes;
  }

  private static String filler(String kind, int number, String content) {
    return switch (kind) {
      case "ReplicaSet" ->
          """
          apiVersion: apps/v1
          kind: ReplicaSet
          metadata: {name: filler-%1$d}
          spec:
            replicas: 0
            selector: {matchLabels: {app: filler-%1$d}}
            template:
              metadata: {labels: {app: filler-%1$d}}
              spec: {containers: [{name: app, image: none}]}
          """
              .formatted(number);
      default ->
          """
          apiVersion: v1
          kind: %s
          metadata: {name: filler-%d}
          data: {content: %s}
          """
              .formatted(kind, number, content);
    };
  }

  /** The pods of a Deployment differ in their names alone, and the first is as it is to be. */
  private static void isInjectedAlike(String deployment, List<JsonNode> all) {
    List<JsonNode> pods =
        all.stream()
            .filter(pod -> pod.at("/metadata/labels/app").asText().equals(deployment))
            .toList();
    assertThat(pods).as(deployment).hasSize(REPLICAS);
    Set<String> specs = pods.stream().map(ScaleClusterIT::comparable).collect(Collectors.toSet());
    assertThat(specs).as("pods of %s, apart from their names", deployment).hasSize(1);

    JsonNode pod = pods.getFirst();
    String language = deployment.substring(0, deployment.indexOf('-'));
    JsonNode app = pod.at("/spec/containers/0");
    assertThat(Manifests.variable(app, "MINE")).isEqualTo("kept");
    assertThat(Manifests.variable(app, "OTEL_SERVICE_NAME")).isEqualTo(deployment);
    assertThat(Manifests.variable(app, "OTEL_EXPORTER_OTLP_ENDPOINT"))
        .isEqualTo("http://otel-collector.observability:4318");
    assertThat(Manifests.variable(app, "OTEL_RESOURCE_ATTRIBUTES"))
        .contains("k8s.deployment.name=" + deployment, "k8s.container.name=app");
    if (!language.equals("sdk")) {
      String agent = "opentelemetry-auto-instrumentation-" + language;
      assertThat(names(pod.at("/spec/initContainers"))).containsExactly(agent);
      assertThat(names(pod.at("/spec/volumes"))).contains(agent);
      assertThat(app.at("/volumeMounts").findValuesAsText("mountPath"))
          .contains("/otel-auto-instrumentation");
    }
    assertThat(pod.at("/metadata/annotations").path("otelgraft.io/injected").asText())
        .contains(language);
  }

  private static List<String> names(JsonNode list) {
    return list.valueStream().map(each -> each.path("name").asText()).toList();
  }

  /** What is to be the same in the pods of a Deployment. */
  private static String comparable(JsonNode pod) {
    ObjectNode same = ((ObjectNode) pod.path("spec")).deepCopy();
    same.remove("nodeName");
    same.set("annotations", pod.at("/metadata/annotations"));
    Set<String> tokens = new TreeSet<>();
    for (JsonNode volume : same.path("volumes")) {
      String name = volume.path("name").asText();
      if (name.startsWith("kube-api-access-")) {
        tokens.add(name);
      }
    }
    String text = same.toString();
    for (String token : tokens) {
      text = text.replace(token, "kube-api-access");
    }
    return text;
  }
}
