package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.fixtures.ShowsReason;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Section;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The decision tree, branch by branch. */
final class AdmissionTest {
  private static final String TWO_CONTAINERS = "[{name: app, image: a}, {name: worker, image: w}]";

  @Nested
  class What_is_left_alone {
    @Test
    void a_pod_that_asks_for_nothing() {
      expectUnchanged(Scene.standard().decide(pod("")), Reasons.NOT_ANNOTATED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "False", "", " "})
    @Compatibility("3-pod-and-namespace")
    void a_pod_that_says_no_although_its_namespace_says_yes(String no) {
      Scene scene = Scene.standard().with(namespace(inject("quill", "true")));

      expectUnchanged(scene.decide(pod(inject("quill", no))), Reasons.NOT_ANNOTATED);
    }

    @Test
    @Compatibility("2-every-pod")
    void a_pod_of_an_excluded_namespace() {
      Scene scene = Scene.standard().set("excluded-namespaces", "sh*");

      expectUnchanged(scene.decide(pod(inject("quill", "true"))), Reasons.NAMESPACE_EXCLUDED);
    }

    @Test
    void a_pod_that_Graft_injected_before() {
      Scene scene = Scene.standard();
      Decision first = scene.decide(pod(inject("quill", "true")));

      Decision second =
          scene.decide(PodRequest.create(first.pod(), PodFacts.of(first.pod(), "shop")));

      assertThat(first.outcome()).isEqualTo(Outcome.INJECTED);
      expectUnchanged(second, Reasons.ALREADY_INJECTED);
    }

    @Test
    @Compatibility("7-marks")
    void a_pod_that_the_operator_injected_before() {
      String injected =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: p, namespace: shop, annotations: {%s}}
          spec:
            initContainers: [{name: opentelemetry-auto-instrumentation-quill, image: i}]
            containers: [{name: app, image: a}]
          """
              .formatted(inject("quill", "true"));

      expectUnchanged(Scene.standard().decide(injected), Reasons.ALREADY_INJECTED);
    }

    @Test
    @Compatibility("7-marks")
    void a_pod_that_the_operator_gave_a_sidecar() {
      String injected =
          "[{name: app, image: a}, {name: opentelemetry-auto-instrumentation, image: i}]";

      expectUnchanged(
          Scene.standard().decide(pod(inject("quill", "true"), injected)),
          Reasons.ALREADY_INJECTED);
    }

    @Test
    @Compatibility("7-marks")
    void a_pod_that_the_operator_gave_only_env_but_not_one_that_has_a_variable_of_that_name() {
      String operators =
          """
          [{name: app, image: a, env: [
            {name: OTEL_RESOURCE_ATTRIBUTES_POD_NAME, valueFrom: {fieldRef: {fieldPath: metadata.name}}},
            {name: OTEL_RESOURCE_ATTRIBUTES, value: 'k8s.pod.name=$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME)'}]}]
          """;
      String users =
          "[{name: app, image: a, env: [{name: OTEL_RESOURCE_ATTRIBUTES_NODE_NAME, value: n}]}]";
      String annotation = inject("kit", "true");

      expectUnchanged(
          Scene.standard().decide(pod(annotation, operators)), Reasons.ALREADY_INJECTED);
      assertThat(Scene.standard().decide(pod(annotation, users)).outcome())
          .isEqualTo(Outcome.INJECTED);
    }

    @Test
    @Compatibility("2-every-pod")
    void pods_of_the_system() {
      String critical =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: p, namespace: shop, annotations: {%s}}
          spec: {priorityClassName: system-node-critical, containers: [{name: app, image: a}]}
          """
              .formatted(inject("quill", "true"));

