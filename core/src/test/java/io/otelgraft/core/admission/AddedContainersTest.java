package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Need;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Graft adds to a pod keeps to what the pod, and its namespace, keep to. */
final class AddedContainersTest {
  private static final String QUILL = inject("quill", "true");

  private static final String RESTRICTED =
      """
      {name: app, image: 'a:1', securityContext: {allowPrivilegeEscalation: false, \
      runAsNonRoot: true, runAsUser: 1000, seccompProfile: {type: RuntimeDefault}, \
      capabilities: {drop: [ALL]}}}\
      """;

  private static Scene scene(String spec) {
    return Scene.empty()
        .with(new Scene.MadeUp("quill", 1))
        .with(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: standard, namespace: shop}
            spec: %s
            """
                .formatted(spec));
  }

  private static String limits(String item) {
    return """
    apiVersion: v1
    kind: LimitRange
    metadata: {name: all, namespace: shop}
    spec: {limits: [%s]}
    """
        .formatted(item);
  }

  private static JsonNode added(Decision decision) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
    return decision.pod().at("/spec/initContainers/0");
  }

  private static List<String> told(Decision decision) {
    return decision.findings().stream().map(Finding::reason).toList();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {privileged: true}
          {allowPrivilegeEscalation: true}
          {capabilities: {add: [NET_ADMIN]}}
          {capabilities: {drop: [ALL], add: [SYS_ADMIN]}}
          {capabilities: {drop: [NET_RAW]}}
          {runAsNonRoot: false}
          {runAsUser: 0}
          {runAsNonRoot: false, runAsUser: 0}
          {seccompProfile: {type: Unconfined}}
          {appArmorProfile: {type: Unconfined}}
          {procMount: Unmasked}
          {seLinuxOptions: {type: spc_t}}
          {seLinuxOptions: {user: system_u}}
          """)
  void a_careless_security_context_does_not_undo_what_the_container_keeps_to(String careless) {
    Decision decision =
        scene("{initContainerSecurityContext: %s}".formatted(careless))
            .decide(pod(QUILL, "[%s]".formatted(RESTRICTED)));

    JsonNode context = added(decision).path("securityContext");
    assertThat(context.path("privileged").asBoolean()).isFalse();
    assertThat(context.path("allowPrivilegeEscalation").asBoolean(true)).isFalse();
    assertThat(context.path("runAsNonRoot").asBoolean()).isTrue();
    assertThat(context.path("runAsUser").asInt(0)).isNotZero();
    assertThat(context.at("/seccompProfile/type").asText()).isEqualTo("RuntimeDefault");
    assertThat(context.at("/capabilities/drop").toString()).isEqualTo("[\"ALL\"]");
    assertThat(context.at("/capabilities").has("add")).isFalse();
    assertThat(context.has("appArmorProfile")).isFalse();
    assertThat(context.has("procMount")).isFalse();
    assertThat(context.has("seLinuxOptions")).isFalse();
    assertThat(told(decision)).contains("SecurityContextTightened");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{privileged: true}",
        "{capabilities: {add: [NET_ADMIN]}}",
        "{runAsUser: 0}",
        "{seccompProfile: {type: Unconfined}}",
        "{appArmorProfile: {type: Unconfined}}",
        "{procMount: Unmasked}",
        "{seLinuxOptions: {type: spc_t}}",
        "{windowsOptions: {hostProcess: true}}"
      })
  void nor_what_a_container_keeps_to_that_says_nothing(String careless) {
    Decision decision =
        scene("{initContainerSecurityContext: %s}".formatted(careless))
            .decide(pod(QUILL, "[{name: app, image: 'a:1'}]"));

    assertThat(added(decision).has("securityContext")).isFalse();
    assertThat(told(decision)).contains("SecurityContextTightened");
  }

  @Test
  void what_the_container_has_beyond_the_usual_is_no_more_than_it_has() {
    Decision decision =
        scene("{initContainerSecurityContext: {capabilities: {add: [NET_ADMIN, CHOWN]}}}")
            .decide(
                pod(
                    QUILL,
                    "[{name: app, image: 'a:1', securityContext: {capabilities: {add: [NET_ADMIN]}}}]"));

    assertThat(added(decision).path("securityContext"))
        .isEqualTo(Scene.tree("{capabilities: {add: [NET_ADMIN, CHOWN]}}"));
  }

  @Test
  void a_security_context_that_keeps_to_it_counts_as_it_is() {
    String context =
        "{allowPrivilegeEscalation: false, runAsNonRoot: true, runAsUser: 7, readOnlyRootFilesystem: true,"
            + " seccompProfile: {type: RuntimeDefault}, capabilities: {drop: [ALL], add: [NET_BIND_SERVICE]}}";
    Decision decision =
        scene("{initContainerSecurityContext: %s}".formatted(context))
            .decide(pod(QUILL, "[%s]".formatted(RESTRICTED)));

    assertThat(added(decision).path("securityContext")).isEqualTo(Scene.tree(context));
    assertThat(told(decision)).doesNotContain("SecurityContextTightened");
  }

  /** A language that declares no need, and what the container that it adds may do. */
  private static Scene spellingOut(String context, String level) {
    return Scene.empty()
        .with(
            new Scene.MadeUp("quill", 1)
                .injecting(in -> in.sidecar("probe").securityContext(map(context))))
        .with(new Scene.MadeUp("ember", 2))
        .with(Scene.INSTRUMENTATION)
        .with(
            """
            apiVersion: v1
            kind: Namespace
            metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: %s}}
            """
                .formatted(level));
  }

  @SuppressWarnings("unchecked")
  private static Map<String, Object> map(String yaml) {
    return new ObjectMapper().convertValue(Scene.tree(yaml), Map.class);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          baseline   | {privileged: true}                      | a privileged container
          baseline   | {capabilities: {add: [CHOWN, BPF]}}     | a container with more capabilities than usual
          baseline   | {seccompProfile: {type: Unconfined}}    | a container with seccompProfile.type: Unconfined
          baseline   | {appArmorProfile: {type: Unconfined}}   | a container with appArmorProfile.type: Unconfined
          baseline   | {procMount: Unmasked}                   | a container with procMount: Unmasked
          baseline   | {seLinuxOptions: {type: spc_t}}         | a container with seLinuxOptions of its own
          baseline   | {windowsOptions: {hostProcess: true}}   | a container with windowsOptions.hostProcess: true
          restricted | {runAsUser: 0}                          | a container that runs as root
          restricted | {runAsUser: 1000}                       | a container with no runAsNonRoot: true
          restricted | {runAsNonRoot: true}                    | a container with no allowPrivilegeEscalation: false
          restricted | {runAsNonRoot: true, allowPrivilegeEscalation: false} | a container with no capabilities.drop: [ALL]
          restricted | {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}} | a container with no seccompProfile
          """)
  void what_a_plugin_gives_a_container_of_its_own_is_held_against_the_namespace(
      String level, String context, String needed) {
    Decision decision =
        spellingOut(context, level).decide(pod(QUILL + ", " + inject("ember", "true")));

    assertThat(told(decision)).contains("NeedsForbidden");
    assertThat(decision.warnings())
        .anySatisfy(warning ->
            assertThat(warning)
                .contains("starts without Quill, which needs " + needed + ", which", level));
    // The other language goes in, and of this one nothing is left.
    assertThat(decision.injected()).extracting(Injected::language).containsExactly("ember");
    assertThat(decision.pod().toString()).doesNotContain("probe");
  }

  private static final String NON_ROOT =
      "{securityContext: {runAsNonRoot: true}, containers: [{name: app, image: 'a:1'}]}";

  private static Decision spellingOut(String context, UnaryOperator<Language.Builder> declaration) {
    return Scene.empty()
        .with(
            new Scene.MadeUp("quill", 1)
                .declaring(declaration)
                .injecting(in -> in.init("probe").securityContext(map(context))))
        .with(Scene.INSTRUMENTATION)
        .decide(podOf(NON_ROOT));
  }

  private static String podOf(String spec) {
    return "{apiVersion: v1, kind: Pod, metadata: {name: cart, namespace: shop, annotations: {%s}}, spec: %s}"
        .formatted(QUILL, spec);
  }

  /** What keeps the kubelet from starting it, or its author from what the pod asks for. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {runAsUser: 0}                      | runAsNonRoot: true of the pod
          {runAsUser: 0, runAsNonRoot: false} | runAsNonRoot: true of the pod
          {runAsUser: 0, runAsNonRoot: true}  | its own runAsNonRoot: true
          """)
  void nothing_goes_in_as_root_where_the_pod_is_not_to_be(String context, String forbidding) {
    Decision decision = spellingOut(context, UnaryOperator.identity());

    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.warnings())
        .singleElement()
        .asString()
        .contains(
            "the pod starts without Quill, which needs a container that runs as root, which "
                + forbidding
                + " forbids");
  }

  @Test
  void a_language_that_declares_that_it_runs_as_root_does_and_says_so_to_the_kubelet() {
    UnaryOperator<Language.Builder> root = language -> language.needs(Need.ROOT);
    assertThat(added(spellingOut("{runAsUser: 0}", root)).path("securityContext"))
        .isEqualTo(Scene.tree("{runAsUser: 0, runAsNonRoot: false}"));
    assertThat(added(spellingOut("{privileged: true}", root)).path("securityContext"))
        .as("the user of the image")
        .isEqualTo(Scene.tree("{privileged: true, runAsNonRoot: false}"));
    assertThat(spellingOut("{runAsUser: 0, runAsNonRoot: true}", root).outcome())
        .as("both at a time")
        .isEqualTo(Outcome.UNCHANGED);
  }

  /** The kubelet does not start an image of which it cannot tell that its user is not root. */
  @ParameterizedTest
  @ValueSource(strings = {"{allowPrivilegeEscalation: false}", "{runAsNonRoot: true}"})
  void a_context_without_a_user_gets_one_where_the_pod_is_not_to_be_root(String context) {
    JsonNode added = added(spellingOut(context, UnaryOperator.identity())).path("securityContext");

    assertThat(added.path("runAsUser").asLong()).isEqualTo(65534);
  }

  @Test
  void the_pod_s_root_is_not_that_of_what_delivers_the_agent() {
    Decision decision =
        scene("{initContainerSecurityContext: {readOnlyRootFilesystem: true}}")
            .decide(
                podOf(
                    "{securityContext: {runAsNonRoot: true, runAsUser: 0}, containers: [{name: app,"
                        + " image: 'a:1', securityContext: {runAsUser: 7}}]}"));

    assertThat(added(decision).at("/securityContext/runAsUser").asLong()).isEqualTo(7);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged | {privileged: true}
          baseline   | {runAsUser: 0, capabilities: {add: [CHOWN]}}
          restricted | {runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: Localhost}}
          """)
  void what_the_namespace_allows_goes_in(String level, String context) {
    assertThat(spellingOut(context, level).decide(pod(QUILL)).outcome())
        .isEqualTo(Outcome.INJECTED);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          privileged   | {privileged: true}
          capabilities | {capabilities: {add: [BPF]}}
          root         | {runAsUser: 0}
          """)
  void and_against_what_the_operator_forbids(String need, String context) {
    Scene scene = spellingOut(context, "privileged").set("forbidden-needs", need);

    assertThat(scene.decide(pod(QUILL)).reason()).isEqualTo("NeedsForbidden");
    assertThat(
            spellingOut("{runAsUser: 7}", "privileged")
                .set("forbidden-needs", need)
                .decide(pod(QUILL))
                .outcome())
        .isEqualTo(Outcome.INJECTED);
  }

  @Test
  void so_is_a_path_of_the_node() {
    Scene scene =
        Scene.empty()
            .with(
                new Scene.MadeUp("quill", 1)
                    .injecting(in ->
                        in.hostPath("debug", "/sys/kernel/debug").mountIn(in.sidecar("probe"))))
            .with(Scene.INSTRUMENTATION);

    assertThat(scene.decide(pod(QUILL)).outcome()).isEqualTo(Outcome.INJECTED);
    assertThat(scene.set("forbidden-needs", "host-path").decide(pod(QUILL)).reason())
        .isEqualTo("NeedsForbidden");
  }

  @Test
  void where_the_container_may_do_all_so_may_what_is_added() {
    Decision decision =
        scene("{initContainerSecurityContext: {privileged: true, runAsUser: 0}}")
            .decide(
                pod(
                    QUILL,
                    "[{name: app, image: 'a:1', securityContext: {privileged: true, runAsUser: 0}}]"));

    assertThat(added(decision).path("securityContext"))
        .isEqualTo(Scene.tree("{privileged: true, runAsUser: 0}"));
    assertThat(told(decision)).doesNotContain("SecurityContextTightened");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          max: {cpu: 200m}                       | {limits: {cpu: 200m, memory: 256Mi}, requests: {cpu: 50m, memory: 64Mi}}
          max: {cpu: 20m, memory: 32Mi}          | {limits: {cpu: 20m, memory: 32Mi}, requests: {cpu: 20m, memory: 32Mi}}
          min: {cpu: 100m, memory: 128Mi}        | {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 100m, memory: 128Mi}}
          min: {cpu: '1'}                        | {limits: {cpu: '1', memory: 256Mi}, requests: {cpu: '1', memory: 64Mi}}
          maxLimitRequestRatio: {cpu: '3'}       | {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 167m, memory: 64Mi}}
          maxLimitRequestRatio: {memory: '2'}    | {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 50m, memory: '134217728'}}
          max: {cpu: '2'}, default: {cpu: '1'}   | {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 50m, memory: 64Mi}}
          """)
  void resources_are_those_that_the_namespace_allows(String item, String resources) {
    Decision decision =
        scene("{}")
            .with(limits("{type: Container, %s}".formatted(item)))
            .decide(
                pod(
                    QUILL,
                    "[{name: app, image: 'a:1', resources: {requests: {cpu: 10m, memory: 1Mi}}}]"));

    assertThat(added(decision).path("resources")).isEqualTo(Scene.tree(resources));
  }

  @Test
  void a_request_without_a_limit_stays_below_the_limit_that_the_namespace_gives() {
    Decision decision =
        scene("{quill: {resources: {requests: {memory: 2Gi}, limits: {}}}}")
            .with(limits("{type: Container, default: {memory: 1Gi}}"))
            .decide(pod(QUILL, "[{name: app, image: 'a:1', resources: {requests: {cpu: 10m}}}]"));

    assertThat(added(decision).at("/resources/requests/memory").asText()).isEqualTo("1Gi");
    assertThat(told(decision)).contains("ResourcesLimited");
  }

  @Test
  void an_init_container_does_not_exceed_what_a_pod_may_have() {
    Decision decision =
        scene("{}")
            .with(limits("{type: Pod, max: {cpu: 100m}}"))
            .decide(pod(QUILL, "[{name: app, image: 'a:1', resources: {requests: {cpu: 10m}}}]"));

    assertThat(added(decision).at("/resources/limits/cpu").asText()).isEqualTo("100m");
  }

  @Test
  void a_language_for_which_a_pod_has_no_room_is_left_out_and_the_others_go_in() {
    Decision decision =
        Scene.empty()
            .with(
                new Scene.MadeUp("quill", 1)
                    .injecting(in -> in.sidecar("probe").image("example.org/probe:1")))
            .with(new Scene.MadeUp("ember", 2))
            .with(Scene.INSTRUMENTATION)
            .with(limits("{type: Pod, max: {cpu: 500m}}"))
            .decide(
                pod(
                    QUILL + ", " + inject("ember", "true"),
                    "[{name: app, image: 'a:1', resources: {limits: {cpu: 500m}}}]"));

    assertThat(told(decision)).contains("LimitRangeExceeded");
    assertThat(decision.warnings())
        .anySatisfy(warning ->
            assertThat(warning)
                .contains("starts without Quill", "max of cpu: 500m", "of the pod is 1 and"));
    assertThat(decision.injected()).extracting(Injected::language).containsExactly("ember");
  }

  @Test
  void a_pod_that_is_not_admitted_anyway_is_no_reason() {
    Decision decision =
        scene("{}")
            .with(limits("{type: Pod, max: {cpu: 500m}}"))
            .decide(pod(QUILL, "[{name: app, image: 'a:1', resources: {limits: {cpu: 2}}}]"));

    assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
  }

  @Test
  void a_guaranteed_pod_stays_so_within_the_limits() {
    Decision decision =
        scene("{}")
            .with(limits("{type: Container, max: {cpu: 200m, memory: 100Mi}}"))
            .decide(
                pod(
                    QUILL,
                    "[{name: app, image: 'a:1', resources: {limits: {cpu: 100m, memory: 50Mi}}}]"));

    assertThat(added(decision).path("resources"))
        .isEqualTo(
            Scene.tree(
                "{limits: {cpu: 200m, memory: 100Mi}, requests: {cpu: 200m, memory: 100Mi}}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{limits: {cpu: 1}, requests: {cpu: 1}}",
        "{limits: {memory: 64Mi}, requests: {}}",
        "{limits: {cpu: 0, memory: 64Mi}, requests: {cpu: 0}}"
      })
  void a_guaranteed_pod_stays_so_where_the_resource_gives_half_of_it(String given) {
    Decision decision =
        scene("{quill: {resources: %s}}".formatted(given))
            .decide(
                pod(
                    QUILL,
                    "[{name: app, image: 'a:1', resources: {limits: {cpu: 100m, memory: 50Mi}}}]"));

    JsonNode resources = added(decision).path("resources");
    assertThat(resources.path("limits")).isEqualTo(resources.path("requests"));
    assertThat(resources.path("limits").properties())
        .extracting(Map.Entry::getKey)
        .containsExactly("cpu", "memory");
    assertThat(resources.at("/limits/cpu").asText()).isNotEqualTo("0");
  }

  @Test
  void a_pod_without_resources_gets_those_of_the_namespace_from_the_API_server() {
    Decision decision =
        scene("{}")
            .with(limits("{type: Container, max: {cpu: 100m}}"))
            .decide(pod(QUILL, "[{name: app, image: 'a:1'}]"));

    assertThat(added(decision).has("resources")).isFalse();
    assertThat(told(decision)).doesNotContain("ResourcesLimited");
  }

  @Nested
  class Ephemeral_storage_of_the_pod {
    private static final String LIMITED =
        "[{name: app, image: 'a:1', resources: {limits: {ephemeral-storage: 100Mi}}}]";

    @ParameterizedTest
    @Compatibility("5-ephemeral-storage")
    @CsvSource({"20Mi, 520Mi", "1Gi, 1524Mi", "1500k, '525788000'", "'0', 500Mi"})
    void its_limit_is_raised_by_what_the_agents_volume_may_take(String own, String raised) {
      Decision decision =
          scene("{}")
              .decide(
                  pod(
                      QUILL,
                      "[{name: app, image: 'a:1', resources: {limits: {ephemeral-storage: %s}}}]"
                          .formatted(own)));

      assertThat(added(decision).path("resources"))
          .isEqualTo(
              Scene.tree(
                  "{limits: {ephemeral-storage: '%s'}, requests: {ephemeral-storage: '0'}}"
                      .formatted(raised)));
      assertThat(decision.pod().at("/spec/containers/0/resources/limits/ephemeral-storage"))
          .isEqualTo(Scene.tree("{l: %s}".formatted(own)).path("l"));
      assertThat(told(decision)).doesNotContain("EphemeralStorageShort");
    }

    @Test
    void a_pod_without_a_limit_gets_none() {
      Decision decision =
          scene("{}")
              .decide(
                  pod(
                      QUILL,
                      "[{name: app, image: 'a:1', resources: {requests: {ephemeral-storage: 1Gi}}}]"));

      assertThat(added(decision).has("resources")).isFalse();
    }

    @Test
    void a_limit_that_would_be_the_only_one_is_left_out_and_told() {
      Decision decision =
          scene(
                  "{quill: {resources: {limits: {cpu: 1, ephemeral-storage: 60Mi},"
                      + " requests: {ephemeral-storage: 30Mi}}}}")
              .decide(pod(QUILL, "[{name: app, image: 'a:1', resources: {requests: {cpu: 10m}}}]"));

      assertThat(added(decision).path("resources"))
          .isEqualTo(Scene.tree("{limits: {cpu: 1}, requests: {ephemeral-storage: 30Mi}}"));
      assertThat(told(decision)).contains("ResourcesLeftOut");
    }

    @Test
    void the_resources_that_the_resource_gives_stay_beside_it() {
      Decision decision =
          scene(
                  "{quill: {volumeLimitSize: 50Mi, resources: {limits: {cpu: 1,"
                      + " ephemeral-storage: 60Mi}, requests: {cpu: 20m}}}}")
              .decide(
                  pod(
                      QUILL,
                      "[{name: app, image: 'a:1', resources: {requests: {cpu: 10m},"
                          + " limits: {ephemeral-storage: 100Mi}}}]"));

      assertThat(added(decision).path("resources"))
          .isEqualTo(
              Scene.tree(
                  "{limits: {cpu: 1, ephemeral-storage: 150Mi},"
                      + " requests: {cpu: 20m, ephemeral-storage: 60Mi}}"));
    }

    @Test
    void what_the_pods_own_init_containers_and_sidecars_may_use_counts() {
      String pod =
          """
          apiVersion: v1
          kind: Pod
          metadata: {name: cart, namespace: shop, annotations: {%s}}
          spec:
            initContainers:
              - {name: proxy, image: 'p:1', restartPolicy: Always,
                 resources: {limits: {ephemeral-storage: 10Mi}}}
              - {name: fetch, image: 'f:1', resources: {limits: {ephemeral-storage: 2Gi}}}
            containers: %s
          """
              .formatted(QUILL, LIMITED);

      Decision decision = scene("{}").decide(pod);

      // 10 + 2048 before; the sidecar that runs beside it has its 10 of 2058 + 500.
      assertThat(
              decision
                  .pod()
                  .at("/spec/initContainers/2/resources/limits/ephemeral-storage")
                  .asText())
          .isEqualTo("2548Mi");
    }

    @Test
    void each_of_two_languages_counts() {
      Decision decision =
          Scene.empty()
              .with(new Scene.MadeUp("quill", 1))
              .with(new Scene.MadeUp("ember", 2))
              .with(Scene.INSTRUMENTATION)
              .decide(pod(QUILL + ", " + inject("ember", "true"), LIMITED));

      assertThat(decision.injected()).hasSize(2);
      assertThat(
              decision
                  .pod()
                  .at("/spec/initContainers/1/resources/limits/ephemeral-storage")
                  .asText())
          .isEqualTo("1100Mi");
    }

    @ParameterizedTest
    @ValueSource(
        strings = {
          "{type: Container, max: {ephemeral-storage: 100Mi}}",
          "{type: Container, max: {ephemeral-storage: 300Mi}}",
          "{type: Pod, max: {ephemeral-storage: 100Mi}}"
        })
    void a_limit_range_that_forbids_it_is_told(String range) {
      Decision decision = scene("{}").with(limits(range)).decide(pod(QUILL, LIMITED));

      added(decision);
      assertThat(decision.warnings())
          .anySatisfy(warning ->
              assertThat(warning)
                  .contains("may take 500Mi", "LimitRange", "evicts", "volumeLimitSize"));
    }

    @Test
    void the_request_is_what_a_limit_range_asks_for() {
      Decision decision =
          scene("{}")
              .with(limits("{type: Container, maxLimitRequestRatio: {ephemeral-storage: 4}}"))
              .decide(
                  pod(
                      QUILL,
                      "[{name: app, image: 'a:1', resources: {limits: {ephemeral-storage: 100Mi},"
                          + " requests: {ephemeral-storage: 100Mi}}}]"));

      assertThat(added(decision).at("/resources/requests/ephemeral-storage").asText())
          .isEqualTo("157286400");
      assertThat(told(decision)).doesNotContain("EphemeralStorageShort");
    }

    @Test
    void a_pod_with_the_defaults_of_a_limit_range_counts_as_limited() {
      Decision decision =
          scene("{}")
              .with(limits("{type: Container, default: {ephemeral-storage: 1Gi}}"))
              .decide(pod(QUILL, "[{name: app, image: 'a:1'}]"));

      assertThat(added(decision).at("/resources/limits/ephemeral-storage").asText())
          .isEqualTo("1524Mi");
    }

    @Test
    void a_volume_without_a_bound_is_told() {
      Decision decision = scene("{quill: {volumeLimitSize: 0}}").decide(pod(QUILL, LIMITED));

      assertThat(told(decision)).contains("EphemeralStorageShort");
      assertThat(added(decision).has("resources")).isFalse();
    }

    @Test
    void a_claim_takes_nothing_of_it() {
      Decision decision =
          scene("{quill: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce]}}}}")
              .decide(pod(QUILL, LIMITED));

      assertThat(added(decision).has("resources")).isFalse();
      assertThat(told(decision)).doesNotContain("EphemeralStorageShort");
    }

    @Test
    void it_can_be_switched_off_and_is_told_then() {
      Decision decision =
          scene("{}").set("keep-ephemeral-storage", "false").decide(pod(QUILL, LIMITED));

      assertThat(added(decision).has("resources")).isFalse();
      assertThat(told(decision)).contains("EphemeralStorageShort");
    }

    @Test
    void users_of_the_operator_have_it_too() {
      Decision decision = scene("{}").set("compatibility", "operator").decide(pod(QUILL, LIMITED));

      assertThat(added(decision).at("/resources/limits/ephemeral-storage").asText())
          .isEqualTo("300Mi");
    }
  }
}
