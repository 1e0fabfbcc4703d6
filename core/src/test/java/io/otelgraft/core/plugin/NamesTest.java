package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.resource.InstrumentationSchema;
import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No two languages own one name, and which of two gets it does not depend on luck. */
final class NamesTest {
  @TempDir private Path folder;

  @Test
  void of_two_jars_for_one_language_the_higher_version_is_used_whatever_they_are_called() {
    PluginJar.language("x").version("1.9").at(folder.resolve("a.jar"));
    PluginJar.language("x").version("1.10").at(folder.resolve("b.jar"));
    PluginJar.language("x").at(folder.resolve("c.jar"));

    Catalogue catalogue = Plugins.load(folder);

    assertThat(catalogue.languages()).extracting(LoadedPlugin::name).containsExactly("b.jar");
    String reason = "language x is provided by b.jar, version 1.10 already; remove one of the two";
    assertThat(catalogue.refused())
        .containsExactly(new RefusedPlugin("a.jar", reason), new RefusedPlugin("c.jar", reason));
  }

  @Test
  void of_two_jars_of_one_version_the_first_by_name_is_used_whichever_came_first() {
    try (Plugins plugins = Plugins.open(folder)) {
      PluginJar.language("x").version("1").at(folder.resolve("b.jar"));
      assertThat(names(plugins.reload())).containsExactly("b.jar");

      PluginJar.language("x").version("1").declaring(".order(1)").at(folder.resolve("a.jar"));
      assertThat(names(plugins.reload())).containsExactly("a.jar");
    }
    assertThat(names(Plugins.load(folder))).containsExactly("a.jar");
  }

  @Test
  void the_other_jar_takes_over_when_the_one_in_use_is_removed() throws IOException {
    PluginJar.language("x").version("1").at(folder.resolve("a.jar"));
    Path newer = PluginJar.language("x").version("2").at(folder.resolve("b.jar"));
    try (Plugins plugins = Plugins.open(folder)) {
      assertThat(names(plugins.current())).containsExactly("b.jar");

      Files.delete(newer);

      assertThat(names(plugins.reload())).containsExactly("a.jar");
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void two_languages_do_not_share_a_section() {
    PluginJar.language("a").declaring(".section(\"shared\")").in(folder);
    PluginJar.language("b").declaring(".section(\"shared\")").in(folder);

    assertRefused("b.jar", "the section \"shared\" is taken by a.jar already");
  }

  @Test
  void two_languages_do_not_share_an_annotation() {
    String reads = ".annotations(Setting.text(\"some-key\"))";
    PluginJar.language("a").declaring(reads).in(folder);
    PluginJar.language("b").declaring(reads).in(folder);

    assertRefused("b.jar", "the annotation \"some-key\" is taken by a.jar already");
  }

  @Test
  void a_language_does_not_read_the_container_names_of_another() {
    PluginJar.language("a").in(folder);
    PluginJar.language("b").declaring(".containerNamesKey(\"a-container-names\")").in(folder);

    assertRefused("b.jar", "the annotation \"a-container-names\" is taken by a.jar already");
  }

  @Test
  void an_irregular_key_for_container_names_is_allowed() {
    var plugin = declaring(Language.named("x").containerNamesKey("inject-x-container-names"));

    assertThat(Catalogue.of(plugin).languages().getFirst().containerNamesAnnotation())
        .isEqualTo("instrumentation.opentelemetry.io/inject-x-container-names");
  }

  static Stream<Language.Builder> namesThatNoLanguageGets() {
    return Stream.of(
        Language.named("x-container-names"),
        Language.named("exporter"),
        Language.named("x").section("exporter"),
        Language.named("x").section("env"),
        Language.named("x").section("sampler"),
        Language.named("x").section("imagePullPolicy"),
        Language.named("x").section(""),
        Language.named("x").section("spec.x"),
        Language.named("x").section("x", Setting.text("image")),
        Language.named("x").section("x", Setting.variables("env")),
        Language.named("x").section("x", Setting.text("not a field")),
        Language.named("x").annotations(Setting.text("container-names")),
        Language.named("x").annotations(Setting.text("inject-y")),
        Language.named("x").annotations(Setting.text("inject-x")),
        Language.named("x").annotations(Setting.text("x-container-names")),
        Language.named("x").annotations(Setting.text("a/b")),
        Language.named("x").containerNamesKey("container-names"),
        Language.named("x").containerNamesKey("inject-x"));
  }

  @ParameterizedTest
  @MethodSource("namesThatNoLanguageGets")
  void names_that_belong_to_graft_or_to_nobody_are_refused(Language.Builder language) {
    assertThatThrownBy(() -> Catalogue.of(declaring(language)))
        .isInstanceOf(IllegalArgumentException.class)
        .message()
        .containsAnyOf("reserved", "all languages share", "every section has", "is not", "twice");
  }

  @Test
  void every_field_that_no_language_declared_is_reserved() {
    assertThat(Names.COMMON_FIELDS).containsAll(fieldsOfSpec(Catalogue.of()));
  }

  @Test
  void every_setting_that_no_language_declared_is_reserved() {
    Catalogue catalogue =
        Catalogue.of(declaring(Language.named("x").section("x").image("image", "1")));

    assertThat(Names.COMMON_SETTINGS).containsAll(fieldsOfSpec(catalogue, "x"));
  }

  private static List<String> fieldsOfSpec(Catalogue catalogue, String... path) {
    JsonNode schema =
        InstrumentationSchema.definition(catalogue)
            .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec");
    for (String field : path) {
      schema = schema.path("properties").path(field);
    }
    List<String> fields =
        schema.path("properties").propertyStream().map(Map.Entry::getKey).toList();
    assertThat(fields).isNotEmpty();
    return fields;
  }

  private void assertRefused(String name, String reason) {
    Catalogue catalogue = Plugins.load(folder);
    assertThat(catalogue.languages()).hasSize(1);
    assertThat(catalogue.refused())
        .containsExactly(new RefusedPlugin(name, reason + "; remove one of the two"));
  }

  private static LanguagePlugin declaring(Language.Builder language) {
    return language::build;
  }

  private static List<String> names(Catalogue catalogue) {
    return catalogue.languages().stream().map(LoadedPlugin::name).toList();
  }
}
