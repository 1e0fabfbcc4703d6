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
import io.otelgraft.spi.Need;
import io.otelgraft.spi.Protocol;
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

  private static JsonNode described(Settings settings, String spec, LanguagePlugin... plugins) {
    Catalogue catalogue = Catalogue.of(plugins);
    String document =
        """
        {apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation,
         metadata: {name: shop, namespace: shop}, spec: {%s}}
        """
            .formatted(spec);
    Instrumentation instrumentation =
        InstrumentationReader.read(StandIn.tree(document), catalogue, settings)
            .instrumentation()
            .orElseThrow();
    return InstrumentationStatus.described(instrumentation, catalogue, settings);
  }

  @Test
  void the_status_says_what_each_language_comes_to() {
    LanguagePlugin onlyHttp =
        () ->
            Language.named("quill")
                .section("quill")
                .image("example.org/quill", "1")
                .protocols(Protocol.HTTP_PROTOBUF)
                .build();
    LanguagePlugin withoutAgent = () -> Language.named("ember").build();
    LanguagePlugin withoutImage =
        () -> Language.named("flint").section("flint").noDefaultImage("a").build();
    Settings settings =
        Settings.builder()
            .set("agent-delivery", "image-volume")
            .set("cluster.version", "1.36")
            .set("cluster.runtimes", "containerd://2.2.0")
            .set("defaults.propagators", "b3")
            .set("defaults.env.TEAM", "a")
            .build();

    JsonNode described =
        described(
            settings,
            "exporter: {endpoint: 'http://collector:4317'}, env: [{name: TIER, value:"
                + " '${K8S_NAMESPACE}'}], sampler: {type: always_off}, quill: {env: [{name: TIER,"
                + " value: gold}, {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}]}",
            onlyHttp,
            withoutAgent,
            withoutImage,
            language("forth"));

    assertThat(described)
        .isEqualTo(
            StandIn.tree(
                """
                ember:
                  endpoint: http://collector:4317
                  protocol: grpc
                  env:
                  - {name: TIER, value: "${K8S_NAMESPACE}"}
                  - {name: OTEL_PROPAGATORS, value: b3}
                  - {name: OTEL_TRACES_SAMPLER, value: always_off}
                  - {name: TEAM, value: a}
                forth:
                  image: example.org/forth:2.30.0
                  resources: {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 50m, memory: 64Mi}}
                  delivery: image-volume
                  endpoint: http://collector:4317
                  protocol: grpc
                  env:
                  - {name: TIER, value: "${K8S_NAMESPACE}"}
                  - {name: OTEL_PROPAGATORS, value: b3}
                  - {name: OTEL_TRACES_SAMPLER, value: always_off}
                  - {name: TEAM, value: a}
                quill:
                  image: example.org/quill:1
                  resources: {limits: {cpu: 500m, memory: 256Mi}, requests: {cpu: 50m, memory: 64Mi}}
                  delivery: image-volume
                  endpoint: http://collector:4318
                  protocol: http/protobuf
                  env:
                  - {name: TIER, value: gold}
                  - {name: KEY, valueFrom: {secretKeyRef: {name: s, key: k}}}
                  - {name: OTEL_PROPAGATORS, value: b3}
                  - {name: OTEL_TRACES_SAMPLER, value: always_off}
                  - {name: TEAM, value: a}
                """));
  }

  @Test
  void an_agent_that_cannot_be_mounted_is_copied_and_an_env_that_is_not_seen_is_told_as_it_is() {
    LanguagePlugin writing =
        () ->
            Language.named("quill")
                .section("quill")
                .image("example.org/quill", "1")
                .needs(Need.WRITABLE_AGENT)
                .build();

    JsonNode described =
        described(
            Settings.builder()
                .set("agent-delivery", "image-volume")
                .set("cluster.version", "1.36")
                .set("cluster.runtimes", "containerd://2.2.0")
                .build(),
            "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, valueFrom: {configMapKeyRef: {name: c, key:"
                + " k}}}]",
            writing);

    assertThat(described.at("/quill/delivery").asText()).isEqualTo("copy");
    assertThat(described.path("quill").has("endpoint")).isFalse();
    assertThat(described.at("/quill/env/0/valueFrom/configMapKeyRef/name").asText()).isEqualTo("c");
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
