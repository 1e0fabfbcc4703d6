package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImages;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A node is drained of all that it runs, Graft and what it has instrumented. */
@ExtendWith(ClusterExtension.class)
final class DrainClusterIT {

  private static final Duration SOON = Duration.ofMinutes(2);

  /** Long enough for one replica to end and for what comes in its place to be made. */
  private static final Duration DRAIN = Duration.ofSeconds(20);

  private static final int REPLICAS = 3;

  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  /**
   * On the only node there is no place for what is evicted, so the disruption budget keeps the last
   * replica of Graft for as long as the drain is tried: it injects the pods that are made anew.
   */
  @Test
  void all_that_a_drained_node_had_comes_back_injected(
      Cluster cluster, ContainerImages images, Namespace namespace) {
    List<String> nodes = cluster.kubectl().run("get", "nodes", "--output=name").lines().toList();
    assumeTrue(
        nodes.size() == 1, "could not run here: the nodes of this cluster are not ours to drain");
    namespace.apply(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec: {exporter: {endpoint: "http://otel-collector.observability:4318"}}
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata: {name: cart}
        spec:
          replicas: %d
          selector: {matchLabels: {app: cart}}
          template:
            metadata:
              labels: {app: cart}
              annotations: {instrumentation.opentelemetry.io/inject-sdk: "true"}
            spec:
              terminationGracePeriodSeconds: 0
              containers: [{name: app, image: "%s", command: [tail, -f, /dev/null]}]
        """
            .formatted(REPLICAS, cluster.load(images.busybox())));
    namespace.awaitRollout("deployment/cart", SOON);
    Set<String> before = names(namespace.list("pods", "app=cart"));
    Set<String> replicas = names(GRAFT.release().pods());

    String drained =
        cluster
            .kubectl()
            .attempt(
                "drain",
                nodes.getFirst(),
                "--ignore-daemonsets",
                "--delete-emptydir-data",
                "--force",
                "--timeout=" + DRAIN.toSeconds() + "s");
    try {
      assertThat(drained)
          .contains("evicting pod " + GraftRelease.NAMESPACE + "/" + GraftRelease.NAME)
          .contains("violate the pod's disruption budget");
      List<JsonNode> kept =
          GRAFT.release().pods().stream().filter(pod -> Namespace.isTrue(pod, "Ready")).toList();
      assertThat(replicas).hasSize(2).containsAll(names(kept));
      assertThat(kept).as("replicas that serve on, after %s", drained).hasSize(1);
      areNewAndInjected(namespace, before);
    } finally {
      cluster.kubectl().run("uncordon", nodes.getFirst());
    }

    namespace.awaitRollout("deployment/cart", SOON);
    areNewAndInjected(namespace, before);
    GRAFT.release().awaitRollout(SOON);
    assertThat(names(GRAFT.release().pods())).hasSize(2).isNotEqualTo(replicas);
  }

  private static Set<String> names(List<JsonNode> pods) {
    return pods.stream().map(pod -> pod.at("/metadata/name").asText()).collect(Collectors.toSet());
  }

  private static void areNewAndInjected(Namespace namespace, Set<String> before) {
    List<JsonNode> pods = namespace.list("pods", "app=cart");
    assertThat(names(pods)).hasSize(REPLICAS).doesNotContainAnyElementsOf(before);
    assertThat(pods)
        .allSatisfy(pod ->
            assertThat(pod.at("/metadata/annotations").has("otelgraft.io/injected"))
                .as("that it is injected: %s", pod)
                .isTrue());
  }
}
