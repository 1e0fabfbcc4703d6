package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Agent;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Container;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each word of the SPI's editor does to a pod. */
final class EditorTest {
  private static final String QUILL = inject("quill", "true");

  @Test
  void an_agent_that_is_a_folder_is_copied_into_a_volume_and_mounted() {
    JsonNode pod = injected(in -> edit(in, in.agent(directory("/agent"))));

    assertThat(pod.at("/spec/initContainers/0"))
        .hasToString(
            "{\"name\":\"opentelemetry-auto-instrumentation-quill\",\"image\":\"example.org/quill:1.0\","
                + "\"command\":[\"cp\",\"-r\",\"/agent/.\",\"/otel-auto-instrumentation\"],"
                + "\"volumeMounts\":[{\"name\":\"opentelemetry-auto-instrumentation-quill\","
                + "\"mountPath\":\"/otel-auto-instrumentation\"}]}");
    assertThat(pod.at("/spec/volumes"))
        .hasToString(
            "[{\"name\":\"opentelemetry-auto-instrumentation-quill\","
                + "\"emptyDir\":{\"sizeLimit\":\"500Mi\"}}]");
    assertThat(variable(pod, "QUILL_OPTIONS")).isEqualTo("/otel-auto-instrumentation");
  }

  @Test
  void an_agent_that_is_a_file_is_found_under_its_name() {
    JsonNode pod =
        injected(in -> edit(in, in.agent(AgentSource.file(in.section().image(), "/lib/agent.so"))));

    assertThat(pod.at("/spec/initContainers/0/command"))
        .hasToString("[\"cp\",\"/lib/agent.so\",\"/otel-auto-instrumentation/agent.so\"]");
    assertThat(variable(pod, "QUILL_OPTIONS")).isEqualTo("/otel-auto-instrumentation/agent.so");
  }

  @Test
  void parts_of_an_agent_share_a_folder_in_its_volume() {
    JsonNode pod =
        injected(in -> {
          Agent agent = in.agent(directory("/agent"));
          List<Agent> parts =
              List.of(
                  agent.part("extensions", "extension", AgentSource.directory("one:1", "/a")),
                  agent.part("extensions", "extension", AgentSource.directory("two:2", "/b")));
          for (Target target : in.targets()) {
            Container container = in.edit(target);
            agent.mountIn(container);
            parts.forEach(part -> container.env().append(Scene.OPTIONS, part.mountIn(container)));
          }
        });

    assertThat(pod.at("/spec/initContainers"))
        .extracting(init -> init.path("name").asText() + " " + init.path("command"))
        .containsExactly(
            "opentelemetry-auto-instrumentation-quill"
                + " [\"cp\",\"-r\",\"/agent/.\",\"/otel-auto-instrumentation\"]",
            "opentelemetry-auto-instrumentation-extension-0"
                + " [\"cp\",\"-r\",\"/a/.\",\"/otel-auto-instrumentation/extensions\"]",
            "opentelemetry-auto-instrumentation-extension-1"
                + " [\"cp\",\"-r\",\"/b/.\",\"/otel-auto-instrumentation/extensions\"]");
    assertThat(pod.at("/spec/volumes")).hasSize(1);
    assertThat(pod.at("/spec/containers/0/volumeMounts")).hasSize(1);
    assertThat(variable(pod, "QUILL_OPTIONS"))
        .isEqualTo("/otel-auto-instrumentation/extensions /otel-auto-instrumentation/extensions");
  }

  @Test
  @Compatibility("5-volume")
  void under_compatibility_operator_paths_limits_and_blanks_are_the_operators() {
    JsonNode pod =
        scene(in -> edit(in, in.agent(directory("/agent"))))
            .set("compatibility", "operator")
            .decide(pod(QUILL))
            .pod();

    assertThat(variable(pod, "QUILL_OPTIONS")).isEqualTo(" /otel-auto-instrumentation-quill");
    assertThat(pod.at("/spec/initContainers/0/volumeMounts/0/mountPath").asText())
        .isEqualTo("/otel-auto-instrumentation-quill");
    assertThat(pod.at("/spec/volumes/0/emptyDir/sizeLimit").asText()).isEqualTo("200Mi");
    assertThat(pod.at("/spec/initContainers/0").has("resources")).isTrue();
  }

