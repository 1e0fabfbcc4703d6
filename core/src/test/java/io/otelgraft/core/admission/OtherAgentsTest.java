package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.OtherAgents;
import io.otelgraft.core.injection.OtherAgents.Place;
import io.otelgraft.core.injection.OtherAgents.Sign;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Reason;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Agents of other products: recognised, left alone, and joined only where the pod insists. */
final class OtherAgentsTest {
  private static final String INSISTS =
      ", instrumentation.opentelemetry.io/beside-other-agents: 'true'";

  /** What agents and their injectors leave in pods, for each of the signs that are looked for. */
  private static final List<Arguments> CASES =
      List.of(
          podKey("Datadog", "labels", "admission.datadoghq.com/enabled", "true"),
          podKey("Datadog", "annotations", "admission.datadoghq.com/all-lib.version", "latest"),
          podKey("Dynatrace", "annotations", "oneagent.dynatrace.com/inject", "true"),
          podKey("Dynatrace", "annotations", "oneagent.dynatrace.com/injected", "true"),
          podKey("Elastic", "annotations", "co.elastic.apm/attach", "any"),
          podKey("Instana", "labels", "instana-autotrace", "true"),
          podKey("Lumigo", "labels", "lumigo.auto-trace", "true"),
          variable("Datadog", "DD_TRACE_ENABLED", "value: 'true'"),
          variable("Datadog", "DD_INJECTION_ENABLED", "value: tracer"),
          variable("New Relic", "NEW_RELIC_APP_NAME", "value: cart"),
          variable("AppDynamics", "APPDYNAMICS_AGENT_APPLICATION_NAME", "value: cart"),
          variable(
              "Elastic", "ELASTIC_APM_SERVER_URL", "valueFrom: {secretKeyRef: {name: s, key: k}}"),
          variable("Elastic", "ELASTIC_APM_SERVICE_NAME", "value: cart"),
          variable("SkyWalking", "SW_AGENT_NAME", "value: cart"),
          preloaded("Dynatrace", "/opt/dynatrace/oneagent/agent/lib64/liboneagentproc.so"),
          preloaded("Datadog", "/opt/datadog-packages/inject/launcher.preload.so"),
          preloaded("Instana", "/opt/instana/instrumentation/libinstana_init/libinstana_init.so"),
          preloaded("Lumigo", "/__lumigo/injector/lumigo_injector.so"),
          preloaded("AppDynamics", "/opt/appdynamics/agents/libpreload.so"),
          preloaded("the OpenTelemetry injector", "/usr/lib/opentelemetry/libotelinject.so"),
          initContainer("Datadog", "datadog-lib-quill-init"),
          initContainer("Datadog", "datadog-init-apm-inject"),
          initContainer("Dynatrace", "install-oneagent"),
          initContainer("Instana", "instana-instrumentation-init"),
          initContainer("AppDynamics", "appd-agent-attach-quill"),
          initContainer("New Relic", "newrelic-instrumentation-quill"),
          initContainer("Lumigo", "lumigo-injector"),
          volume("Datadog", "datadog-auto-instrumentation"),
          volume("Dynatrace", "oneagent-bin"),
          volume("Dynatrace", "oneagent-share"),
          volume("Instana", "instana-instrumentation-volume"),
          volume("Elastic", "elastic-apm-agent"));

  static List<Arguments> cases() {
    return CASES;
  }

  private static Arguments podKey(String product, String where, String key, String value) {
    return arguments(
        Place.POD_KEY, product, key, "metadata: {%s: {%s: '%s'}}".formatted(where, key, value));
  }

  private static Arguments variable(String product, String name, String value) {
    return arguments(Place.VARIABLE, product, name, "env: [{name: %s, %s}]".formatted(name, value));
  }

  private static Arguments preloaded(String product, String path) {
    return arguments(
        Place.PRELOADED, product, path, "env: [{name: LD_PRELOAD, value: %s}]".formatted(path));
  }

  private static Arguments initContainer(String product, String name) {
    return arguments(
        Place.INIT_CONTAINER,
        product,
        name,
        "initContainers: [{name: %s, image: i}]".formatted(name));
  }

