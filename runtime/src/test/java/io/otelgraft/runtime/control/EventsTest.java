package io.otelgraft.runtime.control;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class EventsTest {
  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");
  private static final String EVENTS = "/apis/events.k8s.io/v1/namespaces/shop/events";
  private static final Reason TOO_OLD = Reason.of("TooOld", "the runtime is too old");

  private final StandIn cluster = new StandIn();
  private final Events events = Events.to(cluster.server(), "graft-1");
  private Settings settings = Settings.standard();

  EventsTest() {
    cluster.api().on("POST " + EVENTS, 201, "{}");
  }

  @AfterEach
  void close() {
    events.close();
    cluster.close();
  }

  private static final class Ember implements LanguagePlugin {
    @Override
    public Language language() {
      return Language.named("ember").reasons(TOO_OLD).build();
    }

    @Override
    public void examine(Target target, Verdict verdict) {
      if (target.image().toString().startsWith("old")) {
        verdict.standDown(TOO_OLD, "image old");
      }
    }
  }

  /** What becomes of a pod of a ReplicaSet. */
  private void pod(
      String owner, String annotations, String containers, boolean dryRun, Instant at) {
    Catalogue catalogue = Catalogue.of(() -> Language.named("quill").build(), new Ember());
    String resources =
        """
        {apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation, metadata: {name: main, namespace: shop}}
        """;
    Admission admission =
        new Admission(
            () -> catalogue,
            FileResources.of(Documents.read("it", resources).list(), "default", settings),
            settings,
            new Deadline(1));
    ObjectNode review =
        StandIn.tree(
            """
            apiVersion: admission.k8s.io/v1
            kind: AdmissionReview
            request:
              uid: u
              operation: CREATE
              namespace: shop
              dryRun: %s
              kind: {group: "", version: v1, kind: Pod}
              resource: {group: "", version: v1, resource: pods}
              object:
                apiVersion: v1
                kind: Pod
                metadata:
                  generateName: %2$s-
                  annotations: {%3$s}
                  ownerReferences:
                  - {apiVersion: apps/v1, kind: ReplicaSet, name: %2$s, uid: u-%2$s, controller: true}
                spec: {containers: [%4$s]}
            """
                .formatted(dryRun, owner, annotations, containers));
    events.answered(
        new Answered(
            Webhook.PODS,
            at,
            Duration.ZERO,
            Reviewer.ofPods(admission).review(Json.write(review))));
  }

  private void pod(String owner, String annotations, String containers) {
    pod(owner, annotations, containers, false, NOON);
  }

  private static String asks(String language, String value) {
    return "instrumentation.opentelemetry.io/inject-%s: '%s'".formatted(language, value);
  }

  /** What was told, once it is so much; {@code last} is told last, so that no more is to come. */
  private List<String> told(int count) {
    pod("last", asks("quill", "main"), "{name: app, image: app}");
    eventually(() -> assertThat(cluster.sent("POST")).anyMatch(one -> about(one).equals("last")));
    List<String> told =
        cluster.sent("POST").stream()
            .filter(one -> !about(one).equals("last"))
            .map(one ->
                "%s %s %s: %s"
                    .formatted(
                        about(one),
                        one.path("type").asText(),
                        one.path("reason").asText(),
                        one.path("note").asText()))
            .toList();
    assertThat(told).hasSize(count);
    return told;
  }

  private static String about(ObjectNode event) {
    return event.at("/regarding/name").asText();
  }

  @Test
  void a_pod_that_is_injected_is_told_about_what_made_it() {
    pod("cart", asks("quill", "main"), "{name: app, image: app}");

    assertThat(told(1))
        .containsExactly("cart Normal Injected: injected quill into app by shop/main");
    ObjectNode event = cluster.sent("POST").getFirst();
    assertThat(event.path("regarding"))
        .isEqualTo(
            StandIn.tree(
                "{apiVersion: apps/v1, kind: ReplicaSet, name: cart, uid: u-cart, namespace:"
                    + " shop}"));
    assertThat(event.path("eventTime").asText()).isEqualTo("2026-03-01T12:00:00.000000Z");
    assertThat(event.path("reportingController").asText()).isEqualTo("otelgraft.io/webhook");
    assertThat(event.path("reportingInstance").asText()).isEqualTo("graft-1");
    assertThat(event.at("/metadata/name").asText()).startsWith("cart.");
  }

  @Test
  void a_pod_that_is_rejected_is_told_with_what_to_do() {
    pod("cart", asks("quill", "mian"), "{name: app, image: app}");

    assertThat(told(1))
        .singleElement()
        .asString()
        .startsWith("cart Warning Rejected: the annotation")
        .contains("shop/mian, which does not exist");
  }

  @Test
  void each_language_that_an_injected_pod_goes_without_is_told() {
    pod(
        "cart",
        asks("quill", "main")
            + ", "
            + asks("ember", "main")
            + ", instrumentation.opentelemetry.io/container-names: app",
        "{name: app, image: old}");

    List<String> told = told(2);
    assertThat(told.getFirst())
        .isEqualTo("cart Normal Injected: injected quill into app by shop/main");
    assertThat(told.getLast())
        .startsWith(
            "cart Warning NotInjected: container app is left as it is: the runtime is too old");
  }

  @Test
  void a_container_that_a_language_is_left_out_of_is_told_as_well() {
    pod(
        "cart",
        asks("ember", "main") + ", instrumentation.opentelemetry.io/container-names: 'app,other'",
        "{name: app, image: new}, {name: other, image: old}");

    assertThat(told(2))
        .first()
        .isEqualTo("cart Normal Injected: injected ember into app by shop/main");
  }

  @Test
  void each_language_of_a_pod_that_goes_without_all_of_them_is_told() {
    settings = Settings.builder().set("admission.on-error", "allow").build();
    pod("cart", asks("quill", "mian") + ", " + asks("ember", "mian"), "{name: app, image: app}");

    assertThat(told(2))
        .allSatisfy(one -> assertThat(one).startsWith("cart Warning NotInjected: the annotation"))
        .anySatisfy(one -> assertThat(one).contains("inject-quill"))
        .anySatisfy(one -> assertThat(one).contains("inject-ember"));
  }

  @Test
  void a_pod_that_is_left_alone_though_it_asks_is_told() {
    settings = Settings.builder().set("excluded-namespaces", "shop").build();
    pod("cart", asks("quill", "main"), "{name: app, image: app}");
    settings = Settings.standard();

    assertThat(told(1))
        .singleElement()
        .asString()
        .startsWith("cart Warning NotInjected: namespace shop is left alone");
  }

  @Test
  void of_pods_that_ask_for_nothing_and_of_dry_runs_nothing_is_told() {
    pod("cart", "a: b", "{name: app, image: app}");
    pod("cart", asks("quill", "main"), "{name: app, image: app}", true, NOON);

    told(0);
  }

  @Test
  void the_same_about_the_same_is_told_once_in_five_minutes() {
    String asked = asks("quill", "main");
    String app = "{name: app, image: app}";
    pod("cart", asked, app, false, NOON);
    pod("cart", asked, app, false, NOON.plusSeconds(299));
    pod("till", asked, app, false, NOON.plusSeconds(299));
    pod("cart", asked, app, false, NOON.plusSeconds(300));

    assertThat(told(3)).filteredOn(one -> one.startsWith("cart")).hasSize(2);
  }

  @Test
  void an_event_that_cannot_be_written_is_in_nobody_s_way() {
    cluster.api().on("POST " + EVENTS, 403, "{\"message\": \"the namespace ends\"}");
    pod("cart", asks("quill", "main"), "{name: app, image: app}");
    eventually(() -> assertThat(cluster.sent("POST")).hasSize(1));
    cluster.api().on("POST " + EVENTS, 201, "{}");

    told(1);
  }
}
