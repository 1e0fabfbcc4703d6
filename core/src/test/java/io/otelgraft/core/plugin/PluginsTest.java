package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.otelgraft.fixtures.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded from a plugins folder, what is refused, and in which words. */
final class PluginsTest {
  @TempDir private Path folder;

  @Test
  void a_jar_and_a_folder_of_jars_are_plugins() {
    Path library = PluginJar.library("lib").in(folder.resolve("b"));
    PluginJar.language("a").version("1.2").in(folder);
    PluginJar.language("b").directive("requires lib").with(library).in(folder.resolve("b"));

    Catalogue catalogue = Plugins.load(folder);

    assertThat(catalogue.refused()).isEmpty();
    assertThat(catalogue.languages()).extracting(LoadedPlugin::name).containsExactly("a.jar", "b/");
    assertThat(catalogue.languages())
        .extracting(LoadedPlugin::module)
        .containsExactly("plugin.a", "plugin.b");
    assertThat(catalogue.languages()).extracting(LoadedPlugin::version).containsExactly("1.2", "");
  }

  @Test
  void one_jar_may_bring_several_languages() {
    PluginJar.language("a")
        .providing("plugin.a.Two")
        .source(
            "plugin.a.Two",
            """
            import io.otelgraft.spi.*;
            public class Two implements LanguagePlugin {
              public Language language() { return Language.named("two").build(); }
            }
            """)
        .in(folder);

    assertThat(ids(Plugins.load(folder))).containsExactly("a", "two");
  }

  @Test
  void languages_come_in_their_order_and_then_by_id_whatever_the_files_are_called() {
    PluginJar.language("late").declaring(".order(2000)").at(folder.resolve("0.jar"));
    PluginJar.language("z").at(folder.resolve("1.jar"));
    PluginJar.language("a").at(folder.resolve("2.jar"));
    PluginJar.language("early").declaring(".order(1)").at(folder.resolve("3.jar"));

    assertThat(ids(Plugins.load(folder))).containsExactly("early", "a", "z", "late");
  }

  @Test
  void the_same_files_have_the_same_digest_and_others_another() {
    Path jar = PluginJar.language("a").in(folder);
    String first = Plugins.load(folder).languages().getFirst().digest();
    PluginJar.language("a").at(jar);
    String same = Plugins.load(folder).languages().getFirst().digest();
    PluginJar.language("a").version("2").at(jar);
    String other = Plugins.load(folder).languages().getFirst().digest();

    assertThat(first).isEqualTo(same).isNotEqualTo(other).matches("[0-9a-f]{64}");
  }

  @Test
  void unfinished_hidden_and_other_files_are_left_alone() throws IOException {
    PluginJar.language("a").in(folder);
    PluginJar.language("b").at(folder.resolve(".b.jar"));
    PluginJar.language("c").at(folder.resolve("c.jar.tmp"));
    PluginJar.language("d").at(folder.resolve(".d").resolve("d.jar"));
    Files.writeString(folder.resolve("README.md"), "plugins");
    Files.createDirectory(folder.resolve("lost+found"));

    Catalogue catalogue = Plugins.load(folder);

    assertThat(ids(catalogue)).containsExactly("a");
    assertThat(catalogue.refused()).isEmpty();
  }

  @Test
  void a_volume_as_the_kubelet_mounts_it_gives_each_plugin_once() throws IOException {
    Path version = folder.resolve("..2026_01_01_00_00_00.1");
    PluginJar.language("a").in(version);
    PluginJar.language("b").in(version);
    Files.createSymbolicLink(folder.resolve("..data"), version.getFileName());
    Files.createSymbolicLink(folder.resolve("a.jar"), Path.of("..data", "a.jar"));
    Files.createSymbolicLink(folder.resolve("b.jar"), Path.of("..data", "b.jar"));

    Catalogue catalogue = Plugins.load(folder);

    assertThat(catalogue.languages())
        .extracting(LoadedPlugin::name)
        .containsExactly("a.jar", "b.jar");
    assertThat(catalogue.refused()).isEmpty();
  }

  @Test
  void a_link_to_nowhere_is_refused() throws IOException {
    PluginJar.language("a").in(folder);
    Files.createSymbolicLink(folder.resolve("x.jar"), Path.of("nowhere.jar"));

    assertRefused("x.jar", "does not exist");
  }

