package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation.Action;
import io.otelgraft.core.resource.Instrumentation.Attribute;
import io.otelgraft.core.resource.InstrumentationReader.Reading;
import io.otelgraft.core.resource.LanguageSection.AgentImage;
import io.otelgraft.core.resource.LanguageSection.Origin;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Protocol;
import io.otelgraft.spi.Setting;
import io.otelgraft.spi.Variable;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class InstrumentationReaderTest {

  private static ObjectNode document(String spec) {
    String text =
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: shop, namespace: shop, generation: 7}
        spec:
        """
            + spec.indent(2);
    return Documents.read("shop.yaml", text).list().getFirst().tree();
  }

  private static Instrumentation read(String spec, Settings settings) {
    Reading reading = InstrumentationReader.read(document(spec), Languages.catalogue(), settings);
    assertThat(reading.problems()).filteredOn(Problem::isError).isEmpty();
    return reading.instrumentation().orElseThrow();
  }

  private static LanguageSection cobol(String spec) {
    return read(spec, Settings.standard()).section("cobol").orElseThrow();
  }

  @Test
  void what_the_resource_does_not_say_stays_open_for_the_operators_defaults() {
    Instrumentation empty =
        read("env: []", Settings.builder().endpoint("http://x:4317").sampler("always_on").build());

    assertThat(empty.exporter().endpoint()).isEmpty();
    assertThat(empty.exporter().protocol()).isEmpty();
    assertThat(empty.exporter().tls()).isEmpty();
    assertThat(empty.sampler()).isEmpty();
    assertThat(empty.propagators()).isEmpty();
    assertThat(empty.generation()).isEqualTo(7);
  }

  @Test
  void the_mode_is_the_resources_else_the_operators() {
    Settings observing = Settings.builder().mode(Mode.OBSERVE).build();

    assertThat(read("env: []", Settings.standard()).mode()).isEqualTo(Mode.ENFORCE);
    assertThat(read("env: []", observing).mode()).isEqualTo(Mode.OBSERVE);
    assertThat(read("mode: enforce", observing).mode()).isEqualTo(Mode.ENFORCE);
    assertThat(read("mode: observe", Settings.standard()).mode()).isEqualTo(Mode.OBSERVE);
  }

  @Test
  void every_language_has_a_section_also_one_that_the_resource_does_not_mention() {
    Instrumentation empty = read("env: []", Settings.standard());

    assertThat(empty.sections()).containsOnlyKeys("cobol", "rexx", "plain-sdk", "snobol");
    LanguageSection cobol = empty.section("cobol").orElseThrow();
    assertThat(cobol.given()).isFalse();
    assertThat(cobol.agentImage())
        .contains(new AgentImage("registry.example/cobol-agent:1.2.0", Origin.LANGUAGE));
    assertThat(cobol.get(Languages.DIALECT)).contains("gnu");
    assertThat(empty.section("fortran")).isEmpty();
  }

  @Test
  void a_language_without_an_agent_has_neither_image_nor_resources() {
    LanguageSection sdk = read("env: []", Settings.standard()).section("plain-sdk").orElseThrow();

    assertThat(sdk.resources()).isEmpty();
    assertThatThrownBy(sdk::image)
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("there is no image of an agent for language plain-sdk");
  }

  @Test
  @Compatibility("1.3-image")
  void the_image_is_the_resources_else_the_operators_else_the_plugins() {
    Settings mirrored = Settings.builder().image("cobol", "mirror.example/cobol:1").build();

    assertThat(read("env: []", mirrored).section("cobol").orElseThrow().agentImage())
        .contains(new AgentImage("mirror.example/cobol:1", Origin.SETTINGS));
    assertThat(
            read("cobol: {image: own/cobol:2}", mirrored)
                .section("cobol")
                .orElseThrow()
                .agentImage())
        .contains(new AgentImage("own/cobol:2", Origin.RESOURCE));
    assertThat(read("cobol: {image: \"\"}", mirrored).section("cobol").orElseThrow().image())
        .isEqualTo("mirror.example/cobol:1");
  }

  @Test
  void an_endpoint_that_is_a_path_is_no_url() {
    Reading reading =
        InstrumentationReader.read(
            document("exporter: {endpoint: \"/otel://collector\"}"),
            Languages.catalogue(),
            Settings.standard());

    assertThat(reading.problems())
        .singleElement()
        .hasToString(
            "spec.exporter.endpoint \"/otel://collector\" has no scheme before ://; write a URL such"
                + " as http://otel-collector:4317");
  }

  @Test
  void an_agent_without_a_default_image_has_the_one_that_somebody_names_and_the_author_is_told() {
    Settings mirrored = Settings.builder().image("algol", "mirror.example/algol:1").build();
    Reading nobody = algol("algol: {}", Settings.standard());

    assertThat(nobody.instrumentation().orElseThrow().section("algol").orElseThrow().agentImage())
        .isEmpty();
    assertThat(nobody.problems())
        .singleElement()
        .hasToString(
            "spec.algol names no image of the agent for ALGOL, and none is published that would be"
                + " the default: pods that ask for it are refused; name one in spec.algol.image,"
                + " or in the operator's setting images.algol; it has /algol/agent.a68")
        .matches(problem -> !problem.isError());
    assertThat(algol("env: []", Settings.standard()).problems()).isEmpty();
    assertThat(algol("algol: {}", mirrored).problems()).isEmpty();
    assertThat(algol("algol: {image: own/algol:2}", mirrored).instrumentation())
        .hasValueSatisfying(read ->
            assertThat(read.section("algol").orElseThrow().image()).isEqualTo("own/algol:2"));
  }

  private static Reading algol(String spec, Settings settings) {
    return InstrumentationReader.read(document(spec), Catalogue.of(Languages.ALGOL), settings);
  }

  @Test
  @Compatibility("1.3-annotation-moves-on")
  void what_the_operator_notes_of_default_images_keeps_no_new_one_from_a_resource() {
    ObjectNode document = document("env: []");
    document
        .withObject("/metadata/annotations")
        .put(
            "instrumentation.opentelemetry.io/default-auto-instrumentation-cobol-image",
            "registry.example/cobol-agent:0.9");
    ObjectNode before = document.deepCopy();

    Instrumentation read =
        InstrumentationReader.read(document, Languages.catalogue(), Settings.standard())
            .instrumentation()
            .orElseThrow();

    assertThat(read.section("cobol").orElseThrow().image())
        .isEqualTo("registry.example/cobol-agent:1.2.0");
    assertThat(document).isEqualTo(before);
  }

  @Test
  void settings_of_every_shape_reach_the_plugin_as_it_declared_them() {
    LanguageSection section =
        cobol(
            """
            cobol:
              configPath: /etc/own.conf
              dialect: ibm
              wrapCommand: true
              share: 0.25
              attrs: [{name: A, value: "1"}, {name: B, valueFrom: {fieldRef: {fieldPath: spec.nodeName}}}]
              securityContext: {runAsUser: 1000, capabilities: {drop: [ALL]}}
            """);

    assertThat(section.get(Languages.CONFIG)).contains("/etc/own.conf");
    assertThat(section.get(Languages.DIALECT)).contains("ibm");
    assertThat(section.get(Languages.WRAP)).contains(true);
    assertThat(section.get(Languages.SHARE)).contains(new BigDecimal("0.25"));
    assertThat(section.get(Languages.ATTRS).orElseThrow())
        .extracting(Variable::name)
        .containsExactly("A", "B");
    assertThat(section.get(Languages.SECURITY))
        .contains(Map.of("runAsUser", 1000, "capabilities", Map.of("drop", List.of("ALL"))));
    assertThat(section.get(Languages.COPYBOOKS)).isEmpty();
    assertThat(section.get(Setting.text("undeclared").defaultsTo("own"))).contains("own");
  }

  @Test
  void a_list_of_objects_is_made_of_the_plugins_own_type_at_each_reading() {
    LanguageSection section = cobol("cobol: {copybooks: [{image: books:1, dir: /b}]}");

    List<Languages.Copybook> once = section.get(Languages.COPYBOOKS).orElseThrow();
    assertThat(once).containsExactly(new Languages.Copybook("books:1", "/b"));
    assertThat(section.get(Languages.COPYBOOKS).orElseThrow().getFirst())
        .isNotSameAs(once.getFirst());
  }

  @Test
  @Compatibility("5-precedence")
  void env_of_the_language_ranks_above_the_common_one() {
    LanguageSection section =
        cobol(
            """
            env: [{name: LEVEL, value: info}, {name: REGION, value: eu}]
            cobol: {env: [{name: LEVEL, value: debug}]}
            """);

    assertThat(section.env("LEVEL").orElseThrow().literal()).contains("debug");
    assertThat(section.env("REGION").orElseThrow().literal()).contains("eu");
    assertThat(section.env("OTHER")).isEmpty();
    assertThat(section.env()).extracting(EnvVar::name).containsExactly("LEVEL");
  }

  @Test
  @Compatibility("1.1-spelling-of-resources")
  void both_spellings_of_resources_mean_the_same() {
    String own = "{requests: {cpu: 10m}, limits: {cpu: 20m}}";

    assertThat(cobol("cobol: {resourceRequirements: " + own + "}").resources())
        .isEqualTo(cobol("cobol: {resources: " + own + "}").resources())
        .hasToString("{\"requests\":{\"cpu\":\"10m\"},\"limits\":{\"cpu\":\"20m\"}}");
  }

  @Test
  @Compatibility("1.3-resources")
  void limits_and_requests_get_their_defaults_each_by_itself() {
    assertThat(cobol("env: []").resources())
        .hasToString(
            "{\"limits\":{\"cpu\":\"500m\",\"memory\":\"256Mi\"},"
                + "\"requests\":{\"cpu\":\"50m\",\"memory\":\"64Mi\"}}");
    assertThat(cobol("cobol: {resources: {requests: {cpu: 100m}}}").resources().get("requests"))
        .hasToString("{\"cpu\":\"100m\"}");
    assertThat(cobol("cobol: {resources: {limits: {}}}").resources().get("limits")).isEmpty();
  }

  @Test
  void a_default_gives_way_where_the_pod_would_request_more_than_its_limit() {
    assertThat(cobol("cobol: {resources: {requests: {memory: 1Gi}}}").resources().get("limits"))
        .hasToString("{\"cpu\":\"500m\",\"memory\":\"1Gi\"}");
    assertThat(
            cobol("cobol: {resources: {limits: {memory: 32Mi, cpu: 2}}}")
                .resources()
                .get("requests"))
        .hasToString("{\"cpu\":\"50m\",\"memory\":\"32Mi\"}");
  }

  @Test
  void attributes_of_a_list_keep_their_actions() {
    Instrumentation read =
        read(
            """
            resource:
              resourceAttributes:
              - {key: a, value: "1"}
              - {key: b, value: "2", action: insert}
              - {key: c, value: "3", action: update}
              - {key: d, action: delete}
            """,
            Settings.standard());

    assertThat(read.attributes())
        .containsExactly(
            new Attribute("a", "1", Action.UPSERT),
            new Attribute("b", "2", Action.INSERT),
            new Attribute("c", "3", Action.UPDATE),
            new Attribute("d", "", Action.DELETE));
  }

  @Test
  void protocol_and_certificates_are_read() {
    Instrumentation read =
        read(
            """
            exporter:
              endpoint: https://otel:4318
              protocol: http/protobuf
              tls: {secretName: client, ca_file: ca.crt}
            """,
            Settings.standard());

    assertThat(read.exporter().protocol()).contains(Protocol.HTTP_PROTOBUF);
    assertThat(read.exporter().tls().orElseThrow().caFile()).contains("ca.crt");
    assertThat(read.exporter().tls().orElseThrow().configMapName()).isEmpty();
  }

  @Test
  void the_document_is_kept_to_the_last_unknown_field() {
    ObjectNode document =
        document(
            """
            future: {number: 1.10, nothing: null, big: 123456789012345678901234567890}
            cobol: {resources: {requests: {memory: 1Gi}}}
            """);
    ObjectNode before = document.deepCopy();

    Instrumentation read =
        InstrumentationReader.read(document, Languages.catalogue(), Settings.standard())
            .instrumentation()
            .orElseThrow();

    assertThat(read.document()).isSameAs(document).isEqualTo(before);
  }

  @Test
  void a_plugin_that_fails_to_validate_leaves_the_resource_usable() {
    Reading reading =
        InstrumentationReader.read(
            document("snobol: {image: own/snobol:4}"), Languages.catalogue(), Settings.standard());

    assertThat(reading.instrumentation()).isPresent();
    assertThat(reading.problems()).hasSize(1);
    assertThat(reading.problems().getFirst().severity()).isEqualTo(Problem.Severity.WARNING);
    assertThat(reading.problems().getFirst().message())
        .startsWith("spec.snobol could not be validated: plugin ")
        .contains("no pattern matches");
  }

  @Test
  void a_users_mistake_is_not_held_against_the_plugin() {
    Catalogue catalogue = Languages.catalogue();
    InstrumentationReader reader = InstrumentationReader.of(catalogue, Settings.standard());

    for (int i = 0; i < 5; i++) {
      // The plugin would fail on this section, had it been asked about it.
      reader.read(document("cobol: {copybooks: [{image: books}], dialect: ibm}"), "default");
    }

    assertThat(catalogue.language("cobol").orElseThrow().failures()).isZero();
  }

  @Test
  void a_port_that_tells_no_protocol_is_no_matter_where_the_protocol_is_known() {
    ObjectNode document = document("exporter: {endpoint: \"http://otel:80\"}");
    Settings known = Settings.builder().protocol(Protocol.GRPC).build();
    Settings asTheOperator = Settings.builder().explicitProtocol(false).build();

    assertThat(
            InstrumentationReader.read(document, Languages.catalogue(), Settings.standard())
                .problems())
        .hasSize(1);
    assertThat(InstrumentationReader.read(document, Languages.catalogue(), known).problems())
        .isEmpty();
    assertThat(
            InstrumentationReader.read(document, Languages.catalogue(), asTheOperator).problems())
        .isEmpty();
  }

  @Test
  void numbers_that_would_take_all_time_or_memory_are_refused_at_once() {
    String ratio = "0." + "1".repeat(1_000_000);

    Reading reading =
        InstrumentationReader.read(
            document(
                """
                sampler: {type: traceidratio, argument: "%s"}
                cobol: {volumeLimitSize: 1.5e999999999, resources: {limits: {memory: 1e-99999999}}}
                """
                    .formatted(ratio)),
            Languages.catalogue(),
            Settings.standard());

    assertThat(reading.instrumentation()).isEmpty();
    assertThat(reading.problems())
        .extracting(problem -> problem.path().toString())
        .contains(
            "/spec/sampler/argument",
            "/spec/cobol/volumeLimitSize",
            "/spec/cobol/resources/limits/memory");
  }
}