      expectUnchanged(Scene.standard().decide(critical), Reasons.SYSTEM_POD);
      expectUnchanged(
          Scene.standard()
              .decide(pod(inject("quill", "true") + ", kubernetes.io/config.mirror: x")),
          Reasons.SYSTEM_POD);
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "os: {name: windows}",
          "nodeSelector: {kubernetes.io/os: windows}",
          "nodeSelector: {beta.kubernetes.io/os: windows}",
          "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
              + " {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In,"
              + " values: [windows]}]}]}}}",
          "securityContext: {windowsOptions: {runAsUserName: ContainerUser}}"
        })
    void a_pod_for_Windows_and_its_author_is_told(String sign) {
      Decision decision = Scene.standard().decide(podWith(sign));

      expectUnchanged(decision, Reasons.WINDOWS_POD);
      assertThat(decision.warnings()).singleElement().asString().contains("Windows");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "os: {name: linux}, securityContext: {windowsOptions: {runAsUserName: ContainerUser}}",
          "nodeSelector: {kubernetes.io/os: linux}",
          "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
              + " {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In,"
              + " values: [windows, linux]}]}]}}}",
          "affinity: {nodeAffinity: {requiredDuringSchedulingIgnoredDuringExecution:"
              + " {nodeSelectorTerms: [{matchExpressions: [{key: kubernetes.io/os, operator: In,"
              + " values: [windows]}]}, {matchExpressions: [{key: zone, operator: Exists}]}]}}}"
        })
    void but_not_one_that_may_run_on_Linux_as_well(String sign) {
      assertThat(Scene.standard().decide(podWith(sign)).outcome()).isEqualTo(Outcome.INJECTED);
    }

    private static String podWith(String sign) {
      return """
      apiVersion: v1
      kind: Pod
      metadata: {name: p, namespace: shop, annotations: {%s}}
      spec: {%s, containers: [{name: app, image: a}]}
      """
          .formatted(inject("quill", "true"), sign);
    }

    @Test
    @Compatibility("2-no-containers")
    void a_pod_without_containers() {
      expectUnchanged(
          Scene.standard().decide(pod(inject("quill", "true"), "[]")), Reasons.MALFORMED_POD);
    }
  }

  @Nested
  class Which_resource {
    @ParameterizedTest
    @ValueSource(strings = {"true", "True", "TRUE"})
    @Compatibility("3-values")
    void the_only_one_of_the_namespace(String yes) {
      Decision decision = Scene.standard().decide(pod(inject("quill", yes)));

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(decision.injected().getFirst().instrumentation()).isEqualTo("shop/standard");
    }

    @Test
    @Compatibility("3-values")
    void one_of_another_namespace_by_name() {
      Scene scene = Scene.standard().with(instrumentation("other", "special"));

      Decision decision = scene.decide(pod(inject("quill", "other/special")));

      assertThat(decision.injected().getFirst().instrumentation()).isEqualTo("other/special");
    }

    @Test
    @Compatibility("3-none-or-several")
    void none_there_is_a_rejection_that_says_what_to_do() {
      Decision decision =
          Scene.empty()
              .with(new MadeUp("quill", 1))
              .with("{}")
              .decide(pod(inject("quill", "true")));

      expectRejected(
          decision,
          Reasons.INSTRUMENTATION_NOT_FOUND,
          "inject-quill: true of the pod finds no Instrumentation in namespace shop",
          "create one there");
    }

    @Test
    @Compatibility("3-none-or-several")
    void a_name_that_does_not_exist_is_a_rejection_that_names_those_that_do() {
      expectRejected(
          Scene.standard().decide(pod(inject("quill", "standrad"))),
          Reasons.INSTRUMENTATION_NOT_FOUND,
          "names the Instrumentation shop/standrad, which does not exist",
          "namespace shop has: standard");
    }

    @Test
    @Compatibility("3-none-or-several")
    void several_without_a_name_is_a_rejection_that_names_them() {
      Scene scene = Scene.standard().with(instrumentation("shop", "special"));

      expectRejected(
          scene.decide(pod(inject("quill", "true"))),
          Reasons.INSTRUMENTATION_AMBIGUOUS,
          "namespace shop has special, standard",
          "write the name of one");
    }

    @Test
    @Compatibility("3-pod-and-namespace")
    void of_several_the_one_that_the_namespace_names() {
      Scene scene =
          Scene.standard()
              .with(instrumentation("shop", "special"))
              .with(namespace(inject("quill", "special")));

      Decision decision = scene.decide(pod(inject("quill", "true")));

      assertThat(decision.injected().getFirst().instrumentation()).isEqualTo("shop/special");
    }

    @Test
    @Compatibility("3-pod-and-namespace")
    void one_that_the_pod_names_before_one_that_the_namespace_names() {
      Scene scene =
          Scene.standard()
              .with(instrumentation("shop", "special"))
              .with(namespace(inject("quill", "special")));

      Decision decision = scene.decide(pod(inject("quill", "standard")));

      assertThat(decision.injected().getFirst().instrumentation()).isEqualTo("shop/standard");
    }

    @Test
    void an_invalid_one_is_a_rejection_with_its_problems() {
      Scene scene =
          Scene.empty()
              .with(new MadeUp("quill", 1))
              .with(
                  """
                  apiVersion: opentelemetry.io/v1alpha1
                  kind: Instrumentation
                  metadata: {name: broken, namespace: shop}
                  spec: {sampler: {type: sometimes}}
                  """);

      expectRejected(
          scene.decide(pod(inject("quill", "true"))),
          Reasons.INSTRUMENTATION_INVALID,
          "shop/broken is not valid",
          "sometimes");
    }

    @Test
    void what_is_inherited_from_the_namespace_and_cannot_be_had_only_warns() {
      Scene scene = Scene.standard().with(namespace(inject("quill", "nothing")));

      Decision decision = scene.decide(pod(""));

      expectUnchanged(decision, Reasons.INSTRUMENTATION_NOT_FOUND);
      assertThat(decision.warnings()).singleElement().asString().contains("shop/nothing");
    }

    @Test
    @Compatibility("2-errors")
    void under_on_error_allow_a_rejection_becomes_a_warning() {
      Scene scene = Scene.standard().set("admission.on-error", "allow");

      Decision decision = scene.decide(pod(inject("quill", "nothing")));

      expectUnchanged(decision, Reasons.INSTRUMENTATION_NOT_FOUND);
      assertThat(decision.warnings()).singleElement().asString().contains("shop/nothing");
    }
  }

  @Nested
  class Which_language {
    @Test
    void an_unknown_one_is_a_rejection_that_names_those_there_are() {
      expectRejected(
          Scene.standard().decide(pod(inject("quil", "true"))),
          Reasons.UNKNOWN_LANGUAGE,
          "inject-quil: true of the pod asks for a language that no plugin provides",
          "quill, ember, kit");
    }

    @Test
    void an_annotation_that_names_containers_is_not_a_language() {
      expectUnchanged(
          Scene.standard()
              .decide(pod("instrumentation.opentelemetry.io/inject-quill-container-names: app")),
          Reasons.NOT_ANNOTATED);
    }

    @Test
    @Compatibility("2-language-off")
    void one_that_is_switched_off_is_left_out_with_a_warning() {
      Scene scene = Scene.standard().set("disabled-languages", "quill");

      Decision decision =
          scene.decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(decision.injected()).extracting("language").containsExactly("ember");
      assertThat(decision.warnings()).singleElement().asString().contains("switched off");
    }

    @Test
    void one_without_an_agent_gets_the_common_configuration_only() {
      Decision decision = Scene.standard().decide(pod(inject("kit", "true")));

      assertThat(decision.pod().path("spec").has("volumes")).isFalse();
      assertThat(decision.pod().path("spec").has("initContainers")).isFalse();
      assertThat(env(decision, 0)).contains("OTEL_SERVICE_NAME=cart");
    }
  }

  @Nested
  class Which_containers {
    @Test
    void the_first_unless_named() {
      Decision decision = Scene.standard().decide(pod(inject("quill", "true"), TWO_CONTAINERS));

      assertThat(decision.injected().getFirst().containers()).containsExactly("app");
    }

    @Test
    void the_default_container_of_kubectl() {
      Decision decision =
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true") + ", kubectl.kubernetes.io/default-container: worker",
                      TWO_CONTAINERS));

      assertThat(decision.injected().getFirst().containers()).containsExactly("worker");
    }

    @Test
    void never_a_mesh_proxy_that_happens_to_be_first() {
      Decision decision =
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true"),
                      "[{name: istio-proxy, image: p}, {name: app, image: a}]"));

      assertThat(decision.injected().getFirst().containers()).containsExactly("app");
    }

    @Test
    @Compatibility("4.1-characters")
    void those_of_both_annotations_each_once_with_blanks_and_twins_forgiven() {
      Decision decision =
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true")
                          + ", instrumentation.opentelemetry.io/container-names: ' worker , app,'"
                          + ", instrumentation.opentelemetry.io/quill-container-names: app",
                      TWO_CONTAINERS));

      assertThat(decision.injected().getFirst().containers()).containsExactly("worker", "app");
    }

    @Test
    void one_that_does_not_exist_is_a_rejection_that_names_those_that_do() {
      expectRejected(
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true")
                          + ", instrumentation.opentelemetry.io/container-names: wroker",
                      TWO_CONTAINERS)),
          Reasons.CONTAINER_NOT_FOUND,
          "the pod has no container wroker",
          "name one of: app, worker");
    }

    @Test
    void under_on_error_allow_a_stale_name_leaves_the_others() {
      Decision decision =
          Scene.standard()
              .set("admission.on-error", "allow")
              .decide(
                  pod(
                      inject("quill", "true")
                          + ", instrumentation.opentelemetry.io/container-names: 'app,gone'"));

      assertThat(decision.injected().getFirst().containers()).containsExactly("app");
      assertThat(decision.warnings()).singleElement().asString().contains("no container gone");
    }

    @Test
    void a_rejection_names_owner_and_runbook_of_the_resource() {
      Scene scene =
          Scene.empty()
              .with(new MadeUp("quill", 1))
              .with(
                  """
                  apiVersion: opentelemetry.io/v1alpha1
                  kind: Instrumentation
                  metadata:
                    name: standard
                    namespace: shop
                    annotations: {owner: platform-team, runbook: 'https://runbooks/otel'}
                  """);

      expectRejected(
          scene.decide(
              pod(
                  inject("quill", "true")
                      + ", instrumentation.opentelemetry.io/container-names: nobody")),
          Reasons.CONTAINER_NOT_FOUND,
          "owner: platform-team",
          "runbook: https://runbooks/otel");
    }

    @Test
    @Compatibility("4.2-same-container")
    void two_languages_share_the_only_container() {
      Decision decision =
          Scene.standard().decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      JsonNode app = decision.pod().at("/spec/containers/0");
      assertThat(app.path("volumeMounts").findValuesAsText("mountPath"))
          .containsExactly("/otel-auto-instrumentation", "/otel-auto-instrumentation-ember");
      assertThat(env(decision, 0))
          .contains(
              "QUILL_OPTIONS=--quill=/otel-auto-instrumentation"
                  + " --ember=/otel-auto-instrumentation-ember");
      assertThat(app.path("env").findValuesAsText("name")).doesNotHaveDuplicates();
    }

    @Test
    @Compatibility("4.2-none-named")
    void several_languages_and_several_containers_need_names() {
      String annotations = inject("quill", "true") + ", " + inject("ember", "true");

      expectRejected(
          Scene.standard().decide(pod(annotations, TWO_CONTAINERS)),
          Reasons.CONTAINERS_UNCLEAR,
          "does not say which of them Ember is for",
          "instrumentation.opentelemetry.io/quill-container-names");
    }

    @Test
    @Compatibility({"4.1-init-containers", "4.1-order"})
    void an_init_container_is_instrumented_after_its_agent_was_delivered() {
      String pod =
          """
          apiVersion: v1
          kind: Pod
          metadata:
            name: p
            namespace: shop
            annotations:
              %s
              instrumentation.opentelemetry.io/container-names: app,migrate
          spec:
            initContainers: [{name: first, image: f}, {name: migrate, image: m}]
            containers: [{name: app, image: a}]
          """
              .formatted(inject("quill", "true"));

      Decision decision = Scene.standard().decide(pod);

      assertThat(decision.injected().getFirst().containers()).containsExactly("migrate", "app");
      assertThat(decision.pod().at("/spec/initContainers"))
          .extracting(init -> init.path("name").asText())
          .containsExactly("first", "opentelemetry-auto-instrumentation-quill", "migrate");
    }
  }

  @Nested
  class What_a_plugin_says {
    private static final Reason BUSY = Reason.of("Busy", "something else is there");

    @Test
    void it_stands_down_for_one_container_and_serves_the_other() {
      Scene scene =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(
                  new MadeUp("quill", 1)
                      .examining((target, verdict) -> {
                        if (target.name().equals("app")) {
                          verdict.standDown(BUSY, "an agent");
                        }
                      }));

      Decision decision =
          scene.decide(
              pod(
                  inject("quill", "true")
                      + ", instrumentation.opentelemetry.io/container-names: 'app,worker'",
                  TWO_CONTAINERS));

      assertThat(decision.injected().getFirst().containers()).containsExactly("worker");
      assertThat(decision.pod().at("/spec/containers/0").has("env")).isFalse();
      assertThat(decision.warnings()).singleElement().asString().contains("an agent");
    }

    @Test
    @Compatibility("5-nothing-added")
    void where_it_stands_down_everywhere_nothing_is_added() {
      Scene scene =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("quill", 1).examining((t, v) -> v.standDown(BUSY, "an agent")));

      expectUnchanged(scene.decide(pod(inject("quill", "true"))), "Busy");
    }

    @Test
    void it_refuses_one_container_and_so_the_whole_pod() {
      Scene scene =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("ember", 2))
              .with(new MadeUp("quill", 1).examining((t, v) -> v.refuse(BUSY, "x", "remove x")));

      expectRejected(
          scene.decide(pod(inject("quill", "true") + ", " + inject("ember", "true"))),
          "Busy",
          "container app cannot be instrumented: something else is there (found: x)",
          "remove x");
    }

    @Test
    @Compatibility("2-first-error")
    void under_on_error_allow_the_other_language_goes_in() {
      Scene scene =
          Scene.empty()
              .set("admission.on-error", "allow")
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("ember", 2))
              .with(new MadeUp("quill", 1).examining((t, v) -> v.refuse(BUSY, "x", "remove x")));

      Decision decision =
          scene.decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(decision.injected()).extracting("language").containsExactly("ember");
      assertThat(decision.warnings()).singleElement().asString().contains("remove x");
    }

    @Test
    void when_it_throws_halfway_nothing_of_it_remains_and_the_other_language_goes_in() {
      MadeUp quill = new MadeUp("quill", 1);
      Scene scene =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("ember", 2))
              .with(
                  quill.injecting(in -> {
                    quill.attach(in);
                    throw new IllegalStateException("boom");
                  }));

      Decision decision =
          scene.decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(decision.injected()).extracting("language").containsExactly("ember");
      assertThat(decision.pod().toString()).doesNotContain("--quill", "instrumentation-quill");
      assertThat(decision.warnings()).singleElement().asString().contains("boom", "without quill");
    }

    @Test
    void when_it_never_returns_the_admission_ends_within_two_seconds_without_it() {
      Scene scene =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("ember", 2))
              .with(
                  new MadeUp("quill", 1)
                      .injecting(in -> {
                        while (!in.targets().isEmpty()) {
                          Thread.onSpinWait();
                        }
                      }));
      long start = System.nanoTime();

      Decision decision =
          scene.decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
      assertThat(decision.injected()).extracting("language").containsExactly("ember");
      assertThat(decision.warnings()).singleElement().asString().contains("did not return");
    }
  }

  @Nested
  class While_a_resource_is_read {
    @Test
    @ShowsReason("PluginFailed")
    void a_plugin_that_never_ends_validating_costs_the_resource_only_a_warning() {
      Scene scene =
          Scene.empty()
              .with(new Endless())
              .with(Scene.INSTRUMENTATION.replace("spec: {", "spec: {quill: {image: 'i:1'}, "));

      Decision decision = scene.decide(pod(inject("quill", "true")));

      assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.UNCHANGED);
      assertThat(decision.reason()).isEqualTo(Reasons.PLUGIN_FAILED);
    }

    private static final class Endless implements LanguagePlugin {
      @Override
      public Language language() {
        return Language.named("quill").section("quill").image("example.org/quill", "1").build();
      }

      @Override
      public void validate(Section section, Problems problems) {
        while (!section.image().isEmpty()) {
          Thread.onSpinWait();
        }
      }
    }
  }

  @Nested
  class What_is_kept {
    @Test
    void a_pod_without_resources_stays_best_effort() {
      Decision decision = Scene.standard().decide(pod(inject("quill", "true")));

      assertThat(decision.pod().at("/spec/initContainers/0").has("resources")).isFalse();
    }

    @Test
    void that_a_pod_stays_best_effort_against_the_resource_is_told() {
      Scene scene =
          Scene.empty()
              .with(new MadeUp("quill", 10))
              .with(
                  Scene.INSTRUMENTATION.replace(
                      "spec: {", "spec: {quill: {resources: {limits: {cpu: 200m}}}, "));

      Decision decision = scene.decide(pod(inject("quill", "true")));

      assertThat(decision.pod().at("/spec/initContainers/0").has("resources")).isFalse();
      assertThat(decision.findings())
          .filteredOn(finding -> finding.reason().equals(Reasons.RESOURCES_LEFT_OUT))
          .singleElement()
          .satisfies(finding -> {
            assertThat(finding.severity()).isEqualTo(Finding.Severity.WARNING);
            assertThat(finding.text())
                .contains("shop/standard", "no longer be BestEffort", "keep-qos-class");
          });
      assertThat(scene.set("keep-qos-class", "false").decide(pod(inject("quill", "true"))))
          .satisfies(kept -> {
            assertThat(kept.pod().at("/spec/initContainers/0/resources/limits/cpu").asText())
                .isEqualTo("200m");
            assertThat(kept.warnings()).isEmpty();
          });
    }

    @Test
    void default_resources_that_a_best_effort_pod_does_not_get_are_nothing_to_tell() {
      assertThat(Scene.standard().decide(pod(inject("quill", "true"))).warnings()).isEmpty();
    }

    @Test
    void a_guaranteed_pod_stays_guaranteed() {
      Decision decision =
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true"),
                      "[{name: app, image: a, resources: {limits: {cpu: 1, memory: 1Gi},"
                          + " requests: {cpu: 1000m, memory: 1024Mi}}}]"));

      JsonNode resources = decision.pod().at("/spec/initContainers/0/resources");
      assertThat(resources.path("requests")).isEqualTo(resources.path("limits")).isNotEmpty();
    }

    @Test
    void a_budget_of_the_pod_as_a_whole_is_not_exceeded_even_where_the_class_may_change() {
      String pod =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: p, namespace: shop, annotations: {%s}}
          spec:
            resources: {limits: {cpu: 100m, memory: 64Mi}}
            containers: [{name: app, image: a}]
          """
              .formatted(inject("quill", "true"));

      Decision decision = Scene.standard().set("keep-qos-class", "false").decide(pod);

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(decision.pod().at("/spec/initContainers/0").has("resources")).isFalse();
    }

    @Test
    void a_restricted_pod_stays_restricted_and_an_image_without_a_user_gets_one() {
      Decision decision =
          Scene.standard()
              .decide(
                  pod(
                      inject("quill", "true"),
                      "[{name: app, image: a, securityContext: {runAsNonRoot: true,"
                          + " allowPrivilegeEscalation: false, capabilities: {drop: [ALL]},"
                          + " seccompProfile: {type: RuntimeDefault}}}]"));

      JsonNode context = decision.pod().at("/spec/initContainers/0/securityContext");
      assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
      assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
      assertThat(context.at("/capabilities/drop/0").asText()).isEqualTo("ALL");
      assertThat(context.path("runAsUser").asInt()).isPositive();
    }

    @Test
    void names_of_the_pod_that_are_taken_are_not_used_again() {
      String pod =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: p, namespace: shop, annotations: {%s}}
          spec:
            containers:
            - {name: app, image: a, volumeMounts: [{name: mine, mountPath: /otel-auto-instrumentation/}]}
            - {name: opentelemetry-auto-instrumentation-quill, image: b}
            volumes: [{name: mine, emptyDir: {}}, {name: opentelemetry-auto-instrumentation-quill, emptyDir: {}}]
          """
              .formatted(inject("quill", "true"));

      Decision decision = Scene.standard().decide(pod);

      assertThat(decision.pod().at("/spec/initContainers/0/name").asText())
          .isEqualTo("opentelemetry-auto-instrumentation-quill-2");
      assertThat(decision.pod().at("/spec/volumes/2/name").asText())
          .isEqualTo("opentelemetry-auto-instrumentation-quill-2");
      assertThat(decision.pod().at("/spec/containers/0/volumeMounts/1/mountPath").asText())
          .isEqualTo("/otel-auto-instrumentation-quill");
    }

    @Test
    void the_pod_stays_evictable_and_says_what_was_done() {
      Decision decision =
          Scene.standard()
              .decide(pod(inject("quill", "true") + ", " + Annotations.SAFE_TO_EVICT + ": cache"));

      JsonNode annotations = decision.pod().at("/metadata/annotations");
      assertThat(annotations.path(Annotations.SAFE_TO_EVICT).asText())
          .isEqualTo("cache,opentelemetry-auto-instrumentation-quill");
      assertThat(annotations.path(Annotations.MARK).asText())
          .isEqualTo(
              "{\"decision\":\"Injected\",\"languages\":{\"quill\":{\"instrumentation\":"
                  + "\"shop/standard\",\"generation\":0,\"containers\":[\"app\"]}}}");
    }

    @Test
    void shuffled_plugins_give_the_same_bytes() {
      String pod = pod(inject("quill", "true") + ", " + inject("ember", "true"));
      Decision forth =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("quill", 10))
              .with(new MadeUp("ember", 20))
              .decide(pod);
      Decision back =
          Scene.empty()
              .with(Scene.INSTRUMENTATION)
              .with(new MadeUp("ember", 20))
              .with(new MadeUp("quill", 10))
              .decide(pod);

      assertThat(Reviewer.patch(forth.patch()).toString())
          .isEqualTo(Reviewer.patch(back.patch()).toString());
    }

    @Test
    void every_operation_of_the_patch_has_an_entry_in_the_journal() {
      Decision decision =
          Scene.standard().decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(decision.patch())
          .allSatisfy(operation ->
              assertThat(decision.journal().edits())
                  .anyMatch(edit -> (edit.path() + "/").startsWith(operation.path() + "/")));
    }
  }

  @Nested
  class Only_observing {
    @Test
    void the_pod_stays_as_it_is_and_what_would_be_done_is_told() {
      Scene scene = Scene.standard().set("mode", "observe");

      Decision decision = scene.decide(pod(inject("quill", "true")));

      assertThat(decision.outcome()).isEqualTo(Outcome.OBSERVED);
      assertThat(decision.message()).isEqualTo("would inject quill into app by shop/standard");
      assertThat(decision.patch()).isEmpty();
      assertThat(decision.journal().edits()).isNotEmpty();
    }

    @Test
    void what_would_be_rejected_is_admitted_with_a_warning() {
      Scene scene = Scene.standard().set("mode", "observe");

      Decision decision = scene.decide(pod(inject("quill", "nothing")));

      assertThat(decision.outcome()).isEqualTo(Outcome.OBSERVED);
      assertThat(decision.isAllowed()).isTrue();
      assertThat(decision.warnings()).singleElement().asString().contains("shop/nothing");
    }
  }

  @Nested
  class Updates {
    @Test
    @Compatibility("2-webhook")
    @ShowsReason("PodExists")
    void an_update_is_allowed_unchanged() {
      ObjectNode pod = Scene.tree(pod(inject("quill", "true")));

      Decision decision = update(pod, pod);

      expectUnchanged(decision, Reasons.POD_EXISTS);
      assertThat(decision.warnings()).isEmpty();
    }

    @Test
    void an_annotation_that_comes_late_is_told_where_it_belongs() {
      Decision decision = update(Scene.tree(pod("")), Scene.tree(pod(inject("quill", "true"))));

      expectUnchanged(decision, Reasons.POD_EXISTS);
      assertThat(decision.warnings()).singleElement().asString().contains("pod template");
    }

    private static Decision update(ObjectNode before, ObjectNode after) {
      return Scene.standard()
          .decide(
              new PodRequest(
                  Operation.UPDATE, after, PodFacts.of(after, "shop"), Optional.of(before)));
    }
  }

  private static void expectUnchanged(Decision decision, String reason) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.reason()).isEqualTo(reason);
    assertThat(decision.patch()).isEmpty();
  }

  private static void expectRejected(Decision decision, String reason, String... parts) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(reason);
    assertThat(decision.message()).contains(parts);
    assertThat(decision.patch()).isEmpty();
    assertThat(decision.findings())
        .anyMatch(finding -> finding.severity() == Finding.Severity.REFUSAL);
  }

  private static List<String> env(Decision decision, int container) {
    List<String> shown = new ArrayList<>();
    for (JsonNode entry : decision.pod().at("/spec/containers/" + container + "/env")) {
      shown.add(entry.path("name").asText() + "=" + entry.path("value").asText());
    }
    return shown;
  }

  private static String namespace(String annotations) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, annotations: {%s}}
    """
        .formatted(annotations);
  }

  private static String instrumentation(String namespace, String name) {
    return Scene.INSTRUMENTATION
        .replace("namespace: shop", "namespace: " + namespace)
        .replace("name: standard", "name: " + name);
  }
}
