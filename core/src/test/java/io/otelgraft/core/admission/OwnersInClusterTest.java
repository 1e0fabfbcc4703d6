package io.otelgraft.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.resource.Resources.ControlledBy;
import io.otelgraft.core.resource.Resources.Controller;
import io.otelgraft.core.resource.Resources.Owned;
import io.otelgraft.core.resource.Resources.Uncontrolled;
import io.otelgraft.core.resource.Resources.Untold;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.fixtures.ShowsReason;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What the names of owners do not tell is asked of the cluster, and nothing else is. */
final class OwnersInClusterTest {
  private static final Owned REPLICA_SET =
      new Owned("shop", "apps", "ReplicaSet", "cart-7f9c", "u-1");
  private static final Owned JOB = new Owned("shop", "batch", "Job", "by-hand", "u-2");

  private final List<Owned> asked = new ArrayList<>();

  private Scene scene(String resource, Controller answer) {
    return Scene.empty()
        .with(new Scene.MadeUp("quill", 1))
        .with(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: standard, namespace: shop}
            spec: {exporter: {endpoint: "http://collector:4318"}, resource: %s}
            """
                .formatted(resource))
        .controlled(object -> {
          asked.add(object);
          return Optional.ofNullable(answer);
        });
  }

  private static String podOf(Owned owner, String apiVersion, String labels) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: cart-7f9c-x
      namespace: shop
      labels: %s
      annotations: {%s}
      ownerReferences:
      - {apiVersion: %s, kind: %s, name: %s, uid: %s, controller: true}
    spec: {containers: [{name: app, image: 'app:1.2'}]}
    """
        .formatted(
            labels,
            Scene.inject("quill", "true"),
            apiVersion,
            owner.kind(),
            owner.name(),
            owner.uid());
  }

  private static String podOfDeployment() {
    return podOf(REPLICA_SET, "apps/v1", "{pod-template-hash: 7f9c}");
  }

  private static String podOfJob() {
    return podOf(JOB, "batch/v1", "{}");
  }

  private static String value(Decision decision, String variable) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    for (JsonNode entry : decision.pod().at("/spec/containers/0/env")) {
      if (entry.path("name").asText().equals(variable)) {
        return entry.path("value").asText();
      }
    }
    throw new AssertionError("there is no " + variable);
  }

  private static List<String> attributes(Decision decision) {
    return Arrays.asList(value(decision, "OTEL_RESOURCE_ATTRIBUTES").split(","));
  }

  private static List<Finding> untold(Decision decision) {
    return decision.findings().stream()
        .filter(finding -> finding.reason().equals("OwnerUntold"))
        .toList();
  }

  @Test
  @Compatibility("6.4-uids")
  void the_uid_of_a_Deployment_is_added_where_uids_are_asked_for() {
    Decision decision =
        scene("{addK8sUIDAttributes: true}", new ControlledBy("apps", "Deployment", "cart", "u-9"))
            .decide(podOfDeployment());

    assertThat(asked).containsExactly(REPLICA_SET);
    assertThat(attributes(decision))
        .contains(
            "k8s.deployment.name=cart",
            "k8s.deployment.uid=u-9",
            "k8s.replicaset.name=cart-7f9c",
            "k8s.replicaset.uid=u-1");
    assertThat(untold(decision)).isEmpty();
  }

  @Test
  void nobody_is_asked_for_a_Deployment_that_its_ReplicaSet_names() {
    Decision decision = scene("{}", new Untold("never")).decide(podOfDeployment());

    assertThat(asked).isEmpty();
    assertThat(attributes(decision)).contains("k8s.deployment.name=cart");
  }

  @Test
  @Compatibility("6.4-owners")
  void a_Job_that_was_made_by_hand_belongs_to_its_CronJob() {
    Decision decision =
        scene("{}", new ControlledBy("batch", "CronJob", "report", "u-9")).decide(podOfJob());

    assertThat(asked).containsExactly(JOB);
    assertThat(attributes(decision))
        .contains("k8s.cronjob.name=report", "k8s.job.name=by-hand")
        .noneMatch(attribute -> attribute.contains(".uid="));
    assertThat(value(decision, "OTEL_SERVICE_NAME")).isEqualTo("report");
  }

  @Test
  void a_Job_that_nothing_controls_is_what_the_pod_belongs_to() {
    Decision decision = scene("{}", new Uncontrolled()).decide(podOfJob());

    assertThat(value(decision, "OTEL_SERVICE_NAME")).isEqualTo("by-hand");
    assertThat(untold(decision)).isEmpty();
  }

  @Test
  void what_the_cluster_says_counts_before_what_names_do() {
    Decision decision =
        scene("{addK8sUIDAttributes: true}", new Uncontrolled()).decide(podOfDeployment());

    assertThat(attributes(decision))
        .contains("k8s.replicaset.uid=u-1")
        .noneMatch(attribute -> attribute.startsWith("k8s.deployment."));
  }

  @Test
  void a_controller_of_a_kind_that_is_not_known_names_no_service() {
    Decision decision =
        scene("{}", new ControlledBy("jobset.x-k8s.io", "JobSet", "train", "u-9"))
            .decide(podOfJob());

    assertThat(value(decision, "OTEL_SERVICE_NAME")).isEqualTo("by-hand");
  }

  @Test
  @Compatibility("6.4-waiting")
  @ShowsReason("OwnerUntold")
  void without_an_answer_the_uid_is_left_out_and_that_is_told() {
    Decision decision =
        scene("{addK8sUIDAttributes: true}", new Untold("the API server did not answer"))
            .decide(podOfDeployment());

    assertThat(attributes(decision))
        .contains("k8s.deployment.name=cart", "k8s.replicaset.uid=u-1")
        .noneMatch(attribute -> attribute.startsWith("k8s.deployment.uid"));
    assertThat(untold(decision))
        .singleElement()
        .satisfies(finding -> {
          assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE);
          assertThat(finding.message())
              .contains("ReplicaSet cart-7f9c", "the UID of Deployment cart", "did not answer");
        });
  }

  @Test
  void where_there_is_nobody_to_ask_nothing_is_told() {
    Decision decision = scene("{addK8sUIDAttributes: true}", null).decide(podOfDeployment());

    assertThat(attributes(decision)).contains("k8s.deployment.name=cart");
    assertThat(untold(decision)).isEmpty();
  }

  @Test
  void nobody_is_asked_for_a_pod_that_gets_nothing() {
    scene("{addK8sUIDAttributes: true}", new Untold("never"))
        .decide(podOfDeployment().replace("inject-quill: 'true'", "inject-quill: 'false'"));

    assertThat(asked).isEmpty();
  }
}
