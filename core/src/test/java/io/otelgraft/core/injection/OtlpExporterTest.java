package io.otelgraft.core.injection;

import static io.otelgraft.core.injection.TelemetryStory.COBOL;
import static io.otelgraft.core.injection.TelemetryStory.LISP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Protocol;
import org.junit.jupiter.api.Test;

class OtlpExporterTest {
  private static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  private static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";

  private static TelemetryStory sendingTo(String endpoint) {
    return TelemetryStory.ofDeployment().with("exporter: {endpoint: '" + endpoint + "'}");
  }

  @Test
  void the_protocol_is_said_as_the_port_has_it() {
    assertThat(sendingTo("http://otel:4317").literal(PROTOCOL)).isEqualTo("grpc");
    assertThat(sendingTo("http://otel:4317/").literal(PROTOCOL)).isEqualTo("grpc");
    assertThat(sendingTo("http://otel:4318").literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(sendingTo("http://[fd00::4317]:4318").literal(PROTOCOL)).isEqualTo("http/protobuf");
  }

  @Test
  void a_port_that_says_nothing_gets_what_the_opentelemetry_specification_recommends() {
    assertThat(sendingTo("https://otlp.example.com").literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(sendingTo("http://otel:43170").literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(TelemetryStory.ofDeployment().literal(PROTOCOL)).isEqualTo("http/protobuf");
  }

  @Test
  void what_the_resource_says_counts_before_the_port() {
    var story =
        TelemetryStory.ofDeployment()
            .with("exporter: {endpoint: 'http://otel:9999', protocol: grpc}");

    assertThat(story.literal(PROTOCOL)).isEqualTo("grpc");
  }

  @Test
  void a_language_without_grpc_sends_to_4318_of_the_same_host_and_the_user_is_told() {
    var story = sendingTo("http://otel-collector.observability.svc.cluster.local:4317").in(COBOL);

    assertThat(story.literal(ENDPOINT))
        .isEqualTo("http://otel-collector.observability.svc.cluster.local:4318");
    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(story.telemetry().endpoint()).isEqualTo(story.literal(ENDPOINT));
    assertThat(story.telemetry().notes())
        .singleElement()
        .satisfies(note -> {
          assertThat(note.reason()).isEqualTo("ProtocolChanged");
          assertThat(note.message())
              .contains("the default agent image of Cobol does not speak")
              .contains("http/protobuf is used on port 4318 of the same host");
        });
  }

  @Test
  void the_collector_on_the_node_is_reached_by_the_nodes_address() {
    assertThat(sendingTo("http://${NODE_IP}:4317").literal(ENDPOINT))
        .isEqualTo("http://$(OTEL_NODE_IP):4317");
    assertThat(sendingTo("http://${NODE_IP}:4317").started().get(ENDPOINT))
        .isEqualTo("http://10.0.0.7:4317");
    assertThat(sendingTo("http://${NODE_IP}:4317").in(COBOL).started().get(ENDPOINT))
        .isEqualTo("http://10.0.0.7:4318");
  }

  @Test
  void two_languages_in_one_container_share_a_protocol_that_both_speak() {
    var story = sendingTo("http://otel:4317").in(LISP, COBOL);

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4318");
    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(story.names()).doesNotHaveDuplicates();
  }

  @Test
  void a_mirror_of_the_default_image_speaks_no_more_than_that() {
    var story =
        TelemetryStory.ofDeployment()
            .in(COBOL)
            .with("{exporter: {endpoint: 'http://otel:4317'}, cobol: {image: 'mirror.local/c:1'}}");

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4318");
  }

  @Test
  void a_custom_image_with_an_explicit_protocol_is_believed() {
    var story =
        TelemetryStory.ofDeployment()
            .in(COBOL)
            .with(
                """
                exporter: {endpoint: 'http://otel:4317', protocol: grpc}
                cobol: {image: 'mine.local/cobol:1'}
                """);

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4317");
    assertThat(story.literal(PROTOCOL)).isEqualTo("grpc");
    assertThat(story.telemetry().notes())
        .extracting(Note::reason, Note::warning)
        .containsExactly(tuple("ProtocolUnverified", false));
  }

  @Test
  void the_default_image_with_an_explicit_protocol_that_it_lacks_is_not() {
    var story =
        TelemetryStory.ofDeployment()
            .in(COBOL)
            .with("exporter: {endpoint: 'http://otel:4317', protocol: grpc}");

    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4318");
  }

  @Test
  void the_pods_own_endpoint_stays_and_says_the_protocol() {
    var story =
        TelemetryStory.ofDeployment(
                "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://mine:4318'}]")
            .with("exporter: {endpoint: 'http://otel:4317', protocol: grpc}");

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://mine:4318");
    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
  }

  @Test
  void the_pods_own_endpoint_is_never_moved_to_another_port() {
    var story =
        TelemetryStory.ofDeployment(
                "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, value: 'http://mine:4317'}]")
            .in(COBOL);

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://mine:4317");
    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
    assertThat(story.telemetry().notes())
        .extracting(Note::fix)
        .containsExactly("give an endpoint that takes http/protobuf");
  }

  @Test
  void nothing_is_said_about_an_endpoint_that_cannot_be_seen() {
    String byReference =
        "env: [{name: OTEL_EXPORTER_OTLP_ENDPOINT, valueFrom: {configMapKeyRef: {name: o, key:"
            + " e}}}]";

    var story = TelemetryStory.ofDeployment(byReference);
    assertThat(story.names()).doesNotContain(PROTOCOL);
    assertThat(story.telemetry().endpoint()).isEqualTo("$(OTEL_EXPORTER_OTLP_ENDPOINT)");
    assertThat(TelemetryStory.ofDeployment(byReference).in(COBOL).literal(PROTOCOL))
        .isEqualTo("http/protobuf");
    assertThat(
            TelemetryStory.ofDeployment(byReference)
                .with("exporter: {protocol: grpc}")
                .literal(PROTOCOL))
        .isEqualTo("grpc");
  }

  @Test
  void the_pods_own_protocol_stays() {
    var story =
        TelemetryStory.ofDeployment("env: [{name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/json}]")
            .with("exporter: {endpoint: 'http://otel:4317'}");

    assertThat(story.literal(PROTOCOL)).isEqualTo("http/json");
    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4317");
  }

  @Test
  void an_agent_that_is_told_its_only_protocol_by_the_section_gets_the_port_that_fits() {
    var story =
        TelemetryStory.ofDeployment()
            .in(COBOL)
            .with(
                """
                exporter: {endpoint: 'http://otel:4317'}
                cobol: {env: [{name: OTEL_EXPORTER_OTLP_PROTOCOL, value: http/protobuf}]}
                """);

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4318");
    assertThat(story.telemetry().notes())
        .extracting(Note::message)
        .containsExactly(
            "spec.cobol.env of shop/main says http/protobuf, and the default agent image of Cobol"
                + " speaks nothing else: it is used on port 4318 of the same host");
    assertThat(story.asTheOperatorDoes().literal(ENDPOINT)).isEqualTo("http://otel:4317");
  }

  @Test
  void a_signal_that_goes_elsewhere_speaks_the_protocol_of_its_own_port() {
    var story =
        TelemetryStory.ofDeployment(
                "env: [{name: OTEL_EXPORTER_OTLP_TRACES_ENDPOINT, value: 'http://traces:4317'}]")
            .with("exporter: {endpoint: 'http://otel:4318'}");

    assertThat(story.literal("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL")).isEqualTo("grpc");
    assertThat(story.literal(PROTOCOL)).isEqualTo("http/protobuf");
  }

  @Test
  void configured_defaults_count_where_the_resource_is_silent() {
    var story =
        TelemetryStory.ofDeployment()
            .configured(
                settings -> settings.endpoint("http://${NODE_IP}:9000").protocol(Protocol.GRPC));

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://$(OTEL_NODE_IP):9000");
    assertThat(story.literal(PROTOCOL)).isEqualTo("grpc");
    assertThat(story.with("exporter: {endpoint: 'http://otel:4318'}").literal(PROTOCOL))
        .isEqualTo("http/protobuf");
  }

  @Test
  void as_the_operator_does_nothing_is_said_and_no_endpoint_is_moved() {
    var story = sendingTo("http://otel:4317").in(COBOL).asTheOperatorDoes();

    assertThat(story.names()).doesNotContain(PROTOCOL);
    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4317");
    assertThat(
            story
                .with("exporter: {endpoint: 'http://otel:4317', protocol: http/protobuf}")
                .literal(PROTOCOL))
        .isEqualTo("http/protobuf");
  }

  @Test
  @Compatibility("6.2.2-exporter")
  void certificates_come_from_secret_and_config_map_mounted_read_only_the_secret_first() {
    var story =
        TelemetryStory.ofDeployment()
            .with(
                """
                exporter:
                  endpoint: https://otel:4317
                  tls: {secretName: certs, configMapName: ca, ca_file: ca.crt, cert_file: c.crt, key_file: /in/image.key}
                """);

    assertThat(story.literal("OTEL_EXPORTER_OTLP_CERTIFICATE"))
        .isEqualTo("/otel-auto-instrumentation-configmap-ca/ca.crt");
    assertThat(story.literal("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"))
        .isEqualTo("/otel-auto-instrumentation-secret-certs/c.crt");
    assertThat(story.literal("OTEL_EXPORTER_OTLP_CLIENT_KEY")).isEqualTo("/in/image.key");
    assertThat(story.telemetry().certificates())
        .extracting(CertificateMount::volume, CertificateMount::path)
        .containsExactly(
            tuple("otel-auto-secret-certs", "/otel-auto-instrumentation-secret-certs"),
            tuple("otel-auto-configmap-ca", "/otel-auto-instrumentation-configmap-ca"));
    assertThat(story.telemetry().notes())
        .as("what the pod waits for")
        .allMatch(note -> note.reason().equals(Note.CERTIFICATES_AWAITED) && !note.warning())
        .extracting(Note::message)
        .satisfiesExactly(
            secret -> assertThat(secret).contains("until there is Secret certs"),
            configMap -> assertThat(configMap).contains("until there is ConfigMap ca"));
  }

  @Test
  @Compatibility("6.2.2-volume-name")
  void a_secret_with_dots_in_its_name_gets_a_volume_name_that_the_api_server_takes() {
    var dotted = CertificateMount.of(CertificateMount.Kind.SECRET, "tls.example.com", "test");
    var dashed = CertificateMount.of(CertificateMount.Kind.SECRET, "tls-example.com", "test");
    var endless = CertificateMount.of(CertificateMount.Kind.SECRET, "a.".repeat(100) + "b", "t");

    assertThat(dotted.volume()).matches("otel-auto-secret-tls-example-com-[0-9a-f]+");
    assertThat(dotted.volume()).isNotEqualTo(dashed.volume());
    assertThat(endless.volume()).matches("[a-z0-9]([-a-z0-9]*[a-z0-9])?").hasSizeBetween(50, 63);
    assertThat(dotted.path()).isEqualTo("/otel-auto-instrumentation-secret-tls.example.com");
    assertThat(dotted.toVolume())
        .isEqualTo(
            TelemetryStory.tree(
                "{name: " + dotted.volume() + ", secret: {secretName: tls.example.com}}"));
  }

  @Test
  void every_proposal_says_where_it_comes_from() {
    assertThat(sendingTo("http://otel:4317").telemetry().proposals())
        .filteredOn(proposal -> proposal.variable().name().startsWith("OTEL_EXPORTER"))
        .extracting(proposal -> proposal.variable().name(), Proposal::rule, Proposal::source)
        .containsExactlyInAnyOrder(
            tuple(ENDPOINT, "send to the endpoint", "spec.exporter.endpoint of shop/main"),
            tuple(PROTOCOL, "say the protocol", "port of http://otel:4317"));
  }

  @Test
  void variables_in_the_env_of_a_resource_are_filled_in_and_escaped_ones_are_text() {
    var story =
        TelemetryStory.ofDeployment()
            .with(
                "lisp: {env: [{name: PLACE, value: '${K8S_NAMESPACE}/${K8S_POD_UID}/$${HOME}'}]}");

    assertThat(story.literal("PLACE"))
        .isEqualTo("shop/$(OTEL_RESOURCE_ATTRIBUTES_POD_UID)/${HOME}");
    assertThat(story.env())
        .contains(EnvVar.field("OTEL_RESOURCE_ATTRIBUTES_POD_UID", "metadata.uid"));
  }

  @Test
  void an_endpoint_without_a_value_for_this_pod_gives_way_to_the_configured_one() {
    var story =
        sendingTo("http://${K8S_POD_LABELS_COLLECTOR}:4317")
            .configured(settings -> settings.endpoint("http://otel:4318"));

    assertThat(story.literal(ENDPOINT)).isEqualTo("http://otel:4318");
    assertThat(story.telemetry().notes())
        .extracting(Note::reason)
        .containsExactly("VariableWithoutValue");
  }
}
