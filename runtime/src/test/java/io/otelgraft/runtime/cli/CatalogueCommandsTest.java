package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static io.otelgraft.runtime.cli.CommandLineRun.graftIn;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.core.document.Documents;
import io.otelgraft.runtime.settings.SettingsReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands that tell what there is: plugins, the definition, settings. */
final class CatalogueCommandsTest {

  @TempDir private Path folder;

  @Test
  void each_language_is_a_row() {
    var run = graft("plugins");

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out().lines().toList().getFirst())
        .containsSubsequence("LANGUAGE", "TITLE", "VERSION", "SECTION", "JAR", "MODULE", "IMAGE");
    assertThat(run.out().lines())
        .anySatisfy(row ->
            assertThat(row)
                .containsSubsequence(
                    "nodejs",
                    "Node.js",
                    "spec.nodejs",
                    "graft-lang-nodejs.jar",
                    "io.otelgraft.lang.nodejs",
                    "autoinstrumentation-nodejs:"));
  }

  @Test
  void a_jar_that_cannot_be_used_is_listed_with_why_and_the_others_work() throws IOException {
    Path jar = ShippedPlugins.FOLDER.resolve("graft-lang-java.jar");
    Files.copy(jar, folder.resolve("graft-lang-java.jar"));
    Files.writeString(folder.resolve("broken.jar"), "not a jar");

    var run = graft("plugins", "--plugins", folder.toString());

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("graft-lang-java.jar").contains("\nRefused:\n  broken.jar: ");
    var json =
        new ObjectMapper()
            .readTree(graft("plugins", "--plugins", folder.toString(), "-o", "json").out());
    assertThat(json.at("/loaded/0/annotation").asText())
        .isEqualTo("instrumentation.opentelemetry.io/inject-java");
    assertThat(json.at("/refused/0/jar").asText()).isEqualTo("broken.jar");
  }

  @Test
  void the_definition_has_a_section_for_each_language() {
    var run = graft("crds");

    var definition = Documents.read("crds", run.out()).list().getFirst().tree();
    assertThat(definition.at("/metadata/name").asText())
        .isEqualTo("instrumentations.opentelemetry.io");
    var spec = definition.at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
    assertThat(spec.fieldNames()).toIterable().contains("exporter", "java", "nodejs", "python");
  }

  @Test
  void each_setting_is_listed_with_its_variable_and_what_was_set_with_where() {
    var run = graftIn(Map.of("GRAFT_MODE", "observe"), "settings", "--set", "cluster-name=west");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("mode = observe from environment variable GRAFT_MODE")
        .contains("cluster-name = west from --set");
    for (var key : SettingsReader.keys()) {
      assertThat(run.out()).contains(key.name(), key.description(), key.environmentVariable());
    }
  }

  @Test
  void settings_as_json_have_the_same() throws IOException {
    var json =
        new ObjectMapper()
            .readTree(graft("settings", "-o", "json", "--set", "cluster-name=west").out());

    assertThat(json).hasSize(SettingsReader.keys().size());
    assertThat(json)
        .filteredOn(entry -> entry.path("key").asText().equals("cluster-name"))
        .singleElement()
        .satisfies(entry -> {
          assertThat(entry.at("/set/0/value").asText()).isEqualTo("west");
          assertThat(entry.at("/set/0/from").asText()).isEqualTo("--set");
        });
  }
}
