package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.document.Json;
import io.otelgraft.spi.Reason;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of a workload's pods is told to who applies it. */
final class WorkloadReviewTest {
  private static final String TYPO = inject("quill", "standrad");

  @ParameterizedTest
  @CsvSource({
    "apps/v1, Deployment, deployments",
    "apps/v1, StatefulSet, statefulsets",
    "apps/v1, DaemonSet, daemonsets",
    "apps/v1, ReplicaSet, replicasets",
    "v1, ReplicationController, replicationcontrollers",
    "batch/v1, Job, jobs",
  })
  void that_pods_will_be_rejected_is_the_first_thing_that_is_said(
      String apiVersion, String kind, String resource) {
    String workload =
        workload(TYPO).replace("apps/v1", apiVersion).replace("kind: Deployment", "kind: " + kind);

    Answer answer = review(Scene.standard(), resource, "CREATE", workload, "null");

    expectAllowedUnchanged(answer);
    assertThat(answer.warnings())
        .singleElement()
        .asString()
        .startsWith("graft: pods of this " + kind + " will be rejected: ")
        .contains("standrad", "standard");
  }

  @Test
  void the_template_of_a_CronJob_is_found_in_its_jobs() {
    String cronJob =
        """
        apiVersion: batch/v1
        kind: CronJob
        metadata: {name: report, namespace: shop}
        spec:
          jobTemplate:
            spec:
              template:
                metadata: {annotations: {%s}}
                spec: {containers: [{name: app, image: 'app:1.2'}]}
        """
            .formatted(TYPO);

    Answer answer = review(Scene.standard(), "cronjobs", "CREATE", cronJob, "null");

    expectAllowedUnchanged(answer);
    assertThat(answer.warnings()).singleElement().asString().contains("this CronJob will be");
  }

  @Test
  void what_a_pod_would_be_warned_of_is_told() {
    Scene scene =
        Scene.empty()
            .with(Scene.INSTRUMENTATION)
            .with(
                new MadeUp("quill", 10)
                    .examining((target, verdict) ->
                        verdict.standDown(Reason.of("TooOld", "it is too old"), "version 1")));

    Answer answer =
        review(scene, "deployments", "CREATE", workload(inject("quill", "true")), "null");

    expectAllowedUnchanged(answer);
    assertThat(answer.warnings())
        .singleElement()
        .asString()
        .startsWith(
            "graft: pods of this Deployment: container app is left as it is: it is too old");
  }

  @ParameterizedTest
  @CsvSource({"''", "'instrumentation.opentelemetry.io/inject-quill: \"false\"'"})
  void a_template_that_asks_for_nothing_is_not_spoken_of(String annotations) {
    expectSilence(review(Scene.standard(), "deployments", "CREATE", workload(annotations), "null"));
  }

  @Test
  void a_template_whose_pods_will_be_injected_is_not_spoken_of() {
    expectSilence(
        review(
            Scene.standard(), "deployments", "CREATE", workload(inject("quill", "true")), "null"));
  }

  @Test
  void a_warning_is_not_repeated_when_the_template_stays_as_it_was() {
    String scaled = workload(TYPO).replace("replicas: 1", "replicas: 7");

    expectSilence(review(Scene.standard(), "deployments", "UPDATE", scaled, workload(TYPO)));
  }

  @Test
  void a_template_that_changes_is_looked_at_anew() {
    String renamed = workload(TYPO).replace("app:1.2", "app:1.3");

    Answer answer = review(Scene.standard(), "deployments", "UPDATE", renamed, workload(TYPO));

    assertThat(answer.warnings()).hasSize(1);
  }

  @Test
  void what_a_controller_makes_was_reviewed_with_its_owner() {
    String owned =
        workload(TYPO)
            .replace("kind: Deployment", "kind: ReplicaSet")
            .replace(
                "namespace: shop",
                "namespace: shop, ownerReferences: [{kind: Deployment, name: cart, controller: true}]");

    expectSilence(review(Scene.standard(), "replicasets", "CREATE", owned, "null"));
  }

  @Test
  void a_workload_in_an_excluded_namespace_is_not_spoken_of() {
    Scene scene = Scene.standard().set("excluded-namespaces", "shop");

    expectSilence(review(scene, "deployments", "CREATE", workload(TYPO), "null"));
  }

  @Test
  void a_deletion_is_not_spoken_of() {
    expectSilence(review(Scene.standard(), "deployments", "DELETE", "null", workload(TYPO)));
  }

  @Test
  void a_subresource_is_left_alone_and_the_rule_that_sent_it_named() {
    Answer answer =
        review(Scene.standard(), "deployments/scale", "UPDATE", workload(TYPO), workload(TYPO));

    expectAllowedUnchanged(answer);
    assertThat(answer.warnings())
        .singleElement()
        .asString()
        .contains("Deployment deployments/scale", "webhook configuration");
  }

  @Test
  void a_workload_whose_template_is_none_is_left_to_the_API_server() {
    expectSilence(
        review(
            Scene.standard(),
            "deployments",
            "CREATE",
            "{apiVersion: apps/v1, kind: Deployment, metadata: {name: a}, spec: {template: 7}}",
            "null"));
  }

  private static Answer review(
      Scene scene, String resource, String operation, String object, String oldObject) {
    return Reviewer.ofWorkloads(scene.admission())
        .review(Scene.review(resource, operation, object, oldObject));
  }

  private static void expectAllowedUnchanged(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.allowed()).isTrue();
    assertThat(Json.read(answer.body()).path("response").fieldNames())
        .toIterable()
        .containsExactly("uid", "allowed", "warnings");
  }

  private static void expectSilence(Answer answer) {
    assertThat(answer.status()).isEqualTo(200);
    assertThat(Json.read(answer.body()).path("response"))
        .hasToString("{\"uid\":\"u-1\",\"allowed\":true}");
  }

  private static String workload(String annotations) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: cart, namespace: shop}
    spec:
      replicas: 1
      template:
        metadata: {annotations: {%s}}
        spec: {containers: [{name: app, image: 'app:1.2'}]}
    """
        .formatted(annotations);
  }
}
