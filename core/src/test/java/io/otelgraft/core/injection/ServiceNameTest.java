package io.otelgraft.core.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.otelgraft.core.resource.Settings.Convention;
import io.otelgraft.fixtures.Compatibility;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ServiceNameTest {
  private static final String USES_LABELS = "defaults: {useLabelsForResourceAttributes: true}";

  @Test
  void a_pod_without_a_say_is_named_by_its_label_app_as_the_specification_has_it() {
    assertThat(TelemetryStory.ofDeployment().started().service()).isEqualTo("web");
  }

  @Test
  @Compatibility("6.2.1-service-name")
  void under_the_operators_rule_it_is_named_by_its_deployment() {
    assertThat(TelemetryStory.ofDeployment().asTheOperatorDoes().started().service())
        .isEqualTo("cart");
  }

  @Test
  void the_pods_own_variable_wins_over_everything() {
    var story =
        TelemetryStory.of(
                """
                metadata:
                  annotations: {resource.opentelemetry.io/service.name: annotated}
                  labels: {app: web}
                spec:
                  containers:
                  - name: app
                    env: [{name: OTEL_SERVICE_NAME, value: mine}]
                """)
            .with("{env: [{name: OTEL_SERVICE_NAME, value: shared}]}");

    assertThat(story.started().service()).isEqualTo("mine");
    assertThat(story.telemetry().serviceName()).isEqualTo("mine");
  }

  @Test
  @Compatibility("6.2.1-name-among-attributes")
  void a_name_among_the_pods_own_attributes_is_not_beaten_by_the_variable() {
    var story =
        TelemetryStory.ofDeployment(
                "env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: 'service.name=my%20shop'}]")
            .with("{env: [{name: OTEL_SERVICE_NAME, value: shared}]}");

    assertThat(story.names()).doesNotContain("OTEL_SERVICE_NAME");
    assertThat(story.started().service()).isEqualTo("my shop");
    assertThat(story.telemetry().serviceName()).isEqualTo("my shop");
  }

  @Test
  void an_annotation_on_the_pod_wins_over_what_the_resource_says_for_all_pods() {
    var story =
        TelemetryStory.of(
                """
                metadata: {annotations: {resource.opentelemetry.io/service.name: annotated}}
                spec: {containers: [{name: app}]}
                """)
            .with(
                """
                env: [{name: OTEL_SERVICE_NAME, value: shared}]
                resource: {resourceAttributes: {service.name: attribute}}
                """);

    assertThat(story.started().service()).isEqualTo("annotated");
    assertThat(story.asTheOperatorDoes().started().service()).isEqualTo("shared");
  }

  @Test
  @Compatibility("6.2.1-name-among-attributes")
  void a_name_among_the_resources_attributes_is_not_beaten_by_a_derived_one() {
    var story =
        TelemetryStory.ofDeployment().with("resource: {resourceAttributes: {service.name: cr}}");

    assertThat(story.started().service()).isEqualTo("cr");
    assertThat(story.asTheOperatorDoes().started().service()).isEqualTo("cr");
    assertThat(story.started().attributes()).doesNotContainKey("service.name");
  }

  @Test
  void the_specifications_naming_convention_gives_namespace_and_label() {
    var story =
        TelemetryStory.ofDeployment()
            .with(
                """
                resource:
                  resourceAttributes:
                  - key: service.name
                    value: ${K8S_NAMESPACE}.${K8S_POD_LABELS_APP}
                    action: upsert
                """);

    assertThat(story.started().service()).isEqualTo("shop.web");
  }

  @Test
  void a_convention_that_asks_for_a_label_the_pod_lacks_falls_back_and_says_so() {
    var story =
        TelemetryStory.of("{metadata: {name: lone}, spec: {containers: [{name: app}]}}")
            .with("resource: {resourceAttributes: {service.name: 'x.${K8S_POD_LABELS_APP}'}}");

    assertThat(story.started().service()).isEqualTo("lone");
    assertThat(story.telemetry().notes())
        .extracting(Note::reason, Note::message)
        .contains(
            tuple(
                "VariableWithoutValue",
                "${K8S_POD_LABELS_APP} in service.name in spec.resource.resourceAttributes of"
                    + " shop/main has no value for this pod: it is left out"));
  }

  @Test
  @Compatibility("6.2.1-service-name")
  void labels_name_the_service_where_the_resource_uses_them_the_instance_first() {
    String pod =
        """
        metadata:
          labels:
            app: web
            app.kubernetes.io/name: cart
            app.kubernetes.io/instance: cart-eu
        spec: {containers: [{name: app}]}
        """;

    assertThat(TelemetryStory.of(pod).started().service()).isEqualTo("web");
    assertThat(TelemetryStory.of(pod).with(USES_LABELS).started().service()).isEqualTo("cart-eu");
    assertThat(
            TelemetryStory.of(pod)
                .with(
                    """
                    defaults: {useLabelsForResourceAttributes: true}
                    resource:
                      resourceAttributes: [{key: service.name, value: late, action: insert}]
                    """)
                .started()
                .service())
        .isEqualTo("cart-eu");
  }

  @Test
  void an_attribute_to_insert_names_the_service_before_its_owners_do() {
    assertThat(
            TelemetryStory.ofDeployment()
                .with(
                    "resource: {resourceAttributes: [{key: service.name, value: late, action:"
                        + " insert}]}")
                .started()
                .service())
        .isEqualTo("late");
  }

  @Test
  void a_resource_that_deletes_the_name_leaves_it_to_the_sdk() {
    var story =
        TelemetryStory.ofDeployment()
            .with("resource: {resourceAttributes: [{key: service.name, action: delete}]}");

    assertThat(story.names()).doesNotContain("OTEL_SERVICE_NAME");
    assertThat(story.telemetry().serviceName()).isEmpty();
  }

  @Test
  @Compatibility("6.2.1-own-attributes")
  void a_deployment_name_that_the_user_sets_does_not_turn_the_replica_set_into_the_service() {
    var story =
        TelemetryStory.ofDeployment(
                "env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: k8s.deployment.name=other}]")
            .asTheOperatorDoes();

    assertThat(story.started().service()).isEqualTo("cart");
    assertThat(story.started().attributes()).containsEntry("k8s.deployment.name", "other");
  }

  @Test
  @Compatibility("6.2.1-own-attributes")
  void a_pod_name_that_the_user_sets_does_not_turn_the_container_into_the_service() {
    var story =
        TelemetryStory.of(
                """
                metadata: {name: lone}
                spec:
                  containers:
                  - name: app
                    env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: k8s.pod.name=other}]
                """)
            .asTheOperatorDoes();

    assertThat(story.started().service()).isEqualTo("lone");
  }

  @Test
  void a_name_that_may_hide_behind_a_reference_wins_over_the_derived_one() {
    var story =
        TelemetryStory.ofDeployment(
            "env:",
            "- name: OTEL_RESOURCE_ATTRIBUTES",
            "  valueFrom: {configMapKeyRef: {name: otel, key: attrs}}");

    assertThat(story.started(Map.of("attrs", "service.name=hidden,team=a")).service())
        .isEqualTo("hidden");
    assertThat(story.started(Map.of("attrs", "team=a")).service()).isEqualTo("web");
  }

  @Test
  void a_name_by_reference_is_passed_on_as_a_reference() {
    var story =
        TelemetryStory.ofDeployment(
            "env:",
            "- name: OTEL_SERVICE_NAME",
            "  valueFrom: {configMapKeyRef: {name: otel, key: name}}");

    assertThat(story.started(Map.of("name", "mapped")).service()).isEqualTo("mapped");
    assertThat(story.telemetry().serviceName()).isEqualTo("$(OTEL_SERVICE_NAME)");
  }

  @Test
  void the_operators_configured_name_counts_where_the_resource_has_none() {
    var story =
        TelemetryStory.ofDeployment()
            .configured(settings -> settings.env("OTEL_SERVICE_NAME", "configured"));

    assertThat(story.started().service()).isEqualTo("configured");
    assertThat(story.with("resource: {resourceAttributes: {service.name: cr}}").started().service())
        .isEqualTo("cr");
  }

  /** Without reading the owner, for which the reference waits six seconds if it is not there. */
  @Test
  @Compatibility({"6.4-owners", "6.4-waiting", "6.4-other-kinds"})
  void owners_are_told_by_the_names_that_controllers_give_without_waiting_for_them() {
    assertThat(owned("apps/v1", "ReplicaSet", "cart-7f9c", "{pod-template-hash: 7f9c}"))
        .isEqualTo("cart");
    assertThat(owned("apps/v1", "ReplicaSet", "cart-55", "{rollouts-pod-template-hash: '55'}"))
        .isEqualTo("cart");
    assertThat(owned("apps/v1", "ReplicaSet", "lone-7f9c", "{}")).isEqualTo("lone-7f9c");
    assertThat(owned("batch/v1", "Job", "backup-29384756", "{}")).isEqualTo("backup");
    assertThat(owned("batch/v1", "Job", "report-20260131", "{}")).isEqualTo("report-20260131");
    assertThat(owned("apps/v1", "StatefulSet", "db", "{}")).isEqualTo("db");
    assertThat(owned("apps/v1", "DaemonSet", "logs", "{}")).isEqualTo("logs");
    assertThat(owned("v1", "ReplicationController", "old", "{}")).isEqualTo("old");
    assertThat(owned("apps.kruise.io/v1", "CloneSet", "c", "{}")).isEqualTo("app");
  }

  /** The reference takes the kind alone: a Volcano Job for one of Kubernetes. */
  @Test
  @Compatibility("6.4-kind-alone")
  void an_owner_of_another_API_is_not_taken_for_the_one_of_the_same_name() {
    assertThat(owned("batch.volcano.sh/v1alpha1", "Job", "train-29384756", "{}")).isEqualTo("app");
    assertThat(owned("example.com/v1", "ReplicaSet", "cart-7f9c", "{pod-template-hash: 7f9c}"))
        .isEqualTo("app");
  }

  /** The reference follows every owner; one that is no controller only shares the pod's end. */
  @Test
  @Compatibility("6.4-several-owners")
  void only_the_controller_owns() {
    assertThat(
            named(
                "{}",
                """
                [{apiVersion: apps/v1, kind: Deployment, name: collected-with},
                 {apiVersion: apps/v1, kind: StatefulSet, name: db, controller: true}]
                """))
        .isEqualTo("db");
    assertThat(named("{}", "[{apiVersion: apps/v1, kind: Deployment, name: collected-with}]"))
        .isEqualTo("app");
  }

  private static String owned(String apiVersion, String kind, String name, String labels) {
    return named(
        labels,
        "[{apiVersion: %s, kind: %s, name: %s, controller: true}]"
            .formatted(apiVersion, kind, name));
  }

  private static String named(String labels, String owners) {
    return TelemetryStory.of(
            """
            metadata:
              generateName: some-
              labels: %s
              ownerReferences: %s
            spec: {containers: [{name: app}]}
            """
                .formatted(labels, owners.strip().replace("\n", " ")))
        .started()
        .service();
  }

  @Test
  @Compatibility("6.4-other-kinds")
  void a_deployment_config_is_found_behind_its_replication_controller() {
    String pod =
        """
        metadata:
          annotations: {openshift.io/deployment-config.name: cart}
          ownerReferences: [{apiVersion: v1, kind: ReplicationController, name: cart-3, controller: true}]
        spec: {containers: [{name: app}]}
        """;

    assertThat(TelemetryStory.of(pod).started().service()).isEqualTo("cart");
    assertThat(
            TelemetryStory.of(pod)
                .configured(settings -> settings.serviceNameRule(Convention.OPERATOR))
                .started()
                .service())
        .isEqualTo("app");
  }

  @Test
  void every_pod_of_a_template_gets_the_workloads_name() {
    var template =
        TelemetryStory.tree("{metadata: {labels: {tier: front}}, spec: {containers: []}}");

    assertThat(
            PodFacts.ofTemplate(template, "shop", "CronJob", "backup").owner(Owner.Kind.CRON_JOB))
        .contains("backup");
  }
}
