package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a plugin throws stays with the plugin. */
final class LoadedPluginTest {

  static Stream<Throwable> whatAPluginThrows() {
    return Stream.of(
        new IllegalStateException("boom"),
        new AssertionError("boom"),
        new StackOverflowError("boom"),
        new OutOfMemoryError("boom"),
        new AbstractMethodError("boom"),
        new NoClassDefFoundError("boom"),
        new ExceptionInInitializerError("boom"),
        new InternalError("boom"),
        new java.io.IOException("boom"));
  }

  @ParameterizedTest
  @MethodSource("whatAPluginThrows")
  void whatever_is_thrown_becomes_a_failure_that_names_the_plugin(Throwable thrown) {
    LoadedPlugin plugin = throwing(thrown);

    for (Runnable call :
        new Runnable[] {
          () -> plugin.examine(null, null),
          () -> plugin.inject(null),
          () -> plugin.validate(null, null)
        }) {
      var failure = catchThrowableOfType(PluginFailure.class, call::run);
      assertThat(failure)
          .hasMessageContaining(plugin.name())
          .hasMessageContaining(thrown.getClass().getName() + ": boom")
          .hasNoCause();
      assertThat(failure.language()).isEqualTo("x");
      assertThat(failure.plugin()).isEqualTo(plugin.name());
      assertThat(failure.getStackTrace()).isEmpty();
      assertThat(failure.getSuppressed()).isEmpty();
    }
  }

  @Test
  void a_recursion_without_an_end_becomes_a_failure() {
    LoadedPlugin plugin =
        only(
            new LanguagePlugin() {
              @Override
              public Language language() {
                return Language.named("x").build();
              }

              @Override
              @SuppressWarnings("InfiniteRecursion")
              public void inject(Injection injection) {
                inject(injection);
              }
            });

    assertThatThrownBy(() -> plugin.inject(null))
        .isInstanceOf(PluginFailure.class)
        .hasMessageContaining("StackOverflowError");
  }

  @Test
  void a_failure_names_the_operation_and_the_line() {
    LoadedPlugin plugin = throwing(new IllegalStateException("boom"));

    assertThatThrownBy(() -> plugin.examine(null, null))
        .hasMessageContaining("failed in examine: java.lang.IllegalStateException: boom, at ")
        .hasMessageContaining("(LoadedPluginTest.");
  }

  @Test
  void a_plugin_is_set_aside_after_three_failures_in_a_row_and_not_called_again() {
    LoadedPlugin plugin = throwing(new IllegalStateException("boom"));
    for (int i = 0; i < 3; i++) {
      assertThat(plugin.quarantined()).isFalse();
      assertThatThrownBy(() -> plugin.inject(null)).hasMessageContaining("failed in inject");
    }

    assertThat(plugin.quarantined()).isTrue();
    assertThatThrownBy(() -> plugin.inject(null))
        .isInstanceOf(PluginFailure.class)
        .hasMessageContaining("is set aside: it failed in inject");
    assertThat(plugin.failures()).isEqualTo(3);
    assertThat(plugin.lastFailure()).hasValueSatisfying(it -> assertThat(it).contains("boom"));
  }

  @Test
  void a_plugin_that_fails_now_and_then_is_called_on() {
    var fails = new AtomicBoolean();
    LoadedPlugin plugin = failingToInject(fails);

    for (int i = 0; i < 9; i++) {
      fails.set(i % 3 != 2); // Twice, and once not.
      if (fails.get()) {
        assertThatThrownBy(() -> plugin.inject(null)).hasMessageContaining("failed in inject");
      } else {
        plugin.inject(null);
      }
    }

    assertThat(plugin.failures()).isEqualTo(6);
    assertThat(plugin.quarantined()).isFalse();
  }

  @Test
  void to_examine_well_does_not_make_up_for_failing_to_inject() {
    LoadedPlugin plugin = failingToInject(new AtomicBoolean(true));

    for (int i = 0; i < 3; i++) {
      plugin.examine(null, null);
      assertThatThrownBy(() -> plugin.inject(null)).isInstanceOf(PluginFailure.class);
    }

    assertThat(plugin.quarantined()).isTrue();
  }

  @Test
  void a_resource_that_a_plugin_fails_to_validate_takes_the_language_from_no_pod() {
    LoadedPlugin plugin =
        only(
            new LanguagePlugin() {
              @Override
              public Language language() {
                return Language.named("x").build();
              }

              @Override
              public void validate(Section section, Problems problems) {
                throw new IllegalStateException("boom");
              }
            });

    for (int i = 0; i < 10; i++) {
      assertThatThrownBy(() -> plugin.validate(null, null))
          .hasMessageContaining("failed in validate");
    }

    assertThat(plugin.failures()).isEqualTo(10);
    assertThat(plugin.quarantined()).isFalse();
    plugin.inject(null);
  }

  @Test
  void a_plugin_that_works_has_no_failures() {
    LoadedPlugin plugin = only(() -> Language.named("x").build());

    plugin.examine(null, null);
    plugin.inject(null);
    plugin.validate(null, null);

    assertThat(plugin.failures()).isZero();
    assertThat(plugin.lastFailure()).isEmpty();
    assertThat(plugin.quarantined()).isFalse();
  }

  @Test
  void what_is_set_aside_comes_back_with_another_jar_and_not_with_the_same(@TempDir Path folder)
      throws Exception {
    String failing = "public void inject(Injection in) { throw new IllegalStateException(); }";
    Path jar = PluginJar.language("x").member(failing).in(folder);
    try (Plugins plugins = Plugins.open(folder)) {
      LoadedPlugin before = plugins.current().languages().getFirst();
      while (!before.quarantined()) {
        assertThatThrownBy(() -> before.inject(null)).isInstanceOf(PluginFailure.class);
      }

      PluginJar.language("x").member(failing).at(jar);
      assertThat(plugins.reload().languages().getFirst()).isSameAs(before);

      PluginJar.language("x").at(jar);
      LoadedPlugin after = plugins.reload().languages().getFirst();
      assertThat(after.quarantined()).isFalse();
      after.inject(null);
    }
  }

  private static LoadedPlugin only(LanguagePlugin plugin) {
    return Catalogue.of(plugin).languages().getFirst();
  }

  private static LoadedPlugin failingToInject(AtomicBoolean fails) {
    return only(
        new LanguagePlugin() {
          @Override
          public Language language() {
            return Language.named("x").build();
          }

          @Override
          public void inject(Injection injection) {
            if (fails.get()) {
              throw new IllegalStateException("boom");
            }
          }
        });
  }

  private static LoadedPlugin throwing(Throwable thrown) {
    return only(
        new LanguagePlugin() {
          @Override
          public Language language() {
            return Language.named("x").build();
          }

          @Override
          public void validate(Section section, Problems problems) {
            sneak(thrown);
          }

          @Override
          public void examine(Target target, Verdict verdict) {
            sneak(thrown);
          }

          @Override
          public void inject(Injection injection) {
            sneak(thrown);
          }
        });
  }

  /** Throws what the compiler would not let a plugin throw, as other JVM languages can. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <T extends Throwable> void sneak(Throwable thrown) throws T {
    throw (T) thrown;
  }
}
