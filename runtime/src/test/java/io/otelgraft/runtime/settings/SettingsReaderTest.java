package io.otelgraft.runtime.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.otelgraft.core.resource.Mode;
import io.otelgraft.core.resource.Settings.OnError;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.runtime.settings.EffectiveSettings.Given;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsReaderTest {

  @TempDir private Path folder;

  private EffectiveSettings read(String file, Map<String, String> environment, String... options)
      throws IOException {
    return SettingsReader.read(Optional.of(write(file)), environment, List.of(options));
  }

  private Path write(String file) throws IOException {
    return Files.writeString(folder.resolve("graft.yaml"), file);
  }

  @Test
  void the_parts_of_a_name_are_levels_of_the_file() throws IOException {
    var settings =
        read(
                """
                # What we agreed on
                mode: observe
                admission:
                  on-error: allow
                excluded-namespaces: [ops, test-*]
                images:
                  ruby: registry.example.com/ruby:1
                defaults:
                  env:
                    OTEL_LOG_LEVEL: debug
                """,
                Map.of())
            .settings();

    assertThat(settings.mode()).isEqualTo(Mode.OBSERVE);
    assertThat(settings.onError()).isEqualTo(OnError.ALLOW);
    assertThat(settings.excludedNamespaces()).containsExactly("ops", "test-*");
    assertThat(settings.images()).containsEntry("ruby", "registry.example.com/ruby:1");
    assertThat(settings.defaults().env()).extracting("name").containsExactly("OTEL_LOG_LEVEL");
  }

  @Test
  @Compatibility("8-precedence")
  void the_environment_counts_before_the_file_and_an_option_before_both() throws IOException {
    var file = "cluster-name: file\nmode: observe\nadmission: {on-error: allow}\n";
    var environment = Map.of("GRAFT_CLUSTER_NAME", "environment", "GRAFT_MODE", "enforce");

    var settings = read(file, environment, "cluster-name=option");

    assertThat(settings.settings().clusterName()).contains("option");
    assertThat(settings.settings().mode()).isEqualTo(Mode.ENFORCE);
    assertThat(settings.settings().onError()).isEqualTo(OnError.ALLOW);
    assertThat(settings.given())
        .extracting(Given::name, Given::text, Given::origin)
        .containsExactly(
            tuple("admission.on-error", "allow", folder.resolve("graft.yaml") + ":3:13"),
            tuple("mode", "enforce", "environment variable GRAFT_MODE"),
            tuple("cluster-name", "option", "--set"));
  }

  @Test
  void the_entries_of_a_map_come_together_from_all_places() throws IOException {
    var settings =
        read(
            "images: {ruby: file, perl: file}\n",
            Map.of("GRAFT_IMAGES", "perl=environment, lua=environment"),
            "images.lua=option");

    assertThat(settings.settings().images())
        .isEqualTo(Map.of("ruby", "file", "perl", "environment", "lua", "option"));
    assertThat(settings.given())
        .extracting(Given::name)
        .containsExactlyInAnyOrder("images.ruby", "images.perl", "images.lua");
  }

  @Test
  void the_file_can_be_named_by_the_environment() throws IOException {
    var environment = Map.of("GRAFT_SETTINGS", write("cluster-name: west\n").toString());

    assertThat(
            SettingsReader.read(Optional.empty(), environment, List.of()).settings().clusterName())
        .contains("west");
  }

  @Test
  void an_unknown_name_in_the_file_is_an_error_with_its_place_and_the_nearest_name() {
    assertThatThrownBy(() -> read("mode: observe\nadmission:\n  on-eror: allow\n", Map.of()))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "%s:3:3: unknown setting admission.on-eror, did you mean admission.on-error?",
            folder.resolve("graft.yaml"));
  }

  @Test
  void an_unknown_variable_is_an_error_that_names_the_nearest_one() {
    assertThatThrownBy(() -> read("", Map.of("GRAFT_CLUSTER_NMAE", "west")))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "environment variable GRAFT_CLUSTER_NMAE: no such setting, did you mean"
                + " GRAFT_CLUSTER_NAME?");
  }

  @Test
  @Compatibility("8-unknown-flags")
  void an_unknown_option_is_an_error_that_names_the_nearest_one() {
    assertThatThrownBy(() -> read("", Map.of(), "cluster-nmae=west"))
        .isInstanceOf(SettingsException.class)
        .hasMessage(
            "--set cluster-nmae=west: unknown setting cluster-nmae, did you mean cluster-name?");
  }

  @Test
  void a_value_that_is_none_of_the_values_is_an_error_with_its_place() {
    assertThatThrownBy(() -> read("\nmode: of\n", Map.of()))
        .hasMessage(
            "%s:2:1: setting mode is \"of\", which is not one of enforce, observe",
            folder.resolve("graft.yaml"));
    assertThatThrownBy(() -> read("", Map.of("GRAFT_MODE", "of")))
        .hasMessageStartingWith("environment variable GRAFT_MODE: setting mode is \"of\"");
  }

  @Test
  void a_file_that_is_not_there_or_no_yaml_is_an_error() {
    var nowhere = folder.resolve("nowhere.yaml");
    assertThatThrownBy(() -> SettingsReader.read(Optional.of(nowhere), Map.of(), List.of()))
        .hasMessage(
            "%s: there is no such settings file; correct --settings or GRAFT_SETTINGS", nowhere);
    assertThatThrownBy(() -> read("mode: observe\nmode: enforce\n", Map.of()))
        .hasMessageStartingWith(folder.resolve("graft.yaml") + ":2:1: duplicate key \"mode\"");
  }

  /** Kubernetes sets these in each pod of a namespace that has a service whose name is graft. */
  @Test
  void variables_by_which_kubernetes_tells_of_a_service_are_no_settings() throws IOException {
    var environment =
        Map.of(
            "GRAFT_SERVICE_HOST", "10.0.0.1",
            "GRAFT_SERVICE_PORT_HTTPS", "443",
            "GRAFT_PORT", "tcp://10.0.0.1:443",
            "GRAFT_WEBHOOK_PORT_443_TCP_ADDR", "10.0.0.1",
            "GRAFT_JVM_OPTIONS", "-Xmx64m");

    assertThat(read("", environment).given()).isEmpty();
  }
}