  @Test
  @Compatibility({"1.1-pull-policy", "5-init-container", "5-volume"})
  void the_resource_says_how_the_agent_is_delivered() {
    JsonNode pod =
        Scene.empty()
            .with(
                new MadeUp("quill", 1)
                    .injecting(in -> {
                      Agent agent = in.agent(AgentSource.directory(in.section().image(), "/agent"));
                      agent.part("more", "more", directory("/more"));
                      edit(in, agent);
                    }))
            .with(
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: standard, namespace: shop}
                spec:
                  imagePullPolicy: Always
                  initContainerSecurityContext: {runAsUser: 1000}
                  quill:
                    image: registry/quill:2
                    volumeClaimTemplate:
                      spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}
                """)
            .decide(pod(QUILL))
            .pod();

    assertThat(pod.at("/spec/initContainers/0/image").asText()).isEqualTo("registry/quill:2");
    assertThat(pod.at("/spec/initContainers/0/imagePullPolicy").asText()).isEqualTo("Always");
    assertThat(pod.at("/spec/initContainers/1").has("imagePullPolicy"))
        .as("policy for an image that is not the agent's")
        .isFalse();
    assertThat(pod.at("/spec/initContainers/0/securityContext").toString())
        .isEqualTo("{\"runAsUser\":1000}");
    assertThat(pod.at("/spec/volumes/0/ephemeral/volumeClaimTemplate/spec/accessModes/0").asText())
        .isEqualTo("ReadWriteOnce");
    assertThat(pod.at("/metadata/annotations").toString()).doesNotContain("safe-to-evict");
  }

  @Test
  void a_claim_whose_name_would_be_too_long_for_the_API_server_is_refused_with_what_to_do() {
    Scene scene =
        Scene.empty()
            .with(new MadeUp("quill", 1).injecting(in -> edit(in, in.agent(directory("/agent")))))
            .with(
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: standard, namespace: shop}
                spec: {quill: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}
                """);
    // With the volume's name and a dash, 253 characters and one more.
    String fitting = "p".repeat(253 - "-opentelemetry-auto-instrumentation-quill-99".length());

    Decision fits = scene.decide(renamed(fitting));
    Decision tooLong = scene.decide(renamed(fitting + "p"));

    assertThat(fits.outcome()).as(fits.message()).isEqualTo(Outcome.INJECTED);
    assertThat(tooLong.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(tooLong.reason()).isEqualTo(Reasons.CLAIM_NAME_TOO_LONG);
    assertThat(tooLong.message())
        .contains("whose name has 210 characters where 209 fit", "shorten the pod's name");
  }

  private static PodRequest renamed(String name) {
    ObjectNode pod = Scene.tree(pod(QUILL));
    pod.withObject("/metadata").put("name", name);
    return PodTemplate.in(pod, "shop").getFirst().request();
  }

  @Test
  @Compatibility("2-certificates")
  void certificates_of_the_exporter_are_mounted_read_only() {
    JsonNode pod =
        Scene.empty()
            .with(new MadeUp("quill", 1))
            .with(
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: standard, namespace: shop}
                spec:
                  exporter:
                    endpoint: https://collector:4318
                    tls: {secretName: client, ca_file: ca.crt, cert_file: tls.crt, key_file: tls.key}
                """)
            .decide(pod(QUILL))
            .pod();

    assertThat(pod.at("/spec/volumes"))
        .anyMatch(volume -> volume.at("/secret/secretName").asText().equals("client"));
    assertThat(pod.at("/spec/containers/0/volumeMounts"))
        .anyMatch(mount -> mount.path("readOnly").asBoolean(false));
    assertThat(variable(pod, "OTEL_EXPORTER_OTLP_CERTIFICATE"))
        .isEqualTo("/otel-auto-instrumentation-secret-client/ca.crt");
  }

  @Test
  void a_command_is_wrapped_and_the_mount_of_a_path_replaced() {
    JsonNode pod =
        injected(
            "[{name: app, image: a, command: [run, it], volumeMounts: [{name: conf, mountPath:"
                + " /etc/x}]}]",
            in -> {
              var conf = in.scratch("conf");
              Container app = in.edit(in.targets().getFirst());
              app.wrapCommand(List.of("with", "quill"));
              conf.replace(app, "/etc/x/");
            });

    assertThat(pod.at("/spec/containers/0/command"))
        .hasToString("[\"with\",\"quill\",\"run\",\"it\"]");
    assertThat(pod.at("/spec/containers/0/volumeMounts"))
        .hasToString(
            "[{\"name\":\"opentelemetry-auto-instrumentation-quill-conf\",\"mountPath\":\"/etc/x/\"}]");
  }

  @Test
  void a_clone_has_what_its_target_has() {
    JsonNode pod =
        injected(
            "[{name: app, image: 'a:1', imagePullPolicy: Never, env: [{name: A, value: a}],"
                + " envFrom: [{configMapRef: {name: c}}], volumeMounts: [{name: v, mountPath: /v}],"
                + " securityContext: {runAsUser: 7}, ports: [{containerPort: 80}]}]",
            in -> in.cloneOf(in.targets().getFirst(), "clone").command("cp", "a", "b"));

    assertThat(pod.at("/spec/initContainers/0"))
        .isEqualTo(
            Scene.tree(
                """
                name: opentelemetry-auto-instrumentation-quill-clone
                image: a:1
                imagePullPolicy: Never
                envFrom: [{configMapRef: {name: c}}]
                env: [{name: A, value: a}]
                volumeMounts: [{name: v, mountPath: /v}]
                securityContext: {runAsUser: 7}
                command: [cp, a, b]
                """));
  }

  /** The API server takes such a container in a template; the clone it would take nowhere. */
  @ParameterizedTest
  @ValueSource(strings = {"{name: app}", "{name: app, image: ' '}"})
  void a_container_without_an_image_is_not_cloned(String container) {
    Decision decision =
        scene(in -> in.cloneOf(in.targets().getFirst(), "clone"))
            .decide(pod(QUILL, "[" + container + "]"));

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.NO_CONTAINER_IMAGE);
    assertThat(decision.message())
        .contains("container app names no image")
        .contains("name the image in the pod");
  }

  @Test
  void where_nobody_is_to_be_stopped_a_container_without_an_image_starts_without_the_language() {
    Decision decision =
        scene(in -> in.cloneOf(in.targets().getFirst(), "clone"))
            .set("admission.on-error", "allow")
            .decide(pod(QUILL, "[{name: app}]"));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.patch()).isEmpty();
    assertThat(decision.findings()).anyMatch(f -> f.reason().equals(Reasons.NO_CONTAINER_IMAGE));
  }

  @Test
  void a_clone_runs_as_its_target_does_and_has_the_env_of_the_section() {
    Decision decision =
        Scene.empty()
            .with(
                Scene.INSTRUMENTATION.replace(
                    "spec: {", "spec: {quill: {env: [{name: A, value: a}]}, "))
            .with(
                new MadeUp("quill", 1)
                    .injecting(in -> {
                      in.cloneOf(in.targets().getLast(), "clone");
                      in.init("prepare").prepares(in.targets().getLast());
                    }))
            .decide(
                pod(
                    QUILL + ", instrumentation.opentelemetry.io/container-names: 'app,other'",
                    "[{name: app, image: a}, {name: other, image: b, securityContext:"
                        + " {runAsNonRoot: true}}]"));
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);

    JsonNode clone = decision.pod().at("/spec/initContainers/0");
    assertThat(clone.path("securityContext")).hasToString("{\"runAsNonRoot\":true}");
    assertThat(clone.path("env")).hasToString("[{\"name\":\"A\",\"value\":\"a\"}]");
    assertThat(decision.pod().at("/spec/initContainers/1/securityContext/runAsUser").asInt())
        .as("another image's user under runAsNonRoot")
        .isEqualTo(65534);
  }

  @Test
  void a_container_that_prepares_something_for_a_target_sees_what_it_refers_to_and_no_more() {
    JsonNode pod =
        injected(
            "[{name: app, image: 'app:1', envFrom: [{prefix: C_, configMapRef: {name: c}}], env: ["
                + "{name: HOST, valueFrom: {configMapKeyRef: {name: c, key: h}}},"
                + "{name: OTHER, value: x}, {name: URL, value: 'http://$(HOST)'}]}]",
            in -> {
              Target app = in.targets().getFirst();
              in.edit(app);
              in.init("prepare")
                  .args("$(URL)", "$(C_KEY)", "$(NOBODY)", "$(C_no name)", "$$(OTHER)")
                  .prepares(app)
                  .env()
                  .setIfAbsent(
                      "WHERE", "http://$(OTEL_NODE_IP)/$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME)");
            });

    JsonNode init = pod.at("/spec/initContainers/0");
    assertThat(init.path("env"))
        .extracting(entry -> entry.path("name").asText())
        .containsExactly(
            "OTEL_RESOURCE_ATTRIBUTES_POD_NAME",
            "HOST",
            "URL",
            "OTEL_POD_IP",
            "OTEL_NODE_IP",
            "WHERE",
            "C_KEY");
    assertThat(init.has("envFrom")).isFalse();
  }

  @Test
  void a_mount_can_be_left_out() {
    JsonNode pod =
        injected(
            "[{name: app, image: a, volumeMounts: [{name: conf, mountPath: /etc/x/, readOnly:"
                + " true}, {name: data, mountPath: /data}]}]",
            in -> {
              Container app = in.edit(in.targets().getFirst());
              in.scratch("conf").mount(app.unmount("/etc/x").unmount("/nothing"), "/etc/x");
            });

    assertThat(pod.at("/spec/containers/0/volumeMounts"))
        .hasToString(
            "[{\"name\":\"data\",\"mountPath\":\"/data\"},"
                + "{\"name\":\"opentelemetry-auto-instrumentation-quill-conf\",\"mountPath\":\"/etc/x\"}]");
  }

  @Test
  void a_sidecar_that_speaks_for_a_container_gets_its_telemetry_and_the_container_none() {
    JsonNode pod =
        injected(
            "[{name: app, image: 'a:1', env: [{name: OTEL_SERVICE_NAME, value: mine}, {name: A,"
                + " value: a}]}]",
            in -> {
              in.shareProcesses();
              Target app = in.targets().getFirst();
              Container sidecar =
                  in.sidecar("probe")
                      .image("probe:1")
                      .args("--watch")
                      .securityContext(Map.of("runAsUser", 0))
                      .describes(app);
              sidecar.env().copy(app, "A").field("POD", "metadata.name");
              in.hostPath("debug", "/sys/kernel/debug").mount(sidecar, "/sys/kernel/debug");
            });

    JsonNode sidecar = pod.at("/spec/initContainers/0");
    assertThat(sidecar.path("restartPolicy").asText()).isEqualTo("Always");
    assertThat(sidecar.path("image").asText()).isEqualTo("probe:1");
    assertThat(sidecar.path("env"))
        .extracting(entry -> entry.path("name").asText() + "=" + entry.path("value").asText())
        .contains("OTEL_SERVICE_NAME=mine", "A=a", "POD=");
    assertThat(sidecar.path("env").toString()).contains("OTEL_RESOURCE_ATTRIBUTES");
    assertThat(pod.at("/spec/containers/0/env")).hasSize(2);
    assertThat(pod.at("/spec/shareProcessNamespace").asBoolean()).isTrue();
    assertThat(pod.at("/spec/volumes/0/hostPath/path").asText()).isEqualTo("/sys/kernel/debug");
  }

  @Test
  void what_the_resource_says_in_variables_is_seen_and_copied_with_them_filled_in() {
    List<String> seen = new ArrayList<>();
    Decision decision =
        Scene.empty()
            .with(
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: standard, namespace: shop}
                spec:
                  env:
                    - {name: PLACE, value: "${K8S_NAMESPACE}/${POD_UID}"}
                    - {name: TEAM, value: "${K8S_POD_LABELS_TEAM}"}
                """)
            .with(
                new MadeUp("quill", 1)
                    .examining((target, verdict) ->
                        seen.addAll(
                            List.of(
                                String.valueOf(target.env().get("PLACE").isPresent()),
                                String.valueOf(target.env().get("TEAM").isPresent()))))
                    .injecting(in -> {
                      Target app = in.targets().getFirst();
                      in.sidecar("probe").env().copy(app, "PLACE").copy(app, "TEAM");
                    }))
            .decide(pod(QUILL));

    assertThat(seen).containsExactly("true", "false");
    assertThat(decision.pod().at("/spec/initContainers/0/env"))
        .extracting(entry -> entry.path("name").asText() + "=" + entry.path("value").asText())
        .containsExactly(
            "OTEL_RESOURCE_ATTRIBUTES_POD_UID=", "PLACE=shop/$(OTEL_RESOURCE_ATTRIBUTES_POD_UID)");
  }

  @Test
  void what_a_plugin_may_not_do_costs_it_the_pod_and_the_pod_nothing() {
    ListVariable undeclared = ListVariable.of("OTHER", ":", EmptyItem.NOTHING);
    List<Target> foreign = new ArrayList<>();
    scene(in -> foreign.add(in.targets().getFirst())).decide(pod(QUILL));

    expectFailure(
        in -> in.edit(in.targets().getFirst()).env().append(undeclared, "x"),
        "does not declare the list variable OTHER");
    expectFailure(
        in -> in.edit(in.targets().getFirst()).wrapCommand(List.of("x")),
        "container app has no explicit command");
    expectFailure(
        in -> in.edit(in.targets().getFirst()).command("x"),
        "container app is the pod's own: its command is not changed");
    expectFailure(
        in -> in.agent(directory("/a")).part("x", "x", AgentSource.file("b:1", "/b.so")),
        "/b.so is a file: a part is a directory");
    expectFailure(in -> in.edit(foreign.getFirst()), "is not a target of this injection");
  }

  private static void expectFailure(Consumer<Injection> injection, String message) {
    Decision decision = scene(injection).decide(pod(QUILL));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.warnings()).singleElement().asString().contains(message);
  }

  private static AgentSource directory(String path) {
    return AgentSource.directory("example.org/quill:1.0", path);
  }

  /** Mounts the agent in every target, and shows the path in a variable. */
  private static void edit(Injection in, Agent agent) {
    for (Target target : in.targets()) {
      Container container = in.edit(target);
      container.env().append(Scene.OPTIONS, agent.mountIn(container));
    }
  }

  private static Scene scene(Consumer<Injection> injection) {
    return Scene.empty()
        .with(Scene.INSTRUMENTATION)
        .with(new MadeUp("quill", 1).injecting(injection));
  }

  private static JsonNode injected(Consumer<Injection> injection) {
    return injected("[{name: app, image: 'app:1'}]", injection);
  }

  private static JsonNode injected(String containers, Consumer<Injection> injection) {
    Decision decision = scene(injection).decide(pod(QUILL, containers));
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    return decision.pod();
  }

  private static String variable(JsonNode pod, String name) {
    for (JsonNode entry : pod.at("/spec/containers/0/env")) {
      if (entry.path("name").asText().equals(name)) {
        return entry.path("value").asText();
      }
    }
    return null;
  }
}
