package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Need;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How agents get into pods: by copy, or as image volumes. */
final class DeliveryTest {

  private static final String ASKED = Annotations.AGENT_DELIVERY + ": image-volume";
  private static final String QUILL = inject("quill", "true");

  /** A cluster that takes image volumes. */
  private static Scene modern() {
    return in(Scene.standard(), "v1.35.2", "containerd://2.2.0,cri-o://1.33.1");
  }

  private static Scene in(Scene scene, String version, String runtimes) {
    return scene.set("cluster.version", version).set("cluster.runtimes", runtimes);
  }

  private static Scene withResource(String field) {
    Scene scene =
        Scene.empty()
            .with(new MadeUp("quill", 10))
            .with(Scene.INSTRUMENTATION.replace("spec: {", "spec: {" + field + ", "));
    return in(scene, "1.35", "containerd://2.2.0");
  }

  private static void expectMounted(Decision decision) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    assertThat(decision.pod().path("spec").has("initContainers")).isFalse();
    assertThat(decision.pod().at("/spec/volumes/0/image/reference").asText())
        .isEqualTo("example.org/quill:1.0");
  }

  private static void expectCopied(Decision decision) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    assertThat(decision.pod().at("/spec/initContainers/0/command/0").asText()).isEqualTo("cp");
    assertThat(decision.pod().at("/spec/volumes/0").has("emptyDir")).isTrue();
  }

  private static List<String> reasons(Decision decision) {
    List<String> reasons = new ArrayList<>();
    decision.findings().forEach(finding -> reasons.add(finding.reason()));
    return reasons;
  }

  @Test
  void agents_are_copied_unless_somebody_asks_for_more() {
    expectCopied(modern().decide(pod(QUILL)));
  }

  @Test
  void what_is_copied_takes_no_more_than_the_resource_says() {
    Decision decision = withResource("quill: {volumeLimitSize: 300Mi}").decide(pod(QUILL));

    expectCopied(decision);
    assertThat(decision.pod().at("/spec/volumes/0/emptyDir/sizeLimit").asText()).isEqualTo("300Mi");
  }

  @Test
  void an_image_is_mounted_read_only_where_the_agent_is_in_it_and_no_init_container_runs() {
    Decision decision = modern().set("agent-delivery", "image-volume").decide(pod(QUILL));

    expectMounted(decision);
    assertThat(decision.pod().at("/spec/containers/0/volumeMounts/0"))
        .isEqualTo(
            Scene.tree(
                "{name: opentelemetry-auto-instrumentation-quill,"
                    + " mountPath: /otel-auto-instrumentation, readOnly: true, subPath: agent}"));
    assertThat(decision.pod().at("/metadata/annotations").has(Annotations.SAFE_TO_EVICT))
        .as("an image volume does not keep a pod from being evicted")
        .isFalse();
    assertThat(decision.pod().at("/metadata/annotations").path(Annotations.MARK).asText())
        .contains("\"delivery\":\"image-volume\"");
    assertThat(decision.warnings()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "/agent.so, '', /agent.so",
    "/opt/quill/agent.so, opt/quill, /agent.so",
  })
  void a_single_file_is_found_in_the_directory_that_is_mounted(
      String file, String directory, String found) {
    Scene scene =
        Scene.empty()
            .with(
                new MadeUp("quill", 10)
                    .injecting(injection -> {
                      var agent =
                          injection.agent(AgentSource.file(injection.section().image(), file));
                      var container = injection.edit(injection.targets().getFirst());
                      container.env().append(Scene.OPTIONS, agent.mountIn(container));
                    }))
            .with(Scene.INSTRUMENTATION)
            .set("agent-delivery", "image-volume");

    Decision decision = in(scene, "1.36", "containerd://2.3.1").decide(pod(QUILL));

    JsonNode container = decision.pod().at("/spec/containers/0");
    assertThat(container.at("/volumeMounts/0/subPath").asText()).isEqualTo(directory);
    assertThat(container.path("env").findValuesAsText("value"))
        .contains("/otel-auto-instrumentation" + found);
  }

  @Test
  void parts_are_mounted_from_their_own_images_beside_the_agent() {
    Scene scene =
        Scene.empty()
            .with(
                new MadeUp("quill", 10)
                    .injecting(injection -> {
                      var agent =
                          injection.agent(AgentSource.directory(injection.section().image(), "/"));
                      var container = injection.edit(injection.targets().getFirst());
                      List<String> paths = new ArrayList<>(List.of(agent.mountIn(container)));
                      for (String image : List.of("ink:1", "nib:2")) {
                        paths.add(
                            agent
                                .part("more", "extra", AgentSource.directory(image, "/files/"))
                                .mountIn(container));
                      }
                      container.env().append(Scene.OPTIONS, String.join(",", paths));
                    }))
            .with(Scene.INSTRUMENTATION)
            .set("agent-delivery", "image-volume");

    Decision decision = in(scene, "1.36", "containerd://2.3.1").decide(pod(QUILL));

    JsonNode spec = decision.pod().path("spec");
    assertThat(spec.has("initContainers")).isFalse();
    assertThat(spec.path("volumes").findValuesAsText("reference"))
        .containsExactly("example.org/quill:1.0", "ink:1", "nib:2");
    assertThat(spec.at("/containers/0/volumeMounts").findValuesAsText("mountPath"))
        .containsExactly(
            "/otel-auto-instrumentation",
            "/otel-auto-instrumentation-more",
            "/otel-auto-instrumentation-more-2");
    assertThat(spec.at("/containers/0/volumeMounts").findValuesAsText("subPath"))
        .containsExactly("files", "files");
    assertThat(spec.at("/containers/0/env").findValuesAsText("value"))
        .contains(
            "/otel-auto-instrumentation,/otel-auto-instrumentation-more,"
                + "/otel-auto-instrumentation-more-2");
  }

  @Test
  void the_pull_policy_of_the_resource_holds_for_the_volume() {
    Decision decision =
        withResource("agentDelivery: image-volume, imagePullPolicy: Always").decide(pod(QUILL));

    expectMounted(decision);
    assertThat(decision.pod().at("/spec/volumes/0/image/pullPolicy").asText()).isEqualTo("Always");
  }

  @Test
  void the_pod_says_before_its_namespace_that_before_the_resource_that_before_the_operator() {
    Scene mounted = withResource("agentDelivery: image-volume").set("agent-delivery", "copy");
    String copying = Annotations.AGENT_DELIVERY + ": copy";

    expectMounted(mounted.decide(pod(QUILL)));
    expectCopied(mounted.decide(pod(QUILL + ", " + copying)));
    mounted.with(
        """
        apiVersion: v1
        kind: Namespace
        metadata: {name: shop, annotations: {%s}}
        """
            .formatted(copying));
    expectCopied(mounted.decide(pod(QUILL)));
    expectMounted(mounted.decide(pod(QUILL + ", " + ASKED)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "1.34  | containerd://2.2.0                    | Kubernetes 1.34 has no image volumes",
        "1.36  | containerd://2.2.0,containerd://2.1.6 | containerd://2.1.6 cannot mount parts",
        "1.36  | cri-o://1.32.4                        | cri-o://1.32.4 cannot mount parts",
        "1.36  | docker://29.6.2                       | docker://29.6.2 cannot mount parts",
      })
  void a_pod_that_asks_for_what_its_cluster_lacks_is_refused_with_the_reason(
      String version, String runtimes, String reason) {
    Decision decision = in(Scene.standard(), version, runtimes).decide(pod(QUILL + ", " + ASKED));

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.IMAGE_VOLUMES_UNAVAILABLE);
    assertThat(decision.message()).contains(reason).contains("agent-delivery: copy");
  }

  @Test
  void a_cluster_of_which_nothing_is_known_is_not_trusted_with_it() {
    Decision decision = Scene.standard().decide(pod(QUILL + ", " + ASKED));

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.message()).contains("setting cluster.version");
    assertThat(
            Scene.standard()
                .set("cluster.version", "1.36")
                .decide(pod(QUILL + ", " + ASKED))
                .message())
        .contains("setting cluster.runtimes");
  }

  @Test
  void what_a_pod_did_not_ask_for_itself_costs_it_nothing() {
    Decision decision =
        in(withResource("agentDelivery: image-volume"), "1.33", "containerd://2.0.0")
            .decide(pod(QUILL));

    expectCopied(decision);
    assertThat(decision.warnings())
        .singleElement()
        .asString()
        .contains("spec.agentDelivery of shop/standard", "Kubernetes 1.33", "it is copied");
  }

  @ParameterizedTest
  @ValueSource(strings = {"WRITABLE_AGENT", "EXECUTABLE_AGENT"})
  void an_agent_that_cannot_do_with_a_mounted_image_is_copied(String need) {
    MadeUp quill = new MadeUp("quill", 10);
    LanguagePlugin needy =
        new LanguagePlugin() {
          @Override
          public Language language() {
            return Language.named("quill")
                .section("quill")
                .image("example.org/quill", "1.0")
                .joins(Scene.OPTIONS)
                .needs(Need.valueOf(need))
                .build();
          }

          @Override
          public void inject(Injection injection) {
            quill.attach(injection);
          }
        };
    Scene scene =
        in(Scene.empty().with(needy).with(Scene.INSTRUMENTATION), "1.36", "containerd://2.2.0");

    Decision asked = scene.decide(pod(QUILL + ", " + ASKED));
    Decision configured = scene.set("agent-delivery", "image-volume").decide(pod(QUILL));

    expectCopied(asked);
    assertThat(asked.warnings()).as("the pod asks for it").hasSize(1);
    expectCopied(configured);
    assertThat(configured.warnings()).as("nobody can do anything about it").isEmpty();
    assertThat(reasons(configured)).contains(Reasons.AGENT_COPIED);
  }

  @Test
  void a_word_that_is_no_way_of_delivery_is_refused_with_those_that_are() {
    Decision decision = modern().decide(pod(QUILL + ", " + Annotations.AGENT_DELIVERY + ": mount"));

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.message()).contains("mount is not one of copy, image-volume");
  }

  @Test
  void an_injected_pod_is_known_again_without_an_init_container() {
    Scene scene = modern().set("agent-delivery", "image-volume");
    Decision first = scene.decide(pod(QUILL));

    Decision second = scene.decide(PodTemplate.in(first.pod(), "shop").getFirst().request());

    assertThat(second.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(second.reason()).isEqualTo(Reasons.ALREADY_INJECTED);
  }

  @Test
  void two_languages_in_one_container_have_their_images_side_by_side() {
    Decision decision =
        modern()
            .set("agent-delivery", "image-volume")
            .decide(pod(QUILL + ", " + inject("ember", "true")));

    assertThat(decision.pod().at("/spec/containers/0/volumeMounts").findValuesAsText("mountPath"))
        .containsExactly("/otel-auto-instrumentation", "/otel-auto-instrumentation-ember");
  }

  @Test
  void settings_that_cannot_work_are_refused_at_once() {
    Settings.Builder old =
        Settings.builder().set("agent-delivery", "image-volume").set("cluster.version", "1.34");

    assertThatThrownBy(old::build)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("Kubernetes 1.34 has no image volumes");
    assertThatThrownBy(() -> Settings.builder().set("cluster.version", "new"))
        .hasMessage("setting cluster.version: \"new\" is not a version of Kubernetes such as 1.35");
    assertThatThrownBy(() -> Settings.builder().set("cluster.runtimes", "containerd 2.2"))
        .hasMessage(
            "setting cluster.runtimes: \"containerd 2.2\" is not a container runtime such as containerd://2.2.0");
  }
}
