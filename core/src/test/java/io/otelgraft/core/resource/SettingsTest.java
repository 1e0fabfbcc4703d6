package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.Instrumentation.Sampler;
import io.otelgraft.core.resource.Settings.Convention;
import io.otelgraft.core.resource.Settings.OnError;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Protocol;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class SettingsTest {

  private static ObjectNode file(String text) {
    return Documents.read("graft.yaml", text).list().getFirst().tree();
  }

  @Test
  void who_sets_nothing_follows_the_specification() {
    Settings standard = Settings.standard();

    assertThat(standard.mountPaths()).isEqualTo(Convention.SPECIFICATION);
    assertThat(standard.languageDefaults()).isEqualTo(Convention.SPECIFICATION);
    assertThat(standard.serviceNameRule()).isEqualTo(Convention.SPECIFICATION);
    assertThat(standard.onError()).isEqualTo(OnError.REJECT);
    assertThat(standard.keepQosClass()).isTrue();
    assertThat(standard.explicitProtocol()).isTrue();
    assertThat(standard.mode()).isEqualTo(Mode.ENFORCE);
  }

  @Test
  void a_preset_sets_what_nothing_else_sets_whatever_the_order() {
    Settings operator =
        Settings.builder()
            .set("service-name-rule", "specification")
            .set("compatibility", "operator")
            .set("keep-qos-class", "true")
            .build();

    assertThat(operator.mountPaths()).isEqualTo(Convention.OPERATOR);
    assertThat(operator.languageDefaults()).isEqualTo(Convention.OPERATOR);
    assertThat(operator.serviceNameRule()).isEqualTo(Convention.SPECIFICATION);
    assertThat(operator.onError()).isEqualTo(OnError.ALLOW);
    assertThat(operator.keepQosClass()).isTrue();
    assertThat(operator.explicitProtocol()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void a_preset_is_the_same_as_each_of_its_settings(Convention convention) {
    var single = Settings.builder();
    Settings.preset(convention).forEach(single::set);

    assertThat(single.build()).isEqualTo(Settings.builder().compatibility(convention).build());
  }

  @Test
  void a_file_says_the_same_as_flags_do() {
    Settings fromFile =
        Settings.builder()
            .set(
                file(
                    """
                    admission:
                      on-error: allow
                    mode: observe
                    excluded-namespaces: [a, b-*]
                    excluded-namespace-labels: [skip]
                    enabled-languages: [rexx]
                    disabled-languages: [cobol]
                    images:
                      cobol: mirror.example/cobol:1
                    explicit-protocol: false
                    defaults:
                      endpoint: http://${NODE_IP}:4317
                      protocol: grpc
                      sampler: traceidratio
                      sampler-argument: 0.5
                      propagators: [b3, baggage]
                      env:
                        LEVEL: debug
                    cluster-name: blue
                    """))
            .build();
    Settings fromFlags =
        Settings.builder()
            .set("admission.on-error", "allow")
            .set("mode", "observe")
            .set("excluded-namespaces", "a, b-*")
            .set("excluded-namespace-labels", "skip")
            .set("enabled-languages", "rexx")
            .set("disabled-languages", "cobol")
            .set("images.cobol", "mirror.example/cobol:1")
            .set("explicit-protocol", "false")
            .set("defaults.endpoint", "http://${NODE_IP}:4317")
            .set("defaults.protocol", "grpc")
            .set("defaults.sampler", "traceidratio")
            .set("defaults.sampler-argument", "0.5")
            .set("defaults.propagators", "b3,baggage")
            .set("defaults.env.LEVEL", "debug")
            .set("cluster-name", "blue")
            .build();

    assertThat(fromFile).isEqualTo(fromFlags);
    assertThat(fromFile.onError()).isEqualTo(OnError.ALLOW);
    assertThat(fromFile.images()).isEqualTo(Map.of("cobol", "mirror.example/cobol:1"));
    assertThat(fromFile.defaults().protocol()).contains(Protocol.GRPC);
    assertThat(fromFile.defaults().sampler())
        .contains(new Sampler("traceidratio", Optional.of("0.5")));
    assertThat(fromFile.defaults().propagators()).containsExactly("b3", "baggage");
    assertThat(fromFile.defaults().env()).containsExactly(EnvVar.of("LEVEL", "debug"));
    assertThat(fromFile.clusterName()).contains("blue");
  }

  @Test
  void the_value_of_a_variable_may_hold_dots_commas_and_equals_signs() {
    Settings settings = Settings.builder().set("defaults.env.OPTIONS", "a=b,c.d=e").build();

    assertThat(settings.defaults().env()).containsExactly(EnvVar.of("OPTIONS", "a=b,c.d=e"));
  }

  @Test
  void an_unknown_name_names_the_nearest() {
    assertThatThrownBy(() -> Settings.builder().set("admission.onerror", "allow"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown setting admission.onerror, did you mean admission.on-error?");
    assertThatThrownBy(() -> Settings.builder().set(file("defaults: {endpont: x}")))
        .hasMessage("unknown setting defaults.endpont, did you mean defaults.endpoint?");
    assertThatThrownBy(() -> Settings.builder().set("colour", "red"))
        .hasMessage("unknown setting colour");
  }

  @Test
  void a_value_that_is_not_allowed_names_those_that_are() {
    assertThatThrownBy(() -> Settings.builder().set("admission.on-error", "ignore"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("setting admission.on-error is \"ignore\", which is not one of reject, allow");
    assertThatThrownBy(() -> Settings.builder().set("keep-qos-class", "yes"))
        .hasMessage("setting keep-qos-class is \"yes\", which is not one of true, false");
    assertThatThrownBy(() -> Settings.builder().set("defaults.propagators", "b3,w3c"))
        .hasMessage(
            "setting defaults.propagators has \"w3c\", which is not one of"
                + " tracecontext, baggage, b3, b3multi, jaeger, xray, ottrace, none");
    assertThatThrownBy(() -> Settings.builder().set("images", "cobol"))
        .hasMessage(
            "setting images wants names with values, as in images.NAME=VALUE; found \"cobol\"");
    assertThatThrownBy(() -> Settings.builder().set(file("cluster-name: [a]")))
        .hasMessage("setting cluster-name wants a single value; found [\"a\"]");
  }

  @Test
  void defaults_are_held_to_the_rules_of_resources() {
    assertThatThrownBy(() -> Settings.builder().endpoint("http://:4317").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "setting defaults.endpoint \"http://:4317\" has no host;"
                + " write a URL such as http://otel-collector:4317");
    assertThatThrownBy(
            () -> Settings.builder().sampler("traceidratio").samplerArgument("2").build())
        .hasMessageStartingWith(
            "setting defaults.sampler-argument \"2\" is not a number from 0 to 1");
    assertThatThrownBy(() -> Settings.builder().samplerArgument("1").build())
        .hasMessage("setting defaults.sampler-argument is set without defaults.sampler");
  }

  @Test
  void every_setting_has_a_name_in_kebab_case_and_one_for_the_environment() {
    assertThat(Settings.keys())
        .extracting(Setting::name)
        .doesNotHaveDuplicates()
        .allMatch(name -> name.matches("[a-z]+(-[a-z]+)*(\\.[a-z]+(-[a-z]+)*)?"));
    assertThat(Settings.keys()).extracting(Setting::environmentVariable).doesNotHaveDuplicates();
    assertThat(Settings.keys()).extracting(Setting::description).noneMatch(String::isBlank);
    assertThat(Settings.keys())
        .filteredOn(key -> key.name().equals("admission.on-error"))
        .singleElement()
        .satisfies(
            key -> assertThat(key.environmentVariable()).isEqualTo("GRAFT_ADMISSION_ON_ERROR"));
  }

  @Test
  @Compatibility("8-namespaces")
  void namespaces_are_left_alone_by_name_pattern_and_label() {
    Settings settings =
        Settings.builder()
            .excludedNamespaces(List.of("kube-system", "team-*-ci", "*-sandbox"))
            .excludedNamespaceLabels(List.of("legacy", "tier=infra"))
            .build();

    assertThat(exclusion(settings, "kube-system", Map.of()))
        .contains("excluded-namespaces has kube-system");
    assertThat(exclusion(settings, "team-a-b-ci", Map.of()))
        .contains("excluded-namespaces has team-*-ci");
    assertThat(exclusion(settings, "my-sandbox", Map.of())).isPresent();
    assertThat(exclusion(settings, "kube-system-2", Map.of())).isEmpty();
    assertThat(exclusion(settings, "team-ci", Map.of())).isEmpty();
    assertThat(exclusion(settings, "shop", Map.of("legacy", "")))
        .contains("excluded-namespace-labels has legacy");
    assertThat(exclusion(settings, "shop", Map.of("tier", "infra"))).isPresent();
    assertThat(exclusion(settings, "shop", Map.of("tier", "web"))).isEmpty();
  }

  private static Optional<String> exclusion(
      Settings settings, String namespace, Map<String, String> labels) {
    return settings.exclusion(new NamespaceFacts(namespace, labels, Map.of()));
  }

  @Test
  @Compatibility("2-language-off")
  void a_language_that_is_off_by_default_has_to_be_enabled_and_disabling_wins() {
    Language optional = Language.named("rexx").enabledByDefault(false).build();
    Language usual = Language.named("cobol").build();

    assertThat(Settings.standard().enables(usual)).isTrue();
    assertThat(Settings.standard().enables(optional)).isFalse();
    Settings both = Settings.builder().enabledLanguages(List.of("rexx", "cobol")).build();
    assertThat(both.enables(optional)).isTrue();
    Settings neither =
        Settings.builder()
            .enabledLanguages(List.of("rexx"))
            .disabledLanguages(List.of("rexx", "cobol"))
            .build();
    assertThat(neither.enables(optional)).isFalse();
    assertThat(neither.enables(usual)).isFalse();
  }
}
