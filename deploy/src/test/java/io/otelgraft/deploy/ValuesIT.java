package io.otelgraft.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What of the chart is made from Graft, or has to agree with it; without Helm. */
final class ValuesIT {

  private static final Path SCHEMA = Helm.CHART.resolve("values.schema.json");
  private static final Path DEFINITION = Helm.CHART.resolve("crds/instrumentations.yaml");

  private static JsonNode yaml(String file) throws IOException {
    return Documents.read(file, Files.readString(Helm.CHART.resolve(file)))
        .list()
        .getFirst()
        .tree();
  }

  /** So that Helm refuses a setting that Graft would not start with, before anything is changed. */
  @Test
  void the_schema_of_the_values_knows_every_setting_and_no_other() throws IOException {
    ObjectNode schema = Json.read(Files.readAllBytes(SCHEMA));
    ((ObjectNode) schema.get("properties")).set("settings", SettingsSchema.schema());

    Golden.check(SCHEMA, Json.pretty(schema));
  }

  @Test
  void the_definition_that_comes_with_the_chart_is_the_one_that_graft_makes() throws IOException {
    Golden.check(DEFINITION, Graft.run("crds"));
  }

  @Test
  void every_value_that_the_schema_knows_stands_in_the_values_with_its_default()
      throws IOException {
    Set<String> undocumented = new TreeSet<>();
    JsonNode schema = Json.read(Files.readAllBytes(SCHEMA));
    missing("", schema, yaml("values.yaml"), undocumented);

    // What charts around this one share, and what the schema takes from Graft.
    assertThat(undocumented).containsExactly("global");
  }

  private static void missing(String path, JsonNode schema, JsonNode values, Set<String> missing) {
    schema
        .path("properties")
        .properties()
        .forEach(property -> {
          String name = path + property.getKey();
          JsonNode value = values.path(property.getKey());
          if (value.isMissingNode()) {
            missing.add(name);
          } else if (!value.isEmpty()) {
            missing(name + ".", property.getValue(), value, missing);
          }
        });
  }

  @Test
  void the_chart_installs_the_version_of_graft_that_it_comes_with() throws IOException {
    assertThat("graft " + yaml("Chart.yaml").path("appVersion").asText())
        .isEqualTo(Graft.run("--version").strip());
  }

  /** Helm takes no snapshot of Maven's for a version. */
  @Test
  void the_version_of_the_chart_is_the_one_that_is_going_to_be_released() throws IOException {
    JsonNode chart = yaml("Chart.yaml");

    assertThat(chart.path("appVersion").asText()).startsWith(chart.path("version").asText());
  }
}
