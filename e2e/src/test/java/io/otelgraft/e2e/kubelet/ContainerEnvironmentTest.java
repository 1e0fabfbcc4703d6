package io.otelgraft.e2e.kubelet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.Manifests;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerEnvironmentTest {

  private static final ApiObjects OBJECTS =
      new ApiObjects(
          List.of(
              Manifests.object(
                  "{kind: ConfigMap, metadata: {name: settings, namespace: shop}, data: {COLOUR: red, SIZE: big}}"),
              Manifests.object(
                  "{kind: Secret, metadata: {name: keys, namespace: shop}, data: {PASSWORD: czNjcmV0}}")));

  private static Map<String, String> environment(String container) {
    JsonNode pod =
        Manifests.object(
            """
            kind: Pod
            metadata:
              name: greeter-1
              namespace: shop
              uid: 00000000-0000-0000-0000-000000000001
              labels: {app.kubernetes.io/name: greeter}
              annotations: {owner: "some\\nbody"}
            spec:
              nodeName: node-7
              serviceAccountName: greeter
              containers:
                - name: other
                  resources: {limits: {memory: 1Gi}}
            """);
    return new ContainerEnvironment(
            pod, new Node("node-7", "10.0.0.7"), OBJECTS, Path.of("nowhere"))
        .of(Manifests.object(container));
  }

  @Test
  void a_reference_sees_only_what_was_declared_before() {
    assertThat(
            environment(
                """
                env:
                  - {name: EARLY, value: $(LATE)}
                  - {name: LATE, value: now}
                  - {name: LATEST, value: $(LATE)-$(EARLY)}
                """))
        .containsExactly(
            entry("EARLY", "$(LATE)"), entry("LATE", "now"), entry("LATEST", "now-$(LATE)"));
  }

  @Test
  void of_two_entries_with_one_name_the_later_wins_and_sees_the_earlier() {
    assertThat(
            environment(
                """
                env:
                  - {name: OPTIONS, value: -Xmx64m}
                  - {name: OPTIONS, value: $(OPTIONS) -javaagent:/agent.jar}
                """))
        .containsExactly(entry("OPTIONS", "-Xmx64m -javaagent:/agent.jar"));
  }

  @Test
  void what_comes_with_envFrom_is_there_before_env_and_gives_way_to_it() {
    assertThat(
            environment(
                """
                envFrom:
                  - {configMapRef: {name: settings}}
                  - {secretRef: {name: keys}, prefix: DB_}
                  - {configMapRef: {name: nowhere, optional: true}}
                env:
                  - {name: SIZE, value: small}
                  - {name: URL, value: 'db:$(DB_PASSWORD)@$(COLOUR)'}
                """))
        .containsOnly(
            entry("COLOUR", "red"),
            entry("SIZE", "small"),
            entry("DB_PASSWORD", "s3cret"),
            entry("URL", "db:s3cret@red"));
  }

  @Test
  void values_come_from_config_maps_secrets_and_the_pod_itself() {
    assertThat(
            environment(
                """
                resources: {limits: {cpu: 1500m, memory: 64Mi}}
                env:
                  - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: COLOUR}}}
                  - {name: PASSWORD, valueFrom: {secretKeyRef: {name: keys, key: PASSWORD}}}
                  - {name: POD, valueFrom: {fieldRef: {fieldPath: metadata.name}}}
                  - {name: UID_, valueFrom: {fieldRef: {fieldPath: metadata.uid}}}
                  - {name: NODE, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}
                  - {name: HOST_IP, valueFrom: {fieldRef: {fieldPath: status.hostIP}}}
                  - {name: APP, valueFrom: {fieldRef: {fieldPath: "metadata.labels['app.kubernetes.io/name']"}}}
                  - {name: NOBODY, valueFrom: {fieldRef: {fieldPath: "metadata.labels['nobody']"}}}
                  - {name: CPUS, valueFrom: {resourceFieldRef: {resource: limits.cpu}}}
                  - {name: MEBIBYTES, valueFrom: {resourceFieldRef: {resource: limits.memory, divisor: 1Mi}}}
                  - {name: MILLICPUS, valueFrom: {resourceFieldRef: {resource: requests.cpu, divisor: 1m}}}
                  - {name: OTHERS, valueFrom: {resourceFieldRef: {containerName: other, resource: limits.memory}}}
                """))
        .containsExactly(
            entry("COLOUR", "red"),
            entry("PASSWORD", "s3cret"),
            entry("POD", "greeter-1"),
            entry("UID_", "00000000-0000-0000-0000-000000000001"),
            entry("NODE", "node-7"),
            entry("HOST_IP", "10.0.0.7"),
            entry("APP", "greeter"),
            entry("NOBODY", ""),
            entry("CPUS", "2"),
            entry("MEBIBYTES", "64"),
            entry("MILLICPUS", "1500"),
            entry("OTHERS", "1073741824"));
  }

  @Test
  void an_optional_value_that_is_missing_leaves_an_earlier_entry_in_force() {
    assertThat(
            environment(
                """
                env:
                  - {name: COLOUR, value: blue}
                  - {name: COLOUR, valueFrom: {configMapKeyRef: {name: settings, key: HUE, optional: true}}}
                  - {name: SHADE, valueFrom: {secretKeyRef: {name: nowhere, key: SHADE, optional: true}}}
                """))
        .containsExactly(entry("COLOUR", "blue"));
  }

  @Test
  void a_value_that_is_missing_and_needed_keeps_the_container_from_starting() {
    assertThatThrownBy(() ->
            environment(
                "env: [{name: HUE, valueFrom: {configMapKeyRef: {name: settings, key: HUE}}}]"))
        .isInstanceOf(PodFailedException.class)
        .hasMessage("CreateContainerConfigError: couldn't find key HUE in ConfigMap shop/settings");
    assertThatThrownBy(() -> environment("envFrom: [{secretRef: {name: nowhere}}]"))
        .isInstanceOf(PodFailedException.class)
        .hasMessage("CreateContainerConfigError: no Secret shop/nowhere");
  }

  @Test
  void an_entry_with_value_and_valueFrom_is_refused_as_the_API_server_does() {
    assertThatThrownBy(() ->
            environment(
                "env: [{name: A, value: a, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]"))
        .isInstanceOf(PodFailedException.class)
        .hasMessageContaining("valueFrom may not be specified when `value` is not empty");
  }
}
