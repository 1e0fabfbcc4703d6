package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.fixtures.Compatibility;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which containers are meant, and what a pod asks for beside its namespace. */
final class ContainersTest {
  private static final String NAMES = "instrumentation.opentelemetry.io/container-names: ";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "istio-proxy",
        "linkerd-proxy",
        "consul-dataplane",
        "kuma-sidecar",
        "envoy",
        "daprd",
        "cloud-sql-proxy",
        "otc-container"
      })
  @Compatibility("4.1-default-container")
  void a_sidecar_that_is_first_is_passed_over(String sidecar) {
    Decision decision =
        Scene.standard()
            .decide(
                Scene.pod(
                    inject("quill", "true"),
                    "[{name: " + sidecar + ", image: p}, {name: app, image: a}]"));

    assertThat(containers(decision)).containsExactly("app");
  }

  @Test
  @Compatibility("4.1-default-container")
  void the_default_container_of_kubectl_counts_unless_it_is_a_sidecar() {
    String pod = "[{name: app, image: a}, {name: web, image: w}, {name: envoy, image: e}]";

    assertThat(containers(decide(pod, "kubectl.kubernetes.io/default-container: web")))
        .containsExactly("web");
    assertThat(containers(decide(pod, "kubectl.kubernetes.io/default-container: envoy")))
        .containsExactly("app");
    assertThat(containers(decide(pod, "kubectl.kubernetes.io/default-container: gone")))
        .containsExactly("app");
  }

  @Test
  void a_sidecar_is_instrumented_where_it_is_named() {
    assertThat(
            containers(decide("[{name: app, image: a}, {name: envoy, image: e}]", NAMES + "envoy")))
        .containsExactly("envoy");
  }

  @Test
  void a_pod_of_sidecars_alone_is_refused_and_told_how_to_name_one() {
    Decision decision = decide("[{name: istio-proxy, image: p}]", "");

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.ONLY_SIDECARS);
    assertThat(decision.message())
        .contains("istio-proxy", "instrumentation.opentelemetry.io/quill-container-names");
  }

  @Test
  void an_operator_names_sidecars_of_his_own() {
    Decision decision =
        Scene.standard()
            .set("sidecar-containers", "log-shipper")
            .decide(
                Scene.pod(
                    inject("quill", "true"),
                    "[{name: log-shipper, image: l}, {name: envoy, image: e}]"));

    assertThat(containers(decision)).containsExactly("envoy");
  }

  @Test
  void two_languages_without_names_share_the_only_container_that_is_no_sidecar() {
    Decision decision =
        Scene.standard()
            .decide(
                Scene.pod(
                    inject("quill", "true") + ", " + inject("ember", "true"),
                    "[{name: istio-proxy, image: p}, {name: app, image: a}]"));

    assertThat(decision.injected()).extracting(Injected::containers).containsOnly(List.of("app"));
  }

  @Test
  @Compatibility("4.1-unknown-name")
  void an_unknown_name_beside_a_known_one_is_refused_with_the_names_there_are() {
    Decision decision =
        decide("[{name: app, image: a}, {name: web, image: w}]", NAMES + "'app,wbe'");

    assertThat(decision.reason()).isEqualTo(Reasons.CONTAINER_NOT_FOUND);
    assertThat(decision.message()).contains("no container wbe", "name one of: app, web");
  }

  @Test
  @Compatibility("4.1-unknown-name")
  void a_name_that_the_namespace_gives_and_the_pod_lacks_is_told() {
    Decision decision =
        Scene.standard()
            .with(
                """
                apiVersion: v1
                kind: Namespace
                metadata:
                  name: shop
                  annotations: {instrumentation.opentelemetry.io/container-names: web}
                """)
            .decide(Scene.pod(inject("quill", "true")));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.warnings()).singleElement().asString().contains("no container web", "app");
  }

  @Test
  @Compatibility("4.2-name-twice")
  void a_name_in_both_annotations_counts_once() {
    Decision decision =
        decide(
            "[{name: app, image: a}, {name: web, image: w}]",
            NAMES + "app, instrumentation.opentelemetry.io/quill-container-names: app");

    assertThat(containers(decision)).containsExactly("app");
  }

  @Test
  @Compatibility("4.2-some-named")
  void one_language_with_a_name_and_one_without_in_a_pod_of_two_containers_is_refused() {
    Decision decision =
        decide(
            "[{name: app, image: a}, {name: web, image: w}]",
            inject("ember", "true")
                + ", instrumentation.opentelemetry.io/quill-container-names: app");

    assertThat(decision.reason()).isEqualTo(Reasons.CONTAINERS_UNCLEAR);
    assertThat(decision.message()).contains("Ember", "app, web");
  }

  @Test
  @Compatibility("4.3-place")
  void several_languages_on_one_init_container_are_delivered_before_it() {
    Decision decision =
        Scene.standard()
            .decide(
                """
                apiVersion: v1
                kind: Pod
                metadata:
                  name: p
                  namespace: shop
                  annotations: {%s, %s, %s migrate}
                spec:
                  initContainers:
                  - {name: first, image: f}
                  - {name: migrate, image: m}
                  - {name: last, image: l}
                  containers: [{name: app, image: a}]
                """
                    .formatted(inject("quill", "true"), inject("ember", "true"), NAMES));

    assertThat(names(decision, "initContainers"))
        .containsExactly(
            "first",
            "opentelemetry-auto-instrumentation-quill",
            "opentelemetry-auto-instrumentation-ember",
            "migrate",
            "last");
  }

  @Test
  @Compatibility({"4.1-init-containers", "5-security-context"})
  void a_native_sidecar_is_instrumented_after_its_agent_and_lends_it_its_security_context() {
    Decision decision =
        Scene.standard()
            .decide(
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: p, namespace: shop, annotations: {%s, %s proxy}}
                spec:
                  initContainers:
                  - {name: first, image: f}
                  - {name: second, image: s}
                  - name: proxy
                    image: m
                    restartPolicy: Always
                    securityContext: {runAsUser: 1234}
                  containers: [{name: app, image: a}]
                """
                    .formatted(inject("quill", "true"), NAMES));

    assertThat(names(decision, "initContainers"))
        .containsExactly("first", "second", "opentelemetry-auto-instrumentation-quill", "proxy");
    assertThat(decision.pod().at("/spec/initContainers/2/securityContext/runAsUser").asInt())
        .isEqualTo(1234);
    assertThat(decision.pod().at("/spec/initContainers/3/restartPolicy").asText())
        .isEqualTo("Always");
  }

  @Test
  @Compatibility("3-empty-on-pod")
  void a_pod_switches_off_what_its_namespace_asks_for_also_with_the_empty_string() {
    Decision decision =
        Scene.standard()
            .with(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, annotations: {%s}}
                """
                    .formatted(inject("quill", "true")))
            .decide(Scene.pod(inject("quill", "")));

    assertThat(decision.reason()).isEqualTo(Reasons.NOT_ANNOTATED);
  }

  @Test
  @Compatibility("3-true-on-pod")
  void true_on_a_pod_takes_the_one_of_its_namespace_whatever_the_namespace_names() {
    Decision decision =
        Scene.standard()
            .with(Scene.INSTRUMENTATION.replace("namespace: shop", "namespace: other"))
            .with(
                """
                apiVersion: v1
                kind: Namespace
                metadata: {name: shop, annotations: {%s}}
                """
                    .formatted(inject("quill", "other/standard")))
            .decide(Scene.pod(inject("quill", "true")));

    assertThat(decision.injected())
        .extracting(Injected::instrumentation)
        .containsExactly("shop/standard");
  }

  @Test
  @Compatibility("7-mark-of-the-user")
  void a_variable_that_looks_like_a_mark_does_not_keep_a_pod_from_being_injected() {
    Decision decision =
        decide(
            "[{name: app, image: a, env: [{name: OTEL_RESOURCE_ATTRIBUTES_NODE_NAME, value: mine}]}]",
            "");

    assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
  }

  @Test
  @Compatibility("7-second-pass")
  void a_second_pass_changes_nothing_where_only_an_init_container_was_configured() {
    Scene scene = Scene.standard();
    Decision first =
        scene.decide(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: p, namespace: shop, annotations: {%s, %s migrate}}
            spec:
              nodeName: node-1
              initContainers: [{name: migrate, image: m}]
              containers: [{name: app, image: a}]
            """
                .formatted(inject("kit", "true"), NAMES));

    assertThat(first.outcome()).isEqualTo(Outcome.INJECTED);
    assertThat(scene.decide(first.pod().toString()).reason()).isEqualTo(Reasons.ALREADY_INJECTED);
  }

  private static Decision decide(String containers, String annotations) {
    String all = inject("quill", "true") + (annotations.isEmpty() ? "" : ", " + annotations);
    return Scene.standard().decide(Scene.pod(all, containers));
  }

  private static List<String> containers(Decision decision) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    return decision.injected().getFirst().containers();
  }

  private static List<String> names(Decision decision, String list) {
    List<String> names = new ArrayList<>();
    for (JsonNode container : decision.pod().path("spec").path(list)) {
      names.add(container.path("name").asText());
    }
    return names;
  }
}
