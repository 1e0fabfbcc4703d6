package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.ContainerImage;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents come into containers that may do little, in each of the ways that there are. */
final class DeliveryClusterIT extends ShopTests {

  /** Whether images can be mounted depends on the nodes, which Graft looks at by itself. */
  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  private static final String RESTRICTED =
      """
      allowPrivilegeEscalation: false
      readOnlyRootFilesystem: true
      runAsNonRoot: true
      runAsUser: 1234
      capabilities: {drop: [ALL]}
      seccompProfile: {type: RuntimeDefault}
      """;

  private ContainerImage agent(String language) {
    return switch (language) {
      case "java" -> images.javaAgent();
      case "nodejs" -> images.nodejsAgent();
      case "python" -> images.pythonAgent();
      default -> throw new IllegalArgumentException(language);
    };
  }

  private ObjectNode greeter(String language) {
    return shop.greeter(
        language,
        switch (language) {
          case "java" -> images.javaApp();
          case "nodejs" -> images.expressApp();
          case "python" -> images.flaskApp();
          default -> throw new IllegalArgumentException(language);
        });
  }

  /** The agents' images say nothing of a user, so that their own would be root. */
  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"java", "nodejs", "python"})
  void where_pods_are_restricted_and_their_files_read_only_agents_are_copied_and_report(
      String language) {
    cluster
        .kubectl()
        .run(
            "label",
            "namespace",
            shop.namespace().name(),
            "pod-security.kubernetes.io/enforce=restricted");
    shop.instrument(language, agent(language));
    ObjectNode deployment = greeter(language);
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
        .set("securityContext", Manifests.object(RESTRICTED));

    JsonNode pod = shop.deploy(deployment);

    assertThat(pod.at("/spec/initContainers")).hasSize(1);
    assertThat(shop.serverSpan("greeter-" + language).resource())
        .containsEntry("k8s.pod.name", pod.at("/metadata/name").asText());
  }

  @ParameterizedTest(name = "{0}")
  @ValueSource(strings = {"java", "nodejs", "python"})
  void an_agent_that_is_mounted_from_its_image_reports(String language) {
    shop.instrument(language, agent(language));
    ObjectNode deployment = greeter(language);
    deployment
        .withObject("/spec/template/metadata/annotations")
        .put("instrumentation.opentelemetry.io/agent-delivery", "image-volume");

    JsonNode pod = shop.deploy(deployment);

    assertThat(pod.path("spec").path("initContainers")).isEmpty();
    assertThat(pod.at("/spec/volumes").findValuesAsText("reference"))
        .containsExactly(cluster.load(agent(language)));
    assertThat(shop.serverSpan("greeter-" + language).resource())
        .containsEntry("telemetry.sdk.language", language);
  }

  /** The agent takes 24 MB, and the kubelet looks at volumes once a minute. */
  @Test
  void a_pod_that_may_use_less_than_the_agent_takes_is_not_evicted_for_it() {
    shop.instrument("java", agent("java"));
    ObjectNode deployment = greeter("java");
    ((ObjectNode) deployment.at("/spec/template/spec/containers/0"))
        .set("resources", Manifests.object("{limits: {ephemeral-storage: 10Mi}}"));

    JsonNode pod = shop.deploy(deployment);
    shop.namespace().apply(unraised(pod).toString());
    JsonNode evicted =
        shop.namespace()
            .await(
                "pod",
                "unraised",
                one -> one.at("/status/reason").asText().equals("Evicted"),
                Duration.ofMinutes(4));

    assertThat(evicted.at("/status/message").asText()).contains("ephemeral local storage", "10Mi");
    JsonNode still = shop.namespace().pod("app=greeter-java");
    assertThat(still.at("/metadata/uid")).isEqualTo(pod.at("/metadata/uid"));
    assertThat(still.at("/status/phase").asText()).isEqualTo("Running");
    assertThat(still.at("/spec/initContainers/0/resources/limits/ephemeral-storage").asText())
        .isEqualTo("510Mi");
  }

  /** The same pod, without what the container that copies the agent may use. */
  private static ObjectNode unraised(JsonNode pod) {
    ObjectNode copy = pod.deepCopy();
    copy.remove("status");
    copy.set("metadata", Manifests.object("{name: unraised}"));
    ((ObjectNode) copy.at("/spec/initContainers/0")).remove("resources");
    return copy;
  }
}
