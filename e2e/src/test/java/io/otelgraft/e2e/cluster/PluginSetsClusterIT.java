package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.cluster.ApiServer.Answer;
import io.otelgraft.fixtures.PluginJar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/**
 * Two replicas behind one Service, of which one has a plugin that the other lacks, as while a new
 * plugin is rolled out: each answers by its own plugins, rejects nobody for what the other has, and
 * the definition of Instrumentation has what either has.
 */
@ExtendWith(ClusterExtension.class)
final class PluginSetsClusterIT {

  private static final Duration SOON = Duration.ofMinutes(1);
  private static final String WITH_REED = GraftRelease.NAME + "-with-reed";

  @RegisterExtension
  static final GraftInstallation GRAFT = GraftInstallation.with("--set=replicas=1");

  @TempDir Path folder;

  /** The Deployment of the release once more, with a volume as the chart has it for a plugin. */
  private void startReplicaWithReed(Kubectl kubectl) {
    Path jar =
        PluginJar.language("reed")
            .declaring(".section(\"reed\").image(\"shop/reed-agent\", \"1\")")
            .member(
                "public void inject(Injection injection) {"
                    + " for (Target target : injection.targets()) {"
                    + " injection.edit(target).env().setIfAbsent(\"REED_AGENT\", \"on\"); } }")
            .in(folder);
    GRAFT.release().kubectl("create", "configmap", "reed-plugin", "--from-file=" + jar);
    JsonNode release = GRAFT.release().get("deployment", GraftRelease.NAME);
    ObjectNode deployment =
        Manifests.object(
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: %s}}".formatted(WITH_REED));
    deployment.set("spec", release.path("spec").deepCopy());
    deployment.withObject("/spec/selector/matchLabels").put("plugins", "reed");
    deployment.withObject("/spec/template/metadata/labels").put("plugins", "reed");
    deployment
        .withArray("/spec/template/spec/volumes")
        .add(Manifests.object("{name: plugin-reed, configMap: {name: reed-plugin}}"));
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
        .withArray("/volumeMounts")
        .add(
            Manifests.object(
                "{name: plugin-reed, mountPath: /graft/plugins/reed, readOnly: true}"));
    kubectl.runWithInput(
        deployment.toString(), "create", "--namespace=" + GraftRelease.NAMESPACE, "--filename=-");
    GRAFT.release().awaitRollout(WITH_REED, SOON);
  }

  @AfterEach
  void remove_the_replica_with_reed() {
    GRAFT
        .release()
        .kubectl(
            "delete", "deployment/" + WITH_REED, "configmap/reed-plugin", "--ignore-not-found");
  }

  @Test
  void each_answers_by_its_plugins_and_the_definition_is_what_both_have(
      Cluster cluster, Namespace namespace) {
    startReplicaWithReed(cluster.kubectl());
    GRAFT.release().await(() -> GRAFT.release().sections().has("reed"), SOON);
    namespace.apply(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec:
          exporter: {endpoint: "http://otel-collector.observability:4318"}
          reed: {image: "shop/reed-agent:2"}
        """);
    namespace.await(
        "instrumentation", "instrumentation", one -> Namespace.isTrue(one, "Ready"), SOON);

    try (ApiServer server = ApiServer.of(cluster.kubectl());
        Load load = new Load(server, namespace.name())) {
      load.awaitMore(20);
      // Each leads for a while, and writes the definition as its plugins have it.
      for (String restarted : List.of(WITH_REED, GraftRelease.NAME)) {
        GRAFT.release().kubectl("rollout", "restart", "deployment/" + restarted);
        GRAFT.release().awaitRollout(restarted, SOON);
        awaitALeader();
        load.awaitMore(20);
        isKept(namespace);
      }
      // The only one that knows it goes.
      GRAFT.release().kubectl("delete", "deployment", WITH_REED, "--cascade=foreground");
      awaitALeader();
      load.awaitMore(20);
      isKept(namespace);
      System.out.println("replicas with different plugins: " + load);
      assertThat(load.failures()).isEmpty();
    }
  }

  private static void isKept(Namespace namespace) {
    assertThat(GRAFT.release().sections().has("reed"))
        .as("the section of what an object uses")
        .isTrue();
    assertThat(GRAFT.release().sections().has("java")).isTrue();
    JsonNode stored = namespace.get("instrumentation", "instrumentation");
    assertThat(stored.at("/spec/reed/image").asText()).isEqualTo("shop/reed-agent:2");
    assertThat(Namespace.isTrue(stored, "Accepted")).as("that it is accepted: %s", stored).isTrue();
  }

  /** Waits until a replica that is there leads. */
  private static void awaitALeader() {
    GRAFT
        .release()
        .await(
            () -> {
              String holder =
                  GRAFT
                      .release()
                      .get("lease", GraftRelease.NAME)
                      .at("/spec/holderIdentity")
                      .asText();
              return GRAFT.release().pods().stream()
                  .map(pod -> pod.at("/metadata/name").asText())
                  .anyMatch(pod -> !holder.isEmpty() && holder.startsWith(pod));
            },
            SOON);
  }

  /** Pods of each language without a pause. */
  private static final class Load implements AutoCloseable {
    private static final List<String> LANGUAGES =
        List.of("java", "python", "nodejs", "sdk", "reed");
    private static final int CLIENTS = 4;

    private final ApiServer server;
    private final String namespace;
    private final List<Thread> clients = new ArrayList<>();
    private final Map<String, Integer> counts = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private int all;
    private volatile boolean ended;

    Load(ApiServer server, String namespace) {
      this.server = server;
      this.namespace = namespace;
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(Thread.ofVirtual().start(this::run));
      }
    }

    private void run() {
      while (!ended) {
        for (String language : LANGUAGES) {
          ObjectNode pod =
              Manifests.object(
                  """
                  apiVersion: v1
                  kind: Pod
                  metadata:
                    name: cart
                    annotations: {instrumentation.opentelemetry.io/inject-%s: "true"}
                  spec: {containers: [{name: app, image: "shop/cart:1"}]}
                  """
                      .formatted(language));
          judge(language, server.tryOut(namespace, pod));
        }
      }
    }

    /** Injected in whole, or admitted as it is by the replica that has no plugin for it. */
    private synchronized void judge(String language, Answer answer) {
      JsonNode app = answer.object().at("/spec/containers/0");
      boolean injected =
          answer.object().at("/metadata/annotations").has("otelgraft.io/injected")
              && (!language.equals("reed") || Manifests.variable(app, "REED_AGENT").equals("on"));
      if (answer.created() && injected) {
        counts.merge(language + " injected", 1, Integer::sum);
      } else if (answer.created()
          && language.equals("reed")
          && Manifests.variable(app, "REED_AGENT").isEmpty()) {
        counts.merge(language + " without", 1, Integer::sum);
      } else {
        failures.add(language + ": " + answer.code() + ": " + answer.object());
      }
      all++;
    }

    private synchronized int all() {
      return all;
    }

    /** Waits until each language was asked for so many times more. */
    void awaitMore(int times) {
      int wanted = all() + times * LANGUAGES.size() * CLIENTS;
      GRAFT.release().await(() -> all() >= wanted, SOON);
    }

    synchronized List<String> failures() {
      return List.copyOf(failures);
    }

    @Override
    public void close() {
      ended = true;
      for (Thread client : clients) {
        try {
          client.join(SOON);
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
      }
    }

    @Override
    public synchronized String toString() {
      return all + " pods: " + counts;
    }
  }
}
