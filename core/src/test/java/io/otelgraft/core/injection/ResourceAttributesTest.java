package io.otelgraft.core.injection;

import static io.otelgraft.core.injection.TelemetryStory.COBOL;
import static io.otelgraft.core.injection.TelemetryStory.LISP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.fixtures.Compatibility;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class ResourceAttributesTest {
  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";

  private static String byReference(String optional) {
    return "{name: OTEL_RESOURCE_ATTRIBUTES, valueFrom: {configMapKeyRef: {name: o, key: attrs"
        + optional
        + "}}}";
  }

  @Test
  @Compatibility("6.5-bare-pod")
  void a_bare_pod_gets_the_references_worked_example() {
    var story =
        TelemetryStory.of(
                "{metadata: {name: p}, spec: {containers: [{name: app, image: 'r/app:1.2'}]}}")
            .asTheOperatorDoes();

    assertThat(story.literal(ATTRIBUTES))
        .isEqualTo(
            "k8s.container.name=app,k8s.namespace.name=shop,"
                + "k8s.node.name=$(OTEL_RESOURCE_ATTRIBUTES_NODE_NAME),"
                + "k8s.pod.name=$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME),"
                + "service.instance.id=shop.$(OTEL_RESOURCE_ATTRIBUTES_POD_NAME).app,"
                + "service.namespace=shop,service.version=1.2");
  }

  @Test
  @Compatibility({"5-order-of-env", "6.1-addresses", "6.2.7-propagators", "6.2.9-attributes-last"})
  void the_env_of_a_deployments_pod_stands_in_the_references_order() {
    var story =
        TelemetryStory.ofDeployment("env: [{name: MINE, value: '1'}]")
            .asTheOperatorDoes()
            .with(
                """
                exporter: {endpoint: 'http://otel:4317'}
                propagators: [tracecontext, baggage]
                sampler: {type: parentbased_traceidratio, argument: '0.25'}
                env: [{name: COMMON, value: '1'}]
                lisp: {env: [{name: SECTION, value: '1'}]}
                """);

    assertThat(story.names())
        .containsExactly(
            "OTEL_NODE_IP",
            "OTEL_POD_IP",
            "MINE",
            "SECTION",
            "COMMON",
            "OTEL_SERVICE_NAME",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            "OTEL_RESOURCE_ATTRIBUTES_POD_NAME",
            "OTEL_RESOURCE_ATTRIBUTES_NODE_NAME",
            "OTEL_PROPAGATORS",
            "OTEL_TRACES_SAMPLER",
            "OTEL_TRACES_SAMPLER_ARG",
            "OTEL_RESOURCE_ATTRIBUTES");
    assertThat(story.literal("OTEL_PROPAGATORS")).isEqualTo("tracecontext,baggage");
    assertThat(story.literal("OTEL_TRACES_SAMPLER")).isEqualTo("parentbased_traceidratio");
    assertThat(story.literal("OTEL_TRACES_SAMPLER_ARG")).isEqualTo("0.25");
    assertThat(story.env().getFirst()).isEqualTo(EnvVar.field("OTEL_NODE_IP", "status.hostIP"));
    assertThat(story.started().attributes())
        .contains(entry("k8s.deployment.name", "cart"), entry("k8s.replicaset.name", "cart-7f9c"));
  }

  @Test
  @Compatibility("6.2.3-pod-name")
  void two_languages_in_one_container_add_nothing_twice() {
    var story = TelemetryStory.ofDeployment().in(LISP, COBOL);

    assertThat(story.names()).doesNotHaveDuplicates().contains("OTEL_RESOURCE_ATTRIBUTES_POD_NAME");
  }

  @Test
  @Compatibility({"6.2.4-pod-uid", "6.4-uids"})
  void uids_are_added_on_request_and_the_pods_own_is_left_to_the_kubelet() {
    var story = TelemetryStory.ofDeployment().with("resource: {addK8sUIDAttributes: true}");

    assertThat(story.started().attributes())
        .contains(entry("k8s.pod.uid", "uid-1"), entry("k8s.replicaset.uid", "u1"))
        .doesNotContainKey("k8s.deployment.uid");
    assertThat(TelemetryStory.ofDeployment().names())
        .doesNotContain("OTEL_RESOURCE_ATTRIBUTES_POD_UID");
  }

  @Test
  @Compatibility("6.2.6-characters")
  void values_with_commas_equals_signs_and_blanks_arrive_whole() {
    var story =
        TelemetryStory.ofDeployment()
            .with("resource: {resourceAttributes: {team: 'a, b=c; \"d\" 100% + é'}}");

    assertThat(story.started().attributes()).containsEntry("team", "a, b=c; \"d\" 100% + é");
  }

  @Test
  void a_reference_in_an_attribute_is_expanded_and_an_escaped_one_is_not() {
    var story =
        TelemetryStory.ofDeployment()
            .with(
                """
                resource:
                  resourceAttributes:
                    host: $(OTEL_NODE_IP)
                    price: $$(OTEL_NODE_IP) is 5$
                """);

    assertThat(story.started().attributes())
        .contains(entry("host", "10.0.0.7"), entry("price", "$(OTEL_NODE_IP) is 5$"));
    assertThat(story.telemetry().attributes()).containsEntry("price", "$$(OTEL_NODE_IP) is 5$");
  }

  @Test
  @Compatibility({"6.3-own-keys", "6.3-pod-name"})
  void the_users_keys_win_with_blanks_and_encoded_and_what_is_malformed_stays_as_it_is() {
    var story =
        TelemetryStory.ofDeployment(
            "env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: ' service.version = 9 ,"
                + "k8s%2Epod.name=me,odd'}]");

    assertThat(story.literal(ATTRIBUTES))
        .startsWith(" service.version = 9 ,k8s%2Epod.name=me,odd,k8s.container.name=app,")
        .doesNotContain("k8s.pod.name=", "service.version=1.2");
    assertThat(story.names().getLast()).isEqualTo(ATTRIBUTES);
  }

  @Test
  @Compatibility("6.2.6-leading-comma")
  void an_empty_value_of_the_pod_leaves_no_leading_comma() {
    var story = TelemetryStory.ofDeployment("env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: ''}]");

    assertThat(story.literal(ATTRIBUTES)).startsWith("k8s.container.name=app,");
  }

  @Test
  @Compatibility("6.2.6-attributes")
  void a_value_that_ends_in_a_comma_gets_no_second_one() {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: 'a=1,'}]");

    assertThat(story.literal(ATTRIBUTES)).startsWith("a=1,k8s.container.name=app,");
  }

  @Test
  @Compatibility("6.2.6-by-reference")
  void a_value_by_reference_is_kept_and_its_keys_win() {
    var story = TelemetryStory.ofDeployment("env: [" + byReference("") + "]");
    var started = story.started(Map.of("attrs", "team=a,service.version=9"));

    assertThat(started.attributes())
        .contains(
            entry("team", "a"), entry("service.version", "9"), entry("k8s.container.name", "app"));
    assertThat(story.env())
        .filteredOn(variable -> variable.name().equals(ATTRIBUTES))
        .singleElement()
        .satisfies(variable -> assertThat(variable.entry().has("valueFrom")).isFalse());
  }

  @Test
  void a_field_of_the_pod_is_kept_as_well() {
    var story =
        TelemetryStory.ofDeployment(
            "env: [{name: OTEL_RESOURCE_ATTRIBUTES, valueFrom: {fieldRef: {fieldPath:"
                + " \"metadata.annotations['attrs']\"}}}]");

    assertThat(story.started().attributes()).containsEntry("team", "annotated");
  }

  @Test
  void an_optional_source_that_does_not_exist_leaves_no_reference_behind() {
    var story = TelemetryStory.ofDeployment("env: [" + byReference(", optional: true") + "]");

    assertThat(story.started().attributes())
        .containsEntry("service.version", "1.2")
        .allSatisfy((key, value) -> assertThat(value).doesNotContain("$("));
    assertThat(story.started(Map.of("attrs", "service.version=9")).attributes())
        .containsEntry("service.version", "9");
  }

  @Test
  void pairs_that_the_kubelet_makes_of_a_reference_win_as_well() {
    var story =
        TelemetryStory.ofDeployment(
            "env:",
            "- {name: MORE, value: 'service.version=9,service.name=mine'}",
            "- {name: OTEL_RESOURCE_ATTRIBUTES, value: 'team=a,$(MORE)'}");

    assertThat(story.started().attributes())
        .contains(entry("service.version", "9"), entry("team", "a"));
    assertThat(story.started().service()).isEqualTo("mine");
  }

  @Test
  @Compatibility({"6.3-precedence", "6.3-pod-name"})
  void annotations_win_over_the_resource_and_the_pods_own_env_over_them() {
    var story =
        TelemetryStory.of(
                """
                metadata:
                  annotations:
                    resource.opentelemetry.io/a: annotated
                    resource.opentelemetry.io/b: annotated
                    resource.opentelemetry.io/c: annotated
                    resource.opentelemetry.io/k8s.pod.name: annotated
                    resource.opentelemetry.io/service.instance.id: ''
                spec:
                  containers:
                  - name: app
                    env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: a=own}]
                """)
            .with(
                """
                resource: {resourceAttributes: {b: resource, d: resource, service.namespace: ns}}
                """);

    assertThat(story.started().attributes())
        .contains(
            entry("a", "own"),
            entry("b", "annotated"),
            entry("c", "annotated"),
            entry("d", "resource"),
            entry("k8s.pod.name", "annotated"),
            entry("service.namespace", "ns"))
        .doesNotContainKey("service.instance.id");
  }

  @Test
  @Compatibility("3-attributes-of-pods")
  void attributes_that_the_annotations_of_a_namespace_give_are_not_taken() {
    var story =
        TelemetryStory.ofDeployment()
            .in(
                new NamespaceFacts(
                    "shop",
                    Map.of(),
                    Map.of(
                        "resource.opentelemetry.io/team", "ops",
                        "resource.opentelemetry.io/service.name", "all")));

    assertThat(story.started().attributes()).doesNotContainKey("team");
    assertThat(story.started().service()).isEqualTo("web");
  }

  @Test
  void attributes_in_the_env_of_a_resource_rank_below_those_of_the_pod() {
    String pod =
        """
        metadata: {annotations: {resource.opentelemetry.io/a: annotated}}
        spec: {containers: [{name: app}]}
        """;
    String resource =
        """
        resource: {resourceAttributes: {b: field, c: field}}
        lisp: {env: [%s]}
        """;
    var literal =
        TelemetryStory.of(pod)
            .with(
                resource.formatted("{name: OTEL_RESOURCE_ATTRIBUTES, value: 'a=env,b=env,d=env'}"));
    var byReference = TelemetryStory.of(pod).with(resource.formatted(byReference("")));

    for (var started :
        List.of(literal.started(), byReference.started(Map.of("attrs", "a=env,b=env,d=env")))) {
      assertThat(started.attributes())
          .contains(
              entry("a", "annotated"), entry("b", "env"), entry("c", "field"), entry("d", "env"));
    }
    assertThat(literal.names()).doesNotHaveDuplicates();
  }

  @Test
  @Compatibility({"6.3-namespace", "6.3-version-of-the-resource"})
  void the_resources_namespace_and_version_win_over_derived_ones() {
    var story =
        TelemetryStory.ofDeployment()
            .with("resource: {resourceAttributes: {service.namespace: ns, service.version: '7'}}");

    assertThat(story.started().attributes())
        .contains(entry("service.namespace", "ns"), entry("service.version", "7"));
    assertThat(story.telemetry().serviceNamespace()).isEqualTo("ns");
  }

  @Test
  void actions_say_what_becomes_of_a_derived_attribute() {
    var story =
        TelemetryStory.ofDeployment()
            .with(
                """
                resource:
                  resourceAttributes:
                  - {key: service.namespace, value: ns, action: insert}
                  - {key: team, value: t, action: insert}
                  - {key: service.version, value: v, action: update}
                  - {key: tier, value: x, action: update}
                  - {key: k8s.node.name, action: delete}
                """);

    assertThat(story.started().attributes())
        .contains(
            entry("service.namespace", "shop"), entry("team", "t"), entry("service.version", "v"))
        .doesNotContainKeys("tier", "k8s.node.name");
    assertThat(story.names()).doesNotContain("OTEL_RESOURCE_ATTRIBUTES_NODE_NAME");
  }

  @Test
  @Compatibility("6.3-version")
  void the_version_comes_from_the_label_if_asked_for_else_from_the_image() {
    String pod =
        """
        metadata: {labels: {app.kubernetes.io/version: '3'}}
        spec: {containers: [{name: app, image: '%s'}]}
        """;
    String usesLabels = "defaults: {useLabelsForResourceAttributes: true}";

    assertThat(version(TelemetryStory.of(pod.formatted("a:1")).with(usesLabels))).isEqualTo("3");
    assertThat(version(TelemetryStory.of(pod.formatted("a:1")))).isEqualTo("1");
    assertThat(version(TelemetryStory.of(pod.formatted("host:5000/a")))).isNull();
    assertThat(version(TelemetryStory.of(pod.formatted("host:5000/a:2")))).isEqualTo("2");
    assertThat(version(TelemetryStory.of(pod.formatted("a@sha256:ab")))).isEqualTo("sha256:ab");
    assertThat(version(TelemetryStory.of(pod.formatted("a:1@sha256:ab")))).isEqualTo("1@sha256:ab");
  }

  @Test
  @Compatibility("6.3-latest")
  void latest_is_no_version() {
    assertThat(
            version(TelemetryStory.of("spec: {containers: [{name: app, image: 'r/app:latest'}]}")))
        .isNull();
  }

  private static String version(TelemetryStory story) {
    return story.started().attributes().get("service.version");
  }

  @Test
  @Compatibility("6.3-version-substring")
  void a_version_that_only_looks_like_the_users_does_not_keep_ours_out() {
    var story =
        TelemetryStory.ofDeployment(
            "env: [{name: OTEL_RESOURCE_ATTRIBUTES, value: my.service.version=9}]");

    assertThat(version(story)).isEqualTo("1.2");
  }

  @Test
  void the_specifications_deployment_version_is_that_of_the_image() {
    var story =
        TelemetryStory.ofDeployment()
            .with("resource: {resourceAttributes: {service.version: '${DEPLOYMENT_VERSION}'}}");

    assertThat(version(story)).isEqualTo("1.2");
  }

  @Test
  void the_cluster_and_the_configured_attributes_are_named() {
    var story =
        TelemetryStory.ofDeployment()
            .configured(settings ->
                settings
                    .clusterName("east")
                    .env(ATTRIBUTES, "team=ops,service.namespace=conf")
                    .env("OTHER", "1"))
            .with("resource: {resourceAttributes: {team: resource}}");

    assertThat(story.started().attributes())
        .contains(
            entry("k8s.cluster.name", "east"),
            entry("team", "resource"),
            entry("service.namespace", "conf"));
    assertThat(story.literal("OTHER")).isEqualTo("1");
  }

  @Test
  @Compatibility("6.2.5-node-name")
  void a_node_that_is_known_is_written_out() {
    var story =
        TelemetryStory.of("{metadata: {name: p}, spec: {nodeName: n7, containers: [{name: app}]}}");

    assertThat(story.started().attributes()).containsEntry("k8s.node.name", "n7");
    assertThat(story.names()).doesNotContain("OTEL_RESOURCE_ATTRIBUTES_NODE_NAME");
  }

  @Test
  @Compatibility("6.2.8-sampler")
  void a_sampler_stays_away_from_an_argument_that_the_pod_gives() {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_TRACES_SAMPLER_ARG, value: '0.5'}]")
            .with("sampler: {type: traceidratio, argument: '0.1'}");

    assertThat(story.names()).doesNotContain("OTEL_TRACES_SAMPLER");
  }

  @Test
  void configured_sampler_and_propagators_count_where_the_resource_is_silent() {
    var story =
        TelemetryStory.ofDeployment()
            .configured(settings ->
                settings
                    .sampler("always_on")
                    .propagators(List.of("b3"))
                    .env("OTEL_TRACES_SAMPLER_ARG", "0.1"));

    assertThat(story.literal("OTEL_TRACES_SAMPLER")).isEqualTo("always_on");
    assertThat(story.names()).doesNotContain("OTEL_TRACES_SAMPLER_ARG");
    assertThat(story.literal("OTEL_PROPAGATORS")).isEqualTo("b3");
    assertThat(story.with("propagators: [jaeger]").literal("OTEL_PROPAGATORS")).isEqualTo("jaeger");
  }

  @Test
  @Compatibility("6.2.6-by-reference")
  void attributes_that_come_by_reference_never_stand_beside_a_value_in_one_entry() {
    for (String source :
        List.of(
            "configMapKeyRef: {name: c, key: attrs}",
            "secretKeyRef: {name: s, key: attrs, optional: true}",
            "fileKeyRef: {volumeName: v, path: p, key: attrs, optional: true}",
            "fieldRef: {fieldPath: \"metadata.annotations['attrs']\"}")) {
      var story =
          TelemetryStory.ofDeployment(
              "env: [{name: OTEL_RESOURCE_ATTRIBUTES, valueFrom: {" + source + "}}]");

      assertThat(story.env())
          .as(source)
          .noneMatch(entry -> entry.entry().has("value") && entry.entry().has("valueFrom"));
    }
  }

  @Test
  @Compatibility("6.2-env-from")
  void attributes_that_a_config_map_of_env_from_holds_are_kept_and_win() {
    var story = TelemetryStory.ofDeployment("envFrom: [{configMapRef: {name: all}}]");

    assertThat(
            story
                .started(Map.of(ATTRIBUTES, "team=a,service.version=9,service.name=mine"))
                .attributes())
        .contains(
            entry("team", "a"),
            entry("service.version", "9"),
            entry("service.name", "mine"),
            entry("k8s.container.name", "app"));
    assertThat(story.started(Map.of(ATTRIBUTES, "service.name=mine")).service()).isEqualTo("mine");
  }

  @Test
  void a_config_map_of_env_from_without_attributes_leaves_no_empty_pair() {
    var story = TelemetryStory.ofDeployment("envFrom: [{configMapRef: {name: all}}]");

    assertThat(story.started().get(ATTRIBUTES)).doesNotEndWith(",").doesNotContain(",,", "$(");
    assertThat(story.started().attributes()).containsEntry("service.name", "web");
  }

  @Test
  void a_config_map_of_env_from_holds_attributes_behind_its_prefix_or_not_at_all() {
    assertThat(
            TelemetryStory.ofDeployment("envFrom: [{prefix: OTEL_, configMapRef: {name: all}}]")
                .started(Map.of("RESOURCE_ATTRIBUTES", "team=a"))
                .attributes())
        .containsEntry("team", "a");
    assertThat(
            TelemetryStory.ofDeployment("envFrom: [{prefix: APP_, configMapRef: {name: all}}]")
                .names())
        .doesNotContain("GRAFT_OTEL_RESOURCE_ATTRIBUTES");
  }

  @Property
  void encoded_attributes_decode_to_the_same_map(
      @ForAll("attributes") Map<String, String> attributes) {
    String text =
        attributes.entrySet().stream()
            .map(attribute -> encoded(attribute.getKey()) + "=" + encoded(attribute.getValue()))
            .collect(Collectors.joining(","));

    assertThat(TelemetryStory.decode(text)).isEqualTo(attributes);
    assertThat(
            AttributeText.parse(text).stream()
                .collect(
                    Collectors.toMap(
                        AttributeText.Part::key, part -> part.value().replace("$$", "$"))))
        .isEqualTo(attributes);
  }

  private static String encoded(String text) {
    StringBuilder encoded = new StringBuilder();
    AttributeText.encode(text, encoded);
    return encoded.toString();
  }

  @Provide
  Arbitrary<Map<String, String>> attributes() {
    Arbitrary<String> text =
        Arbitraries.of(
                "a", "Z", "0", " ", ",", ";", "=", "%", "%2C", "+", "$", "(", ")", "$(NAME)", "\"",
                "\\", "'", "#", "{", "\n", "\t", "\u007f", "é", "√", "😀")
            .list()
            .ofMinSize(1)
            .ofMaxSize(12)
            .map(pieces -> String.join("", pieces))
            .filter(string -> string.equals(string.strip()) && !string.contains("$$"))
            .filter(string -> !string.isBlank());
    Arbitrary<String> key = text.filter(string -> !string.contains("$"));
    return Arbitraries.maps(key, text).ofMaxSize(6);
  }
}
