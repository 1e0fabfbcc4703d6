package io.otelgraft.core.injection;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Variables;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The variables of an Instrumentation, as the container sees their values. */
final class PodVariablesTest {

  private static final NamespaceFacts NAMESPACE =
      new NamespaceFacts("shop", Map.of("env", "prod"), Map.of("example.com/owner", "Ada"));

  private static TelemetryStory ownedBy(String apiVersion, String kind, String name) {
    return TelemetryStory.of(
            """
            metadata:
              labels: {app: web, app.kubernetes.io/version: "3.1"}
              annotations: {openshift.io/deployment-config.name: cart, team: "a $(HOME), b=c"}
              ownerReferences:
              - {apiVersion: %s, kind: %s, name: %s, uid: u1, controller: true}
            spec:
              containers: [{name: app, image: "example.io/cart:1.2"}]
            """
                .formatted(apiVersion, kind, name))
        .in(NAMESPACE)
        .configured(settings -> settings.clusterName("east"));
  }

  private static Map<String, String> values(TelemetryStory story, List<String> names) {
    String env =
        names.stream()
            .map(name -> "{name: V_%s, value: \"${%s}\"}".formatted(name, name))
            .collect(Collectors.joining(", "));
    Map<String, String> values = new TreeMap<>();
    story
        .with("env: [" + env + "]")
        .started()
        .env()
        .forEach((name, value) -> {
          if (name.startsWith("V_")) {
            values.put(name.substring(2), value);
          }
        });
    return values;
  }

  @Test
  void each_variable_has_its_value_in_the_container() {
    TelemetryStory deployed =
        TelemetryStory.ofDeployment()
            .in(NAMESPACE)
            .configured(settings -> settings.clusterName("east"));

    Map<String, String> values = values(deployed, Variables.names());

    assertThat(values)
        .containsExactlyInAnyOrderEntriesOf(
            Map.ofEntries(
                Map.entry("NODE_IP", "10.0.0.7"),
                Map.entry("K8S_NODE_IP", "10.0.0.7"),
                Map.entry("NODE_NAME", "node-a"),
                Map.entry("K8S_NODE_NAME", "node-a"),
                Map.entry("POD_IP", "10.1.0.9"),
                Map.entry("K8S_POD_IP", "10.1.0.9"),
                Map.entry("POD_NAME", "cart-7f9c-x2x4z"),
                Map.entry("K8S_POD_NAME", "cart-7f9c-x2x4z"),
                Map.entry("POD_UID", "uid-1"),
                Map.entry("K8S_POD_UID", "uid-1"),
                Map.entry("K8S_NAMESPACE", "shop"),
                Map.entry("K8S_NAMESPACE_NAME", "shop"),
                Map.entry("K8S_CONTAINER_NAME", "app"),
                Map.entry("K8S_CONTAINER_IMAGE_NAME", "example.io/cart"),
                Map.entry("K8S_CONTAINER_IMAGE_TAG", "1.2"),
                Map.entry("K8S_CLUSTER_NAME", "east"),
                Map.entry("K8S_OWNER_KIND", "Deployment"),
                Map.entry("K8S_OWNER_NAME", "cart"),
                Map.entry("K8S_DEPLOYMENT_NAME", "cart"),
                Map.entry("K8S_REPLICASET_NAME", "cart-7f9c"),
                Map.entry("DEPLOYMENT_VERSION", "1.2")));
  }

  @Test
  void owners_of_every_kind_have_a_variable() {
    List<String> names =
        Variables.names().stream()
            .filter(name -> name.startsWith("K8S_") && name.endsWith("_NAME"))
            .toList();

    assertThat(values(ownedBy("apps/v1", "StatefulSet", "db"), names))
        .containsEntry("K8S_STATEFULSET_NAME", "db")
        .containsEntry("K8S_OWNER_NAME", "db");
    assertThat(values(ownedBy("apps/v1", "DaemonSet", "logs"), names))
        .containsEntry("K8S_DAEMONSET_NAME", "logs");
    assertThat(values(ownedBy("batch/v1", "Job", "backup-29384756"), names))
        .containsEntry("K8S_JOB_NAME", "backup-29384756")
        .containsEntry("K8S_CRONJOB_NAME", "backup")
        .containsEntry("K8S_OWNER_NAME", "backup");
    assertThat(values(ownedBy("v1", "ReplicationController", "cart-3"), names))
        .containsEntry("K8S_REPLICATIONCONTROLLER_NAME", "cart-3")
        .containsEntry("K8S_DEPLOYMENTCONFIG_NAME", "cart");
    assertThat(values(ownedBy("apps.kruise.io/v1", "CloneSet", "clones"), names))
        .containsEntry("K8S_OWNER_NAME", "clones");
    assertThat(
            values(
                TelemetryStory.of(
                    """
                    metadata:
                      labels: {rollouts-pod-template-hash: 7f9c}
                      ownerReferences:
                      - {apiVersion: apps/v1, kind: ReplicaSet, name: web-7f9c, controller: true}
                    spec: {containers: [{name: app}]}
                    """),
                names))
        .containsEntry("K8S_ROLLOUT_NAME", "web");
  }

  @Test
  void labels_and_annotations_of_pod_and_namespace_are_found_by_their_keys() {
    assertThat(
            values(
                ownedBy("apps/v1", "StatefulSet", "db"),
                List.of(
                    "K8S_POD_LABELS_APP",
                    "K8S_POD_LABELS_APP_KUBERNETES_IO_VERSION",
                    "K8S_POD_ANNOTATIONS_TEAM",
                    "K8S_NAMESPACE_LABELS_ENV",
                    "K8S_NAMESPACE_ANNOTATIONS_EXAMPLE_COM_OWNER",
                    "DEPLOYMENT_VERSION")))
        .containsExactlyInAnyOrderEntriesOf(
            Map.of(
                "K8S_POD_LABELS_APP", "web",
                "K8S_POD_LABELS_APP_KUBERNETES_IO_VERSION", "3.1",
                "K8S_POD_ANNOTATIONS_TEAM", "a $(HOME), b=c",
                "K8S_NAMESPACE_LABELS_ENV", "prod",
                "K8S_NAMESPACE_ANNOTATIONS_EXAMPLE_COM_OWNER", "Ada",
                "DEPLOYMENT_VERSION", "3.1"));
  }

  @Test
  void a_value_among_attributes_is_encoded_and_arrives_whole() {
    TelemetryStory story =
        ownedBy("apps/v1", "StatefulSet", "db")
            .with(
                """
                env:
                - name: OTEL_RESOURCE_ATTRIBUTES
                  value: team=${K8S_POD_ANNOTATIONS_TEAM},node=${NODE_NAME}
                """);

    assertThat(story.started().attributes())
        .containsEntry("team", "a $(HOME), b=c")
        .containsEntry("node", "node-a");
  }

  @Test
  void a_variable_without_a_value_leaves_its_entry_out_and_says_so() {
    TelemetryStory story =
        TelemetryStory.of("spec: {containers: [{name: app}]}")
            .with("env: [{name: CLUSTER, value: \"${K8S_CLUSTER_NAME}\"}]");

    assertThat(story.env()).extracting(EnvVar::name).doesNotContain("CLUSTER");
    assertThat(story.telemetry().notes())
        .extracting(Note::message)
        .containsExactly(
            "${K8S_CLUSTER_NAME} in spec.env of shop/main has no value for this pod: it is left out");
  }
}