  @Test
  void a_folder_without_a_jar_is_refused() throws IOException {
    PluginJar.language("a").in(folder);
    Files.createDirectory(folder.resolve("x"));

    assertRefused("x/", "holds no jar", "put the plugin's jar into it");
  }

  @Test
  void a_plugins_folder_that_is_not_there_is_said_to_be_missing() {
    Path missing = folder.resolve("missing");

    Catalogue catalogue = Plugins.load(missing);

    assertThat(catalogue.languages()).isEmpty();
    assertThat(catalogue.refused())
        .containsExactly(
            new RefusedPlugin(missing.toString(), "does not exist; create it, or name another"));
  }

  @Test
  void a_jar_without_a_provider_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.library("x").directive("requires io.otelgraft.spi").in(folder);

    assertRefused("x.jar", "`provides io.otelgraft.spi.LanguagePlugin with ...`");
  }

  @Test
  void a_jar_without_a_descriptor_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").withoutDescriptor().in(folder);

    assertRefused("x.jar", "x.jar has no module-info.class", "add a module-info");
  }

  @Test
  void a_library_without_a_descriptor_is_refused() {
    PluginJar.language("a").in(folder);
    Path library =
        PluginJar.library("lib")
            .withoutDescriptor()
            .source("lib.Lib", "public class Lib {}")
            .in(folder.resolve("x"));
    PluginJar.language("x").directive("requires lib").with(library).in(folder.resolve("x"));

    assertRefused("x/", "lib.jar has no module-info.class", "use a version of it");
  }

  @Test
  void a_missing_module_is_named_with_the_place_for_it(@TempDir Path elsewhere) {
    PluginJar.language("a").in(folder);
    Path library = PluginJar.library("some.lib").in(elsewhere);
    PluginJar.language("x").directive("requires some.lib").with(library).in(folder);

    assertRefused(
        "x.jar",
        "module plugin.x requires some.lib, which is not there",
        "put the library's jar beside the plugin's into the folder x/");
  }

  @Test
  void two_jars_of_one_module_in_a_folder_are_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").at(folder.resolve("x").resolve("new.jar"));
    PluginJar.language("x").at(folder.resolve("x").resolve("old.jar"));

    assertRefused("x/", "new.jar and old.jar both are module plugin.x", "remove one");
  }

  @Test
  void modules_that_share_a_package_are_refused() {
    PluginJar.language("a").in(folder);
    Path x = folder.resolve("x");
    Path one = sharing("one").in(x);
    Path two = PluginJar.library("two").in(x);
    PluginJar.language("x")
        .directive("requires one")
        .directive("requires two")
        .with(one)
        .with(two)
        .in(x);
    sharing("two").at(two);

    assertRefused("x/", "its modules do not fit together", "shared");
  }

  private static PluginJar sharing(String module) {
    return PluginJar.library(module)
        .directive("exports shared")
        .source("shared.Lib", "public class Lib {}");
  }

  @Test
  void half_a_jar_is_refused() throws IOException {
    PluginJar.language("a").in(folder);
    byte[] whole = PluginJar.language("x").bytes();
    Files.write(folder.resolve("x.jar"), Arrays.copyOf(whole, whole.length / 2));

    assertRefused("x.jar", "x.jar is not a complete jar", "copy it again");
  }

  @Test
  void a_file_that_is_no_jar_is_refused() throws IOException {
    PluginJar.language("a").in(folder);
    Files.writeString(folder.resolve("x.jar"), "<html>404 Not Found</html>");

    assertRefused("x.jar", "x.jar is not a complete jar");
  }

  @Test
  void a_plugin_compiled_for_a_newer_jvm_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").classFileVersion(70).in(folder);

    assertRefused(
        "x.jar",
        "newer JVM (x.jar has class file version 70, this one reads up to 69)",
        "--release 25");
  }

  @Test
  void a_class_compiled_for_a_newer_jvm_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").classFileVersion("plugin.x.Provider", 70).in(folder);

    assertRefused("x.jar", "compiled for a newer JVM", "70", "--release 25");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2.0.0", "1.1.0", "0.9.0", "10.0"})
  void a_plugin_compiled_against_another_spi_is_refused_before_a_class_of_it_is_loaded(
      String version) {
    PluginJar.language("a").in(folder);
    PluginJar.language("x")
        .compiledAgainstSpi(version)
        .member("static { System.setProperty(\"plugin.x.was.loaded\", \"true\"); }")
        .in(folder);

    assertRefused(
        "x.jar", "compiled against version " + version + " of Graft's SPI", "this is 1.0");
    assertThat(System.getProperty("plugin.x.was.loaded")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "1.0", "1.0.7", "1.0.0-SNAPSHOT"})
  void a_plugin_compiled_against_the_same_spi_or_an_earlier_minor_version_of_it_works(
      String version) {
    PluginJar.language("a").compiledAgainstSpi(version).in(folder);

    assertThat(ids(Plugins.load(folder))).containsExactly("a");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "public Provider() { throw new IllegalStateException(\"no config\"); } | no config",
        "public Provider() { throw new NoSuchMethodError(\"gone\"); } | NoSuchMethodError: gone",
        "static { if (true) throw new IllegalStateException(\"static\"); } | static",
        "static { if (true) throw new StackOverflowError(); } | java.lang.StackOverflowError",
        "static { if (true) throw new OutOfMemoryError(\"x\"); } | java.lang.OutOfMemoryError",
      })
  void a_plugin_that_fails_while_it_starts_is_refused(String member, String failure) {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").member(member).in(folder);

    assertRefused("x.jar", "its constructor, static initializer or language() failed", failure);
  }

  @Test
  void a_plugin_whose_declaration_fails_is_refused_with_the_line_that_did() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").returning("return Language.named(\"X!\").build();").in(folder);

    assertRefused("x.jar", "failed", "X!");
  }

  @Test
  void a_throwable_that_cannot_even_say_what_it_is_is_refused_by_its_name() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x")
        .returning("throw new Evil();")
        .source(
            "plugin.x.Evil",
            """
            public class Evil extends RuntimeException {
              @Override public String getMessage() { throw new Evil(); }
            }
            """)
        .in(folder);

    assertRefused("x.jar", "failed: plugin.x.Evil");
  }

  @Test
  void a_plugin_that_declares_nothing_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").returning("return null;").in(folder);

    assertRefused("x.jar", "plugin.x.Provider.language() returns null", "return a declaration");
  }

  @Test
  void a_plugin_that_does_not_come_to_an_end_while_it_starts_is_refused() {
    Path jar = PluginJar.language("x").member("public Provider() { while (true) {} }").in(folder);

    assertThat(
            catchThrowableOfType(
                Unusable.class,
                () ->
                    PluginLayer.load(
                        PluginLayer.host(),
                        "x.jar",
                        List.of(jar),
                        () -> "",
                        Duration.ofMillis(50))))
        .hasMessageContaining("did not come to an end within 50 ms");
  }

  @Test
  void a_copy_of_the_spi_in_the_plugin_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.library("x")
        .directive("exports io.otelgraft.spi")
        .source("io.otelgraft.spi.LanguagePlugin", "public interface LanguagePlugin {}")
        .in(folder);

    assertRefused("x.jar", "contains a copy of Graft's SPI", "leave it out");
  }

  @Test
  void the_jar_of_the_spi_beside_the_plugin_is_refused() {
    PluginJar.language("a").in(folder);
    PluginJar.library("io.otelgraft.spi").in(folder.resolve("x"));
    PluginJar.language("x").in(folder.resolve("x"));

    assertRefused("x/", "io.otelgraft.spi.jar contains a copy of Graft's SPI");
  }

  @Test
  void a_jar_with_one_bad_language_is_refused_whole() {
    PluginJar.language("a").in(folder);
    PluginJar.language("x")
        .providing("plugin.x.Two")
        .source(
            "plugin.x.Two",
            """
            import io.otelgraft.spi.*;
            public class Two implements LanguagePlugin {
              public Language language() { return null; }
            }
            """)
        .in(folder);

    assertRefused("x.jar", "plugin.x.Two.language() returns null");
  }

  private void assertRefused(String name, String... reasons) {
    Catalogue catalogue = Plugins.load(folder);
    assertThat(ids(catalogue)).as("the others work").containsExactly("a");
    assertThat(catalogue.refused()).extracting(RefusedPlugin::name).containsExactly(name);
    assertThat(catalogue.refused().getFirst().reason()).contains(reasons).doesNotContain("\n");
  }

  private static List<String> ids(Catalogue catalogue) {
    return catalogue.languages().stream().map(LoadedPlugin::id).toList();
  }
}
