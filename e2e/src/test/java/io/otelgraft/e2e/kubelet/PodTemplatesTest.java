package io.otelgraft.e2e.kubelet;

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
    assertThat(PodTemplates.pod(deployment)).isEqualTo(pod);
    assertThat(PodTemplates.pod(cronJob)).isEqualTo(pod);
    assertThat(PodTemplates.pod(pod)).isEqualTo(pod).isNotSameAs(pod);
  }

  @Test
  void what_has_no_template_has_no_pod() {
    assertThatThrownBy(() -> PodTemplates.pod(Manifests.object("{kind: Service, spec: {}}")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a Service has no template of a pod");
  }
}
