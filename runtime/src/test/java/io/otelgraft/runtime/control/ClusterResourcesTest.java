package io.otelgraft.runtime.control;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.InstrumentationSchema;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ClusterResourcesTest {
  private static final String LIVE =
      "/apis/opentelemetry.io/v1alpha1/namespaces/shop/instrumentations";
  private static final String PODS = "/api/v1/namespaces/shop/pods";
  private static final Catalogue CATALOGUE =
      Catalogue.of(() -> Language.named("quill").section("quill").build());

  private final StandIn cluster = new StandIn();
  private ClusterResources resources;

  @BeforeEach
  void follow() {
    cluster.lists(StandIn.INSTRUMENTATIONS, instrumentation("main", 1, "{}"));
    cluster.lists(StandIn.NAMESPACES, namespace("a"));
    cluster.lists(StandIn.LIMIT_RANGES);
    resources = ClusterResources.follow(cluster.server(), Settings.standard());
    eventually(() ->
        assertThat(resources.informers())
            .allMatch(one -> one.isFilled() && one.cutOffSince().isEmpty()));
  }

  @AfterEach
  void close() {
    resources.close();
    cluster.close();
  }

  private static String instrumentation(String name, int generation, String spec) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata: {name: %1$s, namespace: shop, uid: u-%1$s, generation: %2$d, resourceVersion: "1%2$d"}
    spec: %3$s
    """
        .formatted(name, generation, spec);
  }

  private static String namespace(String team) {
    return """
    apiVersion: v1
    kind: Namespace
    metadata: {name: shop, uid: u, resourceVersion: "3", labels: {team: %s}, annotations: {a: b}}
    """
        .formatted(team);
  }

  /** What a request sees that comes now. */
  private Resources now() {
    return resources.at(CATALOGUE);
  }

  private void tell(String type, String instrumentation) {
    cluster.tell(StandIn.INSTRUMENTATIONS, type, instrumentation);
  }

  @Test
  void what_is_known_is_found_without_a_question() {
    long asked = cluster.api().asked().size();

    assertThat(now().find("shop", "main")).isInstanceOf(Accepted.class);
    assertThat(now().in("shop"))
        .singleElement()
        .satisfies(one -> assertThat(one.name()).isEqualTo("main"));
    assertThat(now().names("shop")).containsExactly("main");
    assertThat(resources.all(CATALOGUE)).containsOnlyKeys("shop/main");
    assertThat(cluster.api().asked()).hasSize((int) asked);
  }

  @Test
  void a_change_that_is_not_valid_leaves_what_was_accepted_in_force() {
    // It has been read once.
    now().find("shop", "main");
    tell("MODIFIED", instrumentation("main", 2, "{mode: perhaps}"));

    eventually(() ->
        assertThat(now().find("shop", "main"))
            .isInstanceOfSatisfying(
                Accepted.class,
                one -> {
                  assertThat(one.instrumentation().generation()).isEqualTo(1);
                  assertThat(one.ofNewer()).isNotEmpty();
                }));

    tell("MODIFIED", instrumentation("main", 3, "{mode: observe}"));
    eventually(() ->
        assertThat(now().find("shop", "main"))
            .isInstanceOfSatisfying(
                Accepted.class,
                one -> {
                  assertThat(one.instrumentation().generation()).isEqualTo(3);
                  assertThat(one.ofNewer()).isEmpty();
                }));
  }

  @Test
  void one_that_was_never_valid_says_why() {
    tell("ADDED", instrumentation("odd", 1, "{mode: perhaps}"));

    eventually(() -> assertThat(now().find("shop", "odd")).isInstanceOf(Invalid.class));
    assertThat(now().in("shop")).hasSize(1);
    assertThat(now().names("shop")).containsExactly("main", "odd");
  }

  @Test
  void one_that_is_not_told_of_yet_is_looked_for() {
    cluster.lists(LIVE, instrumentation("new", 1, "{}"));

    assertThat(now().find("shop", "new")).isInstanceOf(Accepted.class);
  }

  @Test
  void one_that_nobody_knows_and_no_pod_bears_the_mark_of_is_not_there() {
    cluster.lists(LIVE);
    cluster.lists(PODS, "metadata: {name: cart}");

    assertThat(now().find("shop", "none")).isEqualTo(new Absent(Absence.CONFIRMED));
    assertThat(now().complete()).isTrue();
  }

  @Test
  void one_that_pods_bear_the_mark_of_was_deleted_while_in_use() {
    cluster.lists(LIVE);
    cluster.lists(
        PODS,
        """
        metadata:
          name: cart
          annotations:
            otelgraft.io/injected: '{"languages":{"quill":{"instrumentation":"shop/gone","generation":2}}}'
        """);

    assertThat(now().find("shop", "gone")).isEqualTo(new Absent(Absence.DELETED_WHILE_IN_USE));
  }

  @Test
  void one_that_was_deleted_just_now_was_so_too_whatever_the_pods_bear() {
    cluster.lists(LIVE);
    cluster.lists(PODS);
    now().find("shop", "main");
    tell("DELETED", instrumentation("main", 1, "{}"));

    eventually(() ->
        assertThat(now().find("shop", "main")).isEqualTo(new Absent(Absence.DELETED_WHILE_IN_USE)));
  }

  @Test
  void what_the_api_server_does_not_tell_is_not_confirmed() {
    cluster.api().on("GET " + LIVE, 500, "{\"message\": \"etcd is away\"}");
    Resources request = now();
    assertThat(request.find("shop", "none")).isEqualTo(new Absent(Absence.UNCONFIRMED));
    assertThat(request.complete()).isFalse();

    cluster.lists("/apis/opentelemetry.io/v1alpha1/namespaces/ops/instrumentations");
    cluster.api().on("GET /api/v1/namespaces/ops/pods", 403, "{}");
    assertThat(now().find("ops", "none")).isEqualTo(new Absent(Absence.UNCONFIRMED));
  }

  @Test
  void a_namespace_has_its_labels_and_annotations_and_the_limits_in_it() {
    assertThat(now().namespace("shop"))
        .hasValueSatisfying(facts -> {
          assertThat(facts.labels()).containsEntry("team", "a");
          assertThat(facts.annotations()).containsEntry("a", "b");
          assertThat(facts.limits().isEmpty()).isTrue();
        });
    assertThat(now().namespace("other")).isEmpty();

    cluster.tell(
        StandIn.LIMIT_RANGES,
        "ADDED",
        """
        apiVersion: v1
        kind: LimitRange
        metadata: {name: small, namespace: shop, uid: l, resourceVersion: "4"}
        spec: {limits: [{type: Container, max: {memory: 1Gi}}]}
        """);
    eventually(() ->
        assertThat(now().namespace("shop").map(NamespaceFacts::limits))
            .hasValueSatisfying(limits -> assertThat(limits.isEmpty()).isFalse()));
    cluster.tell(StandIn.NAMESPACES, "MODIFIED", namespace("b"));
    eventually(() ->
        assertThat(now().namespace("shop").map(NamespaceFacts::labels).map(it -> it.get("team")))
            .isEqualTo(Optional.of("b")));
  }

  @Test
  void a_language_that_the_definition_has_a_section_for_may_be_one_of_another_replica() {
    cluster.has(
        StandIn.DEFINITION,
        StandIn.json(
            new String(
                Json.write(
                    InstrumentationSchema.definition(
                        Catalogue.of(() -> Language.named("reed").section("reed").build()))),
                StandardCharsets.UTF_8)));

    assertThat(now().mayKnow("reed")).isTrue();
    assertThat(now().mayKnow("rede")).isFalse();
  }

  @Test
  void nobody_is_sure_of_a_language_while_the_definition_cannot_be_looked_at() {
    cluster.api().on("GET " + StandIn.DEFINITION, 503, "{}");

    assertThat(now().mayKnow("reed")).isTrue();
  }
}