  private static Arguments volume(String product, String name) {
    return arguments(
        Place.VOLUME,
        product,
        name,
        "volumeMounts: [{name: %s, mountPath: /opt/agent}]".formatted(name));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void an_agent_that_is_there_or_was_asked_for_is_left_alone(
      Place place, String product, String seen, String sign) {
    Decision decision = Scene.standard().decide(pod(sign, ""));

    assertThat(decision.outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(decision.reason()).isEqualTo(Reasons.ANOTHER_AGENT);
    assertThat(decision.warnings())
        .singleElement()
        .asString()
        .contains(product, seen, "container app is left as it is", "beside-other-agents: \"true\"");
    assertThat(Scene.standard().decide(pod(sign, INSISTS)).outcome()).isEqualTo(Outcome.INJECTED);
  }

  @Test
  void each_sign_has_a_case_of_its_own() {
    assertThat(OtherAgents.SIGNS)
        .allSatisfy(sign ->
            assertThat(CASES)
                .as("%s", sign)
                .filteredOn(some ->
                    some.get()[0] == sign.place()
                        && some.get()[1].equals(sign.product())
                        && isSeen(sign, (String) some.get()[2]))
                .hasSize(1));
    assertThat(CASES).hasSameSizeAs(OtherAgents.SIGNS);
  }

  private static boolean isSeen(Sign sign, String in) {
    return switch (sign.place()) {
      case POD_KEY, VARIABLE, VOLUME -> in.equals(sign.text());
      case INIT_CONTAINER -> in.startsWith(sign.text());
      case PRELOADED -> in.contains(sign.text());
    };
  }

  /** Each variable by which a product is switched off, beside one that shows the product. */
  static Stream<Arguments> switches() {
    return OtherAgents.SWITCHES.entrySet().stream()
        .flatMap(product ->
            product.getValue().stream()
                .flatMap(name ->
                    OtherAgents.SIGNS.stream()
                        .filter(sign -> sign.place() == Place.VARIABLE)
                        .filter(sign -> sign.product().equals(product.getKey()))
                        .map(sign -> arguments(sign.text(), name))));
  }

  @ParameterizedTest
  @MethodSource("switches")
  void a_product_that_is_switched_off_keeps_nothing_out(String variable, String off) {
    String env = "env: [{name: %s, value: cart}, {name: %s, value: '%s'}]";

    assertThat(Scene.standard().decide(pod(env.formatted(variable, off, "false"), "")).outcome())
        .isEqualTo(Outcome.INJECTED);
    assertThat(Scene.standard().decide(pod(env.formatted(variable, off, "true"), "")).outcome())
        .isEqualTo(Outcome.UNCHANGED);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "env: [{name: OTEL_SERVICE_NAME, value: cart}, {name: OTEL_TRACES_EXPORTER, value: otlp}]",
        "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://c:4317'}]",
        "env: [{name: DD_ENV, value: prod}, {name: DD_SERVICE, value: cart}, {name: DD_AGENT_HOST,"
            + " value: h}]",
        "env: [{name: DD_TRACE_ENABLED, value: 'false'}]",
        "env: [{name: NEW_RELIC_LICENSE_KEY, value: k}]",
        "env: [{name: NEW_RELIC_APP_NAME, value: cart}, {name: NEW_RELIC_ENABLED, value: 'false'}]",
        "env: [{name: LD_PRELOAD, value: /usr/lib/libjemalloc.so.2}]",
        "metadata: {labels: {admission.datadoghq.com/enabled: 'false'}}",
        "metadata: {annotations: {oneagent.dynatrace.com/inject: 'false'}}",
        "initContainers: [{name: migrate, image: i}]"
      })
  void what_only_looks_like_one_keeps_nothing_out(String sign) {
    assertThat(Scene.standard().decide(pod(sign, "")).outcome()).isEqualTo(Outcome.INJECTED);
  }

  @Test
  void a_language_that_only_configures_goes_in_beside_any_agent() {
    Decision decision =
        Scene.standard()
            .decide(
                pod("env: [{name: NEW_RELIC_APP_NAME, value: cart}]", "")
                    .replace("inject-quill", "inject-kit"));

    assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
  }

  @Test
  void a_language_declares_signs_of_its_own() {
    LanguagePlugin plugin =
        () ->
            Language.named("quill")
                .section("quill")
                .image("example.org/quill", "1.0")
                .otherAgents(
                    AgentSign.variable("Inkwell", "INKWELL_TRACE"),
                    AgentSign.podKey("Inkwell", "inkwell.example.com/quill"))
                .build();
    Scene scene = Scene.empty().with(plugin).with(Scene.INSTRUMENTATION);

    assertThat(scene.decide(pod("env: [{name: INKWELL_TRACE, value: '1'}]", "")).warnings())
        .singleElement()
        .asString()
        .contains("Inkwell, by the variable INKWELL_TRACE");
    assertThat(
            scene
                .decide(pod("metadata: {annotations: {inkwell.example.com/quill: on}}", ""))
                .reason())
        .isEqualTo(Reasons.ANOTHER_AGENT);
    assertThat(scene.decide(pod("env: [{name: INKWELL_TRACE, value: '0'}]", "")).outcome())
        .isEqualTo(Outcome.INJECTED);
  }

  @Test
  void the_pod_overrules_a_plugin_that_has_found_another_agent_and_no_other_reason_of_it() {
    Reason another = Reason.of("AnotherAgent", "Another one is there.").overridable();
    Reason broken = Reason.of("Broken", "It would not work.");

    assertThat(standingDown(another, INSISTS).outcome()).isEqualTo(Outcome.INJECTED);
    assertThat(standingDown(another, "").outcome()).isEqualTo(Outcome.UNCHANGED);
    assertThat(standingDown(broken, INSISTS).outcome()).isEqualTo(Outcome.UNCHANGED);
  }

  @Test
  void how_an_agent_gets_on_beside_another_is_told_only_if_it_goes_in() {
    Reason another = Reason.of("AnotherAgent", "Another one is there.").overridable();
    Scene scene =
        Scene.empty()
            .with(
                new MadeUp("quill", 1)
                    .examining((target, verdict) -> {
                      verdict.standDown(another, "something");
                      verdict.note("without colours");
                    }))
            .with(Scene.INSTRUMENTATION);

    assertThat(scene.decide(pod("env: []", INSISTS)).findings())
        .extracting(Finding::message)
        .contains("without colours");
    assertThat(scene.decide(pod("env: []", "")).findings())
        .extracting(Finding::message)
        .doesNotContain("without colours");
  }

  private static Decision standingDown(Reason reason, String annotations) {
    return Scene.empty()
        .with(
            new MadeUp("quill", 1)
                .examining((target, verdict) -> verdict.standDown(reason, "something")))
        .with(Scene.INSTRUMENTATION)
        .decide(pod("env: []", annotations));
  }

  @Test
  void insisting_is_true_or_false() {
    Decision decision = Scene.standard().decide(pod("env: []", INSISTS.replace("'true'", "maybe")));

    assertThat(decision.reason()).isEqualTo(Reasons.ANNOTATION_INVALID);
    assertThat(decision.message()).contains("beside-other-agents: maybe is neither true nor false");
  }

  /** A pod with a sign in its container, its metadata or its spec. */
  private static String pod(String sign, String annotations) {
    boolean ofSpec = sign.startsWith("initContainers");
    boolean ofMetadata = sign.startsWith("metadata");
    String labels = ofMetadata && sign.contains("labels") ? inner(sign) : "";
    String annotation = ofMetadata && sign.contains("annotations") ? ", " + inner(sign) : "";
    return """
    apiVersion: v1
    kind: Pod
    metadata: {name: cart, namespace: shop, labels: {%s}, annotations: {%s%s%s}}
    spec:
      containers: [{name: app, image: 'app:1'%s}]
      %s
    """
        .formatted(
            labels,
            inject("quill", "true"),
            annotations,
            annotation,
            ofSpec || ofMetadata ? "" : ", " + sign,
            ofSpec ? sign : "");
  }

  private static String inner(String metadata) {
    return metadata.substring(metadata.lastIndexOf('{') + 1, metadata.indexOf('}'));
  }
}
