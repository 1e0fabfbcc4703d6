package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ExplainTest {
  private static final Path FOLDER = Path.of("src/test/resources/explain");

  /** One that is injected, one with another agent, one that is rejected, one that asks nothing. */
  @Test
  void every_workload_and_container_is_explained() throws IOException {
    var run = graftReading(workloads(), "explain", "-f", "-");

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(Files.readString(FOLDER.resolve("workloads.txt")));
  }

  @Test
  void json_has_rule_source_and_what_was_before_and_what_gave_way() throws IOException {
    var json =
        new ObjectMapper()
            .readTree(graftReading(workloads(), "explain", "-f", "-", "-o", "json").out());

    assertThat(json)
        .extracting(workload -> workload.path("outcome").asText())
        .containsExactly("injected", "unchanged", "rejected", "unchanged");
    assertThat(json.get(0).path("edits"))
        .filteredOn(edit -> edit.path("name").asText().equals("JAVA_TOOL_OPTIONS"))
        .singleElement()
        .satisfies(edit -> {
          assertThat(edit.path("before").asText()).isEqualTo("-Xmx1g");
          assertThat(edit.path("rule").asText()).isEqualTo("activate the agent");
          assertThat(edit.path("source").asText()).isEqualTo("language java");
        });
    assertThat(json.get(0).at("/overruled/0/name").asText()).isEqualTo("OTEL_LOGS_EXPORTER");
    assertThat(json.get(0).at("/overruled/0/winner").asText()).isEqualTo("the pod");
    assertThat(json.get(2).at("/findings/0/fix").asText()).isNotEmpty();
  }

  @Test
  void what_an_image_may_set_is_named_as_unseen() throws IOException {
    var pod = workloads().replaceAll("(?m)^ *- name: JAVA_TOOL_OPTIONS\\n.*-Xmx1g\\n", "");

    assertThat(graftReading(pod, "explain", "-f", "-").out())
        .contains(
            "  what admission cannot see\n    · app: if the image itself sets JAVA_TOOL_OPTIONS");
  }

  @Test
  void the_way_of_delivery_is_told_with_who_asked_for_it() throws IOException {
    var mounted =
        graftReading(
            workloads(),
            "explain",
            "-f",
            "-",
            "--set",
            "agent-delivery=image-volume",
            "--set",
            "cluster.version=1.36",
            "--set",
            "cluster.runtimes=containerd://2.2.0");
    var unknown =
        graftReading(workloads(), "explain", "-f", "-", "--set", "agent-delivery=image-volume");

    assertThat(mounted.out())
        .contains("mount the agent from its image, from setting agent-delivery")
        .doesNotContain("init container opentelemetry");
    assertThat(unknown.out())
        .contains("init container opentelemetry-auto-instrumentation-java")
        .contains("deliver the agent, from language java")
        .containsIgnoringWhitespaces(
            "the cluster's version is not known (setting cluster.version); it is copied");
  }

  @Test
  void without_a_workload_there_is_nothing_to_explain() {
    assertThat(graftReading("kind: Service\napiVersion: v1\n", "explain", "-f", "-"))
        .isEqualTo(new CommandLineRun(0, "", "graft: there is no workload in what came with -f\n"));
  }

  private static String workloads() throws IOException {
    return Files.readString(FOLDER.resolve("workloads.yaml"));
  }
}
