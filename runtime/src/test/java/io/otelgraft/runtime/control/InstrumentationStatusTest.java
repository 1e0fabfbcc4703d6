package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationReader;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import org.junit.jupiter.api.Test;

final class InstrumentationStatusTest {

  private static LanguagePlugin language(String id) {
    return () ->
        Language.named(id)
            .section(id)
            .image("example.org/" + id, "2.30.0")
            .neverUpgradeAcross("2.0.0")
            .build();
  }

  private static Instrumentation read(String metadata, String spec) {
    String document =
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: shop, namespace: shop, annotations: {%s}}
        spec: {%s}
        """
            .formatted(metadata, spec);
    return InstrumentationReader.read(
            Documents.read("shop.yaml", document).list().getFirst().tree(),
            Catalogue.of(language("forth"), language("quill"), language("ember")),
            Settings.standard())
        .instrumentation()
        .orElseThrow();
  }

  private static String noted(String language, String version) {
    return "instrumentation.opentelemetry.io/default-auto-instrumentation-%s-image: example.org/%s:%s"
        .formatted(language, language, version);
  }

  /** In the field in which the operator tells it. */
  @Test
  @Compatibility("1.5-blocked")
  void the_status_says_which_agents_stay_at_the_operators_default_and_why() {
    Instrumentation instrumentation =
        read(
            noted("forth", "1.9.0") + ", " + noted("quill", "2.9.0") + ", " + noted("ember", "2.9"),
            "forth: {image: 'example.org/forth:1.9.0'}, quill: {image: 'example.org/quill:2.9.0'},"
                + " ember: {image: 'example.org/ember:1.9.0'}");

    assertThat(InstrumentationStatus.blocked(instrumentation).properties())
        .singleElement()
        .satisfies(blocked -> {
          assertThat(blocked.getKey()).isEqualTo("forth");
          assertThat(blocked.getValue().asText())
              .contains("example.org/forth:1.9.0", "version 2.0.0 lies between", "; read what");
        });
  }
}
