package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.InstrumentationSchema;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class DefinitionTest {
  private static final String SECTIONS =
      "/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties";

  private final StandIn cluster = new StandIn();
  private Catalogue catalogue = languages("quill", "ember");
  private final Definition duty = new Definition(cluster.server(), () -> catalogue);

  @AfterEach
  void close() {
    cluster.close();
  }

  private static Catalogue languages(String... ids) {
    LanguagePlugin[] plugins = new LanguagePlugin[ids.length];
    for (int i = 0; i < ids.length; i++) {
      String id = ids[i];
      plugins[i] = () -> Language.named(id).section(id).image("example.org/" + id, "1").build();
    }
    return Catalogue.of(plugins);
  }

  /** The cluster has what a Graft with these languages wrote. */
  private void has(long generation, String... languages) {
    has(generation, InstrumentationSchema.definition(languages(languages)));
  }

  private void has(long generation, ObjectNode definition) {
    definition.withObject("/metadata").put("generation", generation).put("resourceVersion", "7");
    cluster
        .api()
        .on("GET " + StandIn.DEFINITION, 200, text(definition))
        .on(
            "PUT " + StandIn.DEFINITION,
            200,
            "{\"metadata\": {\"generation\": " + (generation + 1) + "}}");
  }

  private static String text(ObjectNode tree) {
    return new String(Json.write(tree), StandardCharsets.UTF_8);
  }

  private static JsonNode sections(ObjectNode definition) {
    return definition.at(SECTIONS);
  }

  @Test
  void where_there_is_none_it_is_created() {
    cluster.api().on("POST " + StandIn.DEFINITIONS, 201, "{\"metadata\": {\"generation\": 1}}");

    duty.fulfil(false);

    assertThat(cluster.sent("POST"))
        .singleElement()
        .satisfies(created -> assertThat(sections(created).has("quill")).isTrue());
  }

  @Test
  void the_leader_writes_what_its_plugins_make_and_keeps_the_sections_of_others() {
    ObjectNode there = InstrumentationSchema.definition(languages("quill", "reed"));
    ((ObjectNode) sections(there)).putObject("retired").put("type", "string");
    has(3, there);

    duty.fulfil(true);

    assertThat(cluster.sent("PUT"))
        .singleElement()
        .satisfies(written -> {
          assertThat(sections(written).has("quill")).isTrue();
          assertThat(sections(written).has("ember")).as("its own").isTrue();
          assertThat(sections(written).get("reed").toString())
              .as("of another replica, or in use")
              .isEqualTo(sections(there).get("reed").toString());
          assertThat(sections(written).has("retired")).as("a field that is no section").isFalse();
          assertThat(written.at("/metadata/resourceVersion").asText())
              .as("who writes meanwhile is noticed by that")
              .isEqualTo("7");
        });
  }

  @Test
  void who_does_not_lead_writes_only_what_is_missing() {
    has(3, "quill", "ember", "reed");
    duty.fulfil(false);
    assertThat(cluster.sent("PUT")).isEmpty();

    has(4, "quill", "reed");
    duty.fulfil(false);
    assertThat(cluster.sent("PUT"))
        .singleElement()
        .satisfies(written -> {
          assertThat(sections(written).has("ember")).isTrue();
          assertThat(sections(written).has("reed")).isTrue();
        });
  }

  @Test
  void what_is_as_it_should_be_costs_a_look_until_something_changes() {
    has(3, "quill", "ember");
    duty.fulfil(true);
    long written = cluster.asked("PUT");
    // What was written is there now.
    has(4, "quill", "ember");
    long before = cluster.asked("GET");
    duty.fulfil(true);
    assertThat(cluster.asked("GET") - before).isEqualTo(1);

    catalogue = languages("quill", "ember", "flint");
    duty.fulfil(true);
    assertThat(cluster.asked("PUT")).isEqualTo(written + 1);

    // Somebody else wrote.
    has(9, "quill");
    duty.fulfil(true);
    assertThat(cluster.asked("PUT")).isEqualTo(written + 2);
  }

  @Test
  void who_begins_to_lead_looks_once_more() {
    ObjectNode older = InstrumentationSchema.definition(languages("quill", "ember"));
    ((ObjectNode) sections(older)).putObject("retired").put("type", "string");
    has(3, older);
    duty.fulfil(false);
    assertThat(cluster.sent("PUT")).as("nothing is missing").isEmpty();

    duty.fulfil(true);
    assertThat(cluster.sent("PUT")).as("the leader's is the newest").hasSize(1);
  }

  @Test
  void where_somebody_else_is_faster_it_is_tried_again_the_next_time() {
    has(3, "quill");
    cluster.api().on("PUT " + StandIn.DEFINITION, 409, "{\"message\": \"it was modified\"}");
    duty.fulfil(true);
    duty.fulfil(true);

    assertThat(cluster.sent("PUT")).hasSize(2);
  }

  @Test
  void a_section_tells_of_a_language_that_no_plugin_here_provides() {
    ObjectNode there =
        InstrumentationSchema.definition(
            Catalogue.of(() ->
                Language.named("reed-pipe")
                    .section("reedPipe")
                    .image("example.org/reed", "1")
                    .build()));
    has(3, there);

    assertThat(Definition.mayKnow(cluster.server(), "reed-pipe")).isTrue();
    assertThat(Definition.mayKnow(cluster.server(), "reed")).isFalse();
    assertThat(Definition.mayKnow(cluster.server(), "exporter")).as("no section").isFalse();
  }

  @Test
  void where_there_is_no_definition_nobody_knows_a_language() {
    assertThat(Definition.mayKnow(cluster.server(), "quill")).isFalse();
  }
}
