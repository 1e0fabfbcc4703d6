package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.flipkart.zjsonpatch.JsonPatch;
import com.github.difflib.UnifiedDiffUtils;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class InjectTest {
  private static final String RESOURCE =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata:
        name: prod
      spec:
        exporter:
          endpoint: http://collector:4318
      """;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: shop
        annotations:
          instrumentation.opentelemetry.io/inject-java: "true"  # as the team agreed
      spec:
        containers:
          - name: app
            image: shop:1
      """;

  private static final String SERVICE =
      """
      # In front of the shop
      apiVersion: v1
      kind:   Service
      metadata: { name: shop }
      """;

  @TempDir private Path folder;
  private Path resource;
  private Path pod;

  @BeforeEach
  void write() throws IOException {
    resource = Files.writeString(folder.resolve("resource.yaml"), RESOURCE);
    pod = Files.writeString(folder.resolve("pod.yaml"), POD);
  }

  @Test
  void what_is_no_workload_is_printed_as_it_is_written_and_so_is_the_rest_of_a_workload() {
    var in = RESOURCE + "---\n" + POD + "---\n" + SERVICE;

    var out = graftReading(in, "inject", "-f", "-").out();

    assertThat(out).startsWith(RESOURCE + "---\n").endsWith("---\n" + SERVICE);
    assertThat(out.lines()).containsSubsequence(in.lines().toList());
    assertThat(out).contains("JAVA_TOOL_OPTIONS");
  }

  @Test
  void several_files_are_printed_in_their_order_apart_by_separators() throws IOException {
    var service = Files.writeString(folder.resolve("service.yaml"), SERVICE.stripTrailing());

    var out =
        graft("inject", "-f", service.toString(), "-f", pod.toString(), "-f", resource.toString())
            .out();

    assertThat(out).startsWith("---\n" + SERVICE + "---\napiVersion: v1\nkind: Pod\n");
    assertThat(out).endsWith("---\n" + RESOURCE);
    assertThat(kinds(out)).containsExactly("Service", "Pod", "Instrumentation");
  }

  @Test
  void resources_that_are_elsewhere_count_and_are_not_printed() {
    var out = graft("inject", "-f", pod.toString(), "--resources", resource.toString()).out();

    assertThat(kinds(out)).containsExactly("Pod");
    assertThat(out).contains("value: http://collector:4318");
  }

  @Test
  void the_namespace_of_what_names_none_can_be_given() {
    var in = RESOURCE + "---\n" + POD;

    assertThat(graftReading(in, "inject", "-f", "-", "-n", "east").out())
        .contains("k8s.namespace.name=east");
  }

  @ParameterizedTest
  @CsvSource({
    "Deployment, apps/v1, /spec/template",
    "StatefulSet, apps/v1, /spec/template",
    "DaemonSet, apps/v1, /spec/template",
    "ReplicaSet, apps/v1, /spec/template",
    "Job, batch/v1, /spec/template",
    "Rollout, argoproj.io/v1alpha1, /spec/template",
    "CronJob, batch/v1, /spec/jobTemplate/spec/template"
  })
  void the_pod_template_of_every_workload_is_injected(String kind, String version, String at)
      throws IOException {
    var template =
        """
        {"metadata": {"annotations": {"instrumentation.opentelemetry.io/inject-java": "true"}},
         "spec": {"containers": [{"name": "app", "image": "shop:1"}]}}\
        """;
    var nested = template;
    var parts = at.substring(1).split("/", -1);
    for (int i = parts.length - 1; i >= 0; i--) {
      nested = "{\"%s\": %s}".formatted(parts[i], nested);
    }
    var workload =
        "{\"apiVersion\": \"%s\", \"kind\": \"%s\", \"metadata\": {\"name\": \"shop\"}, %s"
            .formatted(version, kind, nested.substring(1));

    var run =
        graftReading(
            workload, "inject", "-f", "-", "--resources", resource.toString(), "-o", "json");

    assertThat(json(run.out()).at(at + "/spec/initContainers/0/name").asText())
        .isEqualTo("opentelemetry-auto-instrumentation-java");
  }

  @Test
  void the_items_of_a_list_are_injected_where_they_stand() throws IOException {
    var list = list();

    var run =
        graftReading(list, "inject", "-f", "-", "--resources", resource.toString(), "-o", "json");

    assertThat(json(run.out()).at("/items/0")).isEqualTo(json(list).at("/items/0"));
    assertThat(json(run.out()).at("/items/1/spec/initContainers")).hasSize(1);
  }

  private static String list() {
    return """
    {"apiVersion": "v1", "kind": "List", "items": [
      {"apiVersion": "v1", "kind": "Service", "metadata": {"name": "shop"}, "spec": {"big": 1.10}},
      {"apiVersion": "v1", "kind": "Pod",
       "metadata": {"name": "shop",
                    "annotations": {"instrumentation.opentelemetry.io/inject-java": "true"}},
       "spec": {"containers": [{"name": "app", "image": "shop:1"}]}}]}
    """;
  }

  @Test
  void several_documents_are_one_list_as_json() throws IOException {
    var run = graftReading(RESOURCE + "---\n" + POD, "inject", "-f", "-", "-o", "json");

    assertThat(json(run.out()).path("kind").asText()).isEqualTo("List");
    assertThat(json(run.out()).path("items"))
        .extracting(item -> item.path("kind").asText())
        .containsExactly("Instrumentation", "Pod");
  }

  @Test
  void each_patch_makes_of_the_document_what_is_printed_otherwise() throws IOException {
    var in = list();
    var resources = resource.toString();

    var patches =
        json(graftReading(in, "inject", "-f", "-", "--resources", resources, "-o", "patch").out());

    assertThat(patches).hasSize(1);
    assertThat(patches.get(0).path("name").asText()).isEqualTo("shop");
    assertThat(patches.get(0).path("line").asInt()).isEqualTo(3);
    assertThat(JsonPatch.apply(patches.get(0).path("patch"), json(in)))
        .isEqualTo(
            json(
                graftReading(in, "inject", "-f", "-", "--resources", resources, "-o", "json")
                    .out()));
  }

  @ParameterizedTest
  @CsvSource({"'\n'", "'\r\n'"})
  void the_diff_applied_to_the_file_gives_what_is_printed_otherwise(String newline)
      throws Exception {
    var text = (RESOURCE + "---\n" + POD).replace("\n", newline);

    var diff = graftReading(text, "inject", "-f", "-", "-o", "diff").out();

    assertThat(diff).startsWith("--- stdin\n+++ stdin\n@@ ");
    var patch = UnifiedDiffUtils.parseUnifiedDiff(lines(diff));
    assertThat(String.join("\n", patch.applyTo(lines(text))) + "\n")
        .isEqualTo(graftReading(text, "inject", "-f", "-").out());
  }

  @Test
  void the_diff_says_where_a_last_line_does_not_end() {
    var in = RESOURCE + "---\n" + POD.stripTrailing();

    var diff = graftReading(in, "inject", "-f", "-", "-o", "diff").out();

    assertThat(diff).containsOnlyOnce("      image: shop:1\n\\ No newline at end of file\n+");
  }

  @Test
  void nothing_to_inject_is_no_difference() {
    assertThat(graftReading(SERVICE, "inject", "-f", "-", "-o", "diff"))
        .isEqualTo(new CommandLineRun(0, "", ""));
  }

  @Test
  void a_rejected_workload_prints_nothing_of_all_that_came_and_says_what_to_do() {
    var in = SERVICE + "---\n" + POD;

    var run = graftReading(in, "inject", "-f", "-");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines())
        .satisfiesExactly(
            finding ->
                assertThat(finding)
                    .startsWith("stdin:6:1: error: Pod default/shop: the annotation ")
                    .contains("finds no Instrumentation in namespace default"),
            last ->
                assertThat(last)
                    .startsWith("graft: a workload is rejected, so nothing is printed;")
                    .contains("--resources", "--set admission.on-error=allow"));
  }

  @Test
  void what_cannot_be_had_can_be_gone_without() {
    var in = SERVICE + "---\n" + POD;

    var run = graftReading(in, "inject", "-f", "-", "--set", "admission.on-error=allow");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).isEqualTo(in);
    assertThat(run.err()).contains("warning: Pod default/shop:");
  }

  @Test
  void who_only_observes_gets_what_came_and_is_told_what_would_be() {
    var in = RESOURCE + "---\n" + POD;

    var run = graftReading(in, "inject", "-f", "-", "--set", "mode=observe");

    assertThat(run.out()).isEqualTo(in);
    assertThat(run.err()).contains("only observes: would inject java into app by default/prod");
  }

  @Test
  void with_v_what_is_good_to_know_is_told() {
    var in = RESOURCE + "---\n" + POD;

    assertThat(graftReading(in, "inject", "-f", "-").err()).isEmpty();
    assertThat(graftReading(in, "inject", "-f", "-", "-v").err())
        .contains("note: Pod default/shop: if the image itself sets JAVA_TOOL_OPTIONS")
        .contains("note: Pod default/shop: injected java into app by default/prod");
  }

  /** The lines of a text that ends in a line break, with the carriage returns in them. */
  private static List<String> lines(String text) {
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private static List<String> kinds(String text) {
    return Documents.read("", text).list().stream()
        .map(Document::tree)
        .map(tree -> tree.path("kind").asText())
        .toList();
  }

  private static JsonNode json(String text) throws IOException {
    return new ObjectMapper().readTree(text);
  }
}
