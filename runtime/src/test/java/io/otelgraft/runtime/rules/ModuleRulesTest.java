package io.otelgraft.runtime.rules;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.runtime.rules.Reactor.Module;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Who may require whom. */
final class ModuleRulesTest {
  private static final Map<String, Module> MODULES = Reactor.modules();

  @Test
  void a_module_is_named_like_its_folder() {
    assertThat(MODULES.values())
        .allSatisfy(module ->
            assertThat(module.descriptor().name())
                .isEqualTo("io.otelgraft." + module.folder().replace('-', '.')));
  }

  @Test
  void what_plugins_compile_against_needs_the_jdk_alone() {
    assertThat(MODULES.get("spi").requires()).containsExactly("java.base");
  }

  @Test
  void what_decides_needs_the_spi_json_and_yaml_and_nothing_that_touches_the_world() {
    assertThat(MODULES.get("core").requires())
        .containsExactly(
            "com.fasterxml.jackson.databind",
            "io.otelgraft.spi",
            "java.base",
            "org.yaml.snakeyaml");
  }

  @Test
  void a_plugin_needs_the_spi_alone_and_shows_nothing_but_its_provider() {
    assertThat(MODULES.values())
        .filteredOn(Module::isPlugin)
        .isNotEmpty()
        .allSatisfy(plugin -> {
          assertThat(plugin.requires()).containsExactly("io.otelgraft.spi", "java.base");
          assertThat(plugin.descriptor().exports()).isEmpty();
          assertThat(plugin.descriptor().opens()).isEmpty();
        });
  }

  @Test
  void a_folder_of_a_language_holds_a_plugin() {
    assertThat(MODULES.values())
        .filteredOn(module -> module.folder().startsWith("lang-"))
        .isNotEmpty()
        .allMatch(Module::isPlugin);
  }

  @Test
  void nobody_needs_what_touches_the_world() {
    assertThat(MODULES.values())
        .allSatisfy(module -> assertThat(module.requires()).doesNotContain("io.otelgraft.runtime"));
  }
}
