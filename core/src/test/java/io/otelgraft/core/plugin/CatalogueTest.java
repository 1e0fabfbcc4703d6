package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Setting;
import org.junit.jupiter.api.Test;

final class CatalogueTest {
  private final Catalogue catalogue =
      Catalogue.of(
          () -> Language.named("b").section("bSection").build(),
          () -> Language.named("a").containerNamesKey("a-containers").build(),
          () -> Language.named("late").order(1001).build());

  @Test
  void a_language_is_found_by_what_a_pod_or_a_resource_says() {
    LoadedPlugin b = catalogue.language("b").orElseThrow();

    assertThat(catalogue.injectedBy("instrumentation.opentelemetry.io/inject-b")).contains(b);
    assertThat(catalogue.sectionOwner("bSection")).contains(b);
    assertThat(b.injectAnnotation()).isEqualTo("instrumentation.opentelemetry.io/inject-b");
    assertThat(b.containerNamesAnnotation())
        .isEqualTo("instrumentation.opentelemetry.io/b-container-names");
    assertThat(catalogue.language("a").orElseThrow().containerNamesAnnotation())
        .isEqualTo("instrumentation.opentelemetry.io/a-containers");
  }

  @Test
  void nothing_is_found_by_what_no_language_declares() {
    assertThat(catalogue.language("c")).isEmpty();
    assertThat(catalogue.injectedBy("inject-b")).isEmpty();
    assertThat(catalogue.injectedBy("instrumentation.opentelemetry.io/inject-c")).isEmpty();
    assertThat(catalogue.sectionOwner("a")).isEmpty();
  }

  @Test
  void all_annotations_that_count_are_listed() {
    Catalogue one =
        Catalogue.of(() ->
            Language.named("x")
                .olderContainerNamesKey("x-names")
                .annotations(Setting.text("x-level"))
                .build());

    assertThat(one.annotations())
        .containsExactly(
            "instrumentation.opentelemetry.io/container-names",
            "instrumentation.opentelemetry.io/agent-delivery",
            "instrumentation.opentelemetry.io/beside-other-agents",
            "instrumentation.opentelemetry.io/image-env",
            "instrumentation.opentelemetry.io/inject-x",
            "instrumentation.opentelemetry.io/x-container-names",
            "instrumentation.opentelemetry.io/x-names",
            "instrumentation.opentelemetry.io/x-level");
  }

  @Test
  void plugins_made_by_the_caller_come_in_their_order_and_say_what_they_are() {
    assertThat(catalogue.languages())
        .extracting(LoadedPlugin::id)
        .containsExactly("a", "b", "late");
    assertThat(catalogue.generation()).isEqualTo(1);
    assertThat(catalogue.languages().getFirst().digest()).isEmpty();
  }

  @Test
  void plugins_made_by_the_caller_pass_the_same_checks() {
    LanguagePlugin first = () -> Language.named("x").build();
    LanguagePlugin second = () -> Language.named("x").build();

    assertThatThrownBy(() -> Catalogue.of(first, second))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("language x is provided by");
    assertThatThrownBy(() -> Catalogue.of(() -> null))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("returns null");
  }
}
