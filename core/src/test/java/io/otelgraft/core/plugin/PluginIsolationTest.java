package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.fixtures.PluginJar;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A plugin sees the JDK, the SPI and what it brings. Each attempt to reach a library of Graft is
 * made here by a plugin, with Jackson, which Graft has.
 */
final class PluginIsolationTest {
  private static final String JACKSON = "com.fasterxml.jackson.databind";
  private static final String MAPPER = JACKSON + ".ObjectMapper";

  @TempDir private Path folder;

  @Test
  void graft_itself_finds_the_library_that_the_plugins_look_for() throws Exception {
    assertThat(Class.forName(MAPPER).getModule().getName()).isEqualTo(JACKSON);
  }

  @Test
  void requiring_a_library_of_graft_is_refused(@TempDir Path elsewhere) {
    Path jackson = PluginJar.library(JACKSON).in(elsewhere);
    PluginJar.language("x").directive("requires " + JACKSON).with(jackson).in(folder);

    assertThat(refusal())
        .contains("requires " + JACKSON + ", a library of Graft, which plugins do not see")
        .contains("into the folder x/");
  }

  @Test
  void requiring_graft_itself_is_refused(@TempDir Path elsewhere) {
    Path core = PluginJar.library("io.otelgraft.core").in(elsewhere);
    PluginJar.language("x").directive("requires io.otelgraft.core").with(core).in(folder);

    assertThat(refusal()).contains("requires io.otelgraft.core, a library of Graft");
  }

  @Test
  void requiring_a_library_of_graft_optionally_gives_no_access_to_it(@TempDir Path elsewhere) {
    Path jackson = jacksonWith("\"the copy to compile against\"").in(elsewhere);
    PluginJar.language("x")
        .directive("requires static " + JACKSON)
        .with(jackson)
        .member("public void inject(Injection in) { " + MAPPER + ".name(); }")
        .in(folder);

    assertThat(injecting("x")).contains("java.lang.NoClassDefFoundError");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Class.forName(\"" + MAPPER + "\")",
        "Thread.currentThread().getContextClassLoader().loadClass(\"" + MAPPER + "\")",
        "getClass().getClassLoader().loadClass(\"" + MAPPER + "\")",
        "LanguagePlugin.class.getClassLoader().getParent().loadClass(\"plugin.x.Provider\")",
        "Class.forName(\"io.otelgraft.core.plugin.Plugins\")",
        "Class.forName(\"plugin.a.Provider\")",
      })
  void looking_for_a_class_of_others_finds_none(String attempt) {
    PluginJar.language("a").in(folder);
    PluginJar.language("x").member(injectSaying(attempt)).in(folder);

    assertThat(injecting("x")).contains("java.lang.ClassNotFoundException");
  }

  @Test
  void a_plugins_layer_holds_its_own_modules_and_they_do_not_read_those_of_graft() {
    PluginJar.language("x")
        .member(
            injectSaying(
                "getClass().getModule().getLayer().modules()"
                    + " + \" \" + ModuleLayer.boot().findModule(\""
                    + JACKSON
                    + "\").map(getClass().getModule()::canRead)"))
        .in(folder);

    assertThat(injecting("x")).contains("found [module plugin.x] Optional[false]");
  }

  @Test
  void providers_of_others_are_not_found() {
    PluginJar.language("x")
        .directive("uses io.otelgraft.spi.LanguagePlugin")
        .member(
            injectSaying(
                "ServiceLoader.load(LanguagePlugin.class).stream()"
                    + ".map(p -> p.type().getName()).toList()"))
        .in(folder);
    PluginJar.language("a").in(folder);

    assertThat(injecting("x")).contains("found [plugin.x.Provider]");
  }

  @Test
  void the_context_loader_is_the_plugins_while_it_runs_and_only_then() {
    PluginJar.language("x")
        .returning(
            "return Language.named(\"x\").title(\"\" + (getClass().getClassLoader()"
                + " == Thread.currentThread().getContextClassLoader())).build();")
        .member(
            injectSaying(
                "getClass().getClassLoader() == Thread.currentThread().getContextClassLoader()"))
        .in(folder);
    ClassLoader before = Thread.currentThread().getContextClassLoader();

    Catalogue catalogue = Plugins.load(folder);

    assertThat(catalogue.languages().getFirst().language().title()).isEqualTo("true");
    assertThat(injecting("x")).contains("found true");
    assertThat(Thread.currentThread().getContextClassLoader()).isSameAs(before);
  }

