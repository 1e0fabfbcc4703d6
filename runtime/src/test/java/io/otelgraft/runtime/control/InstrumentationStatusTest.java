package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationReader;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.time.Instant;
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

  /** With the reason and the action that the operator gives. */
  @Test
  @Compatibility("1.5-blocked")
  void an_event_says_so_once() {
    JsonNode none = json("{}");
    JsonNode one = json("{upgradeBlockedVersions: {forth: 2.0.0 lies between}}");
    JsonNode two = json("{upgradeBlockedVersions: {forth: 2.0.0 lies between, quill: too}}");

    assertThat(InstrumentationStatus.newlyBlocked(none, none)).isEmpty();
    assertThat(InstrumentationStatus.newlyBlocked(none, one))
        .containsExactly(entry("forth", "2.0.0 lies between"));
    assertThat(InstrumentationStatus.newlyBlocked(one, one)).isEmpty();
    assertThat(InstrumentationStatus.newlyBlocked(one, two)).containsExactly(entry("quill", "too"));
    assertThat(InstrumentationStatus.newlyBlocked(two, one)).isEmpty();
  }

  @Test
  void the_event_is_about_the_Instrumentation() {
    ObjectNode instrumentation =
        json(
            "{apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation,"
                + " metadata: {name: standard, namespace: shop, uid: u-1}}");

    ObjectNode event =
        Events.event(
            new Events.Told("Warning", "UpgradeBlocked", "2.0.0 lies between"),
            "Upgrade-forth",
            "graft-0",
            Events.regarding(instrumentation),
            Instant.parse("2026-11-30T02:00:00Z"));

    assertThat(event.at("/metadata/name").asText()).startsWith("standard.");
    ((ObjectNode) event.get("metadata")).remove("name");
    assertThat(event)
        .isEqualTo(
            json(
                "{apiVersion: events.k8s.io/v1, kind: Event, metadata: {namespace: shop},"
                    + " type: Warning, reason: UpgradeBlocked, action: Upgrade-forth,"
                    + " note: 2.0.0 lies between, eventTime: '2026-11-30T02:00:00.000000Z',"
                    + " reportingController: otelgraft.io/webhook, reportingInstance: graft-0,"
                    + " regarding: {apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation,"
                    + " name: standard, uid: u-1, namespace: shop}}"));
  }

  private static ObjectNode json(String yaml) {
    return Documents.read("test", yaml).list().getFirst().tree();
  }
}
