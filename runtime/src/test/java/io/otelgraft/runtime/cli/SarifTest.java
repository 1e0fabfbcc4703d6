package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What SARIF 2.1.0 asks of a log, section by section. */
final class SarifTest {

  @TempDir private Path folder;
  private JsonNode log;
  private JsonNode run;

  @BeforeEach
  void lint() throws IOException {
    var file =
        Files.writeString(
            folder.resolve("50 % shop.yaml"),
            """
            apiVersion: apps/v1
            kind: Deployment
            metadata:
              name: shop
              annotations:
                instrumentation.opentelemetry.io/inject-java: "true"
            spec:
              template:
                metadata:
                  annotations:
                    instrumentation.opentelemetry.io/container-name: app
                spec:
                  containers: [{name: app, image: shop:1}]
            """);
    log = new ObjectMapper().readTree(graft("lint", "-f", file.toString(), "-o", "sarif").out());
    run = log.path("runs").path(0);
  }

  @Test
  void a_log_has_a_version_and_one_run_of_a_named_tool() {
    assertThat(log.path("version").asText()).isEqualTo("2.1.0");
    assertThat(log.path("$schema").asText()).endsWith("sarif-2.1.0.json");
    assertThat(log.path("runs")).hasSize(1);
    assertThat(run.at("/tool/driver/name").asText()).isEqualTo("graft");
    assertThat(run.at("/tool/driver/version").asText()).isNotEmpty();
    assertThat(run.path("columnKind").asText()).isEqualTo("utf16CodeUnits");
  }

  @Test
  void a_result_names_its_rule_by_id_and_index() {
    assertThat(run.path("results"))
        .hasSizeGreaterThan(1)
        .allSatisfy(result ->
            assertThat(run.at("/tool/driver/rules/" + result.path("ruleIndex").asInt() + "/id"))
                .isEqualTo(result.path("ruleId")));
  }

  @Test
  void a_result_has_level_message_and_place() {
    var result = run.path("results").path(0);

    assertThat(result.path("level").asText()).isEqualTo("error");
    assertThat(result.at("/message/text").asText())
        .contains("has no effect on the metadata of a Deployment")
        .endsWith("; move it to spec.template.metadata.annotations");
    assertThat(result.at("/locations/0/physicalLocation/region").toString())
        .isEqualTo("{\"startLine\":6,\"startColumn\":5}");
  }

  @Test
  void a_file_is_a_uri() {
    var uri = run.at("/results/0/locations/0/physicalLocation/artifactLocation/uri").asText();

    assertThat(uri).startsWith("file:///").endsWith("/50%20%25%20shop.yaml");
  }
}
