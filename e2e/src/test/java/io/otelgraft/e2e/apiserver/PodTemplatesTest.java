package io.otelgraft.e2e.apiserver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import org.junit.jupiter.api.Test;

class PodTemplatesTest {

  @Test
  void a_pod_of_a_workload_is_its_template_named_after_it() {
    ObjectNode pod =
        Manifests.object(
            """
            kind: Pod
            apiVersion: v1
            metadata: {generateName: greeter-, namespace: shop, labels: {app: greeter}}
            spec: {containers: [{name: app}]}
            """);
    ObjectNode cronJob =
        Manifests.object(
            """
            kind: CronJob
            metadata: {name: greeter, namespace: shop}
            spec:
              jobTemplate:
                spec:
                  template:
                    metadata: {labels: {app: greeter}}
                    spec: {containers: [{name: app}]}
            """);
    assertThat(PodTemplates.pod(cronJob)).isEqualTo(pod);
    assertThat(PodTemplates.pod(pod)).isEqualTo(pod).isNotSameAs(pod);
  }

  @Test
  void a_pod_of_a_Deployment_belongs_to_the_ReplicaSet_between_them() {
    ObjectNode deployment =
        Manifests.object(
            """
            kind: Deployment
            metadata: {name: greeter, namespace: shop}
            spec:
              template:
                metadata: {labels: {app: greeter}}
                spec: {containers: [{name: app}]}
            """);
    ObjectNode pod = PodTemplates.pod(deployment);
    String hash = pod.at("/metadata/labels/pod-template-hash").asText();
    assertThat(hash).matches("[b-z2-9]{5,10}");
    ObjectNode expected =
        Manifests.object(
            """
            kind: Pod
            apiVersion: v1
            metadata:
              generateName: greeter-HASH-
              namespace: shop
              labels: {app: greeter, pod-template-hash: HASH}
              ownerReferences:
                - apiVersion: apps/v1
                  kind: ReplicaSet
                  name: greeter-HASH
                  uid: UID
                  controller: true
                  blockOwnerDeletion: true
            spec: {containers: [{name: app}]}
            """
                .replace("HASH", hash)
                .replace("UID", pod.at("/metadata/ownerReferences/0/uid").asText()));
    assertThat(pod).isEqualTo(expected).isEqualTo(PodTemplates.pod(deployment));

    ((ObjectNode) deployment.at("/spec/template/metadata/labels")).put("tier", "front");
    assertThat(PodTemplates.pod(deployment).at("/metadata/generateName"))
        .as("another template is another ReplicaSet")
        .isNotEqualTo(pod.at("/metadata/generateName"));
  }

  @Test
  void what_has_no_template_has_no_pod() {
    assertThatThrownBy(() -> PodTemplates.pod(Manifests.object("{kind: Service, spec: {}}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a Service has no template of a pod");
  }
}