  @Test
  void a_plugin_may_bring_its_own_version_of_a_library_of_graft() {
    Path x = folder.resolve("x");
    Path own = jacksonWith("\"its own\"").in(x);
    PluginJar.language("x")
        .directive("requires " + JACKSON)
        .with(own)
        .member(injectSaying(MAPPER + ".name()"))
        .in(x);

    assertThat(injecting("x")).contains("found its own");
  }

  @Test
  void two_plugins_may_bring_two_versions_of_one_library() {
    for (String id : new String[] {"a", "b"}) {
      Path library = jacksonWith("\"the one of " + id + "\"").in(folder.resolve(id));
      PluginJar.language(id)
          .directive("requires " + JACKSON)
          .with(library)
          .member(injectSaying(MAPPER + ".name()"))
          .in(folder.resolve(id));
    }

    assertThat(injecting("a")).contains("found the one of a");
    assertThat(injecting("b")).contains("found the one of b");
  }

  @Test
  void a_library_that_optionally_requires_what_only_graft_has_works_without_it(
      @TempDir Path elsewhere) {
    Path jackson = jacksonWith("\"the copy to compile against\"").in(elsewhere);
    Path x = folder.resolve("x");
    Path library =
        PluginJar.library("lib")
            .directive("requires static " + JACKSON)
            .directive("exports lib")
            .with(jackson)
            .source(
                "lib.Lib",
                "public class Lib { public static String name() { try { return "
                    + MAPPER
                    + ".name(); } catch (NoClassDefFoundError e) { return \"nothing\"; } } }")
            .in(x);
    PluginJar.language("x")
        .directive("requires lib")
        .with(library)
        .member(injectSaying("lib.Lib.name()"))
        .in(x);

    assertThat(injecting("x")).contains("found nothing");
  }

  @Test
  void a_library_finds_the_services_that_come_with_it() {
    Path x = folder.resolve("x");
    Path library =
        PluginJar.library("lib")
            .directive("exports lib")
            .directive("uses java.util.function.Supplier")
            .source(
                "lib.Lib",
                "public class Lib { public static Object find() { return "
                    + "java.util.ServiceLoader.load(java.util.function.Supplier.class)"
                    + ".findFirst().get().get(); } }")
            .in(x);
    PluginJar.library("service")
        .directive("provides java.util.function.Supplier with service.Service")
        .source(
            "service.Service",
            "public class Service implements java.util.function.Supplier<String> {"
                + " public String get() { return \"the service\"; } }")
        .in(x);
    PluginJar.language("x")
        .directive("requires lib")
        .with(library)
        .member(injectSaying("lib.Lib.find()"))
        .in(x);

    assertThat(injecting("x")).contains("found the service");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"java.logging", "java.net.http", "java.sql", "java.desktop", "jdk.unsupported"})
  void a_module_of_java_se_may_be_required(String module) {
    PluginJar.language("x").directive("requires " + module).in(folder);

    assertThat(Plugins.load(folder).refused()).isEmpty();
  }

  @Test
  void a_module_of_the_jdk_that_is_not_promised_to_plugins_is_refused() {
    PluginJar.language("x").directive("requires jdk.compiler").in(folder);

    assertThat(refusal())
        .contains("requires jdk.compiler, a module of the JDK that plugins may not use")
        .contains("those of Java SE and jdk.unsupported");
  }

  private static PluginJar jacksonWith(String name) {
    return PluginJar.library(JACKSON)
        .directive("exports " + JACKSON)
        .source(
            MAPPER,
            "public class ObjectMapper { public static String name() { return " + name + "; } }");
  }

  /** An {@code inject} that tells the test what an expression gives, the only way it can. */
  private static String injectSaying(String expression) {
    return """
    public void inject(Injection in) {
      Object found;
      try {
        found = %s;
      } catch (Exception e) {
        found = e;
      }
      throw new IllegalStateException("found " + found);
    }
    """
        .formatted(expression);
  }

  private String injecting(String language) {
    LoadedPlugin plugin = Plugins.load(folder).language(language).orElseThrow();
    assertThatThrownBy(() -> plugin.inject(null)).isInstanceOf(PluginFailure.class);
    return plugin.lastFailure().orElseThrow();
  }

  private String refusal() {
    Catalogue catalogue = Plugins.load(folder);
    assertThat(catalogue.languages()).isEmpty();
    assertThat(catalogue.refused()).hasSize(1);
    return catalogue.refused().getFirst().reason();
  }
}
