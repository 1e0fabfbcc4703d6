package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

final class LintTest {
  private static final String PREFIX = "instrumentation.opentelemetry.io/";

  private static final String RESOURCE =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: prod}
      ---
      """;

  private static CommandLineRun lint(String in, String... more) {
    var arguments = new String[more.length + 3];
    System.arraycopy(new String[] {"lint", "-f", "-"}, 0, arguments, 0, 3);
    System.arraycopy(more, 0, arguments, 3, more.length);
    return graftReading(in, arguments);
  }

  private static String deployment(String metadata, String templateMetadata) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: shop%s}
    spec:
      template:
        metadata:%s
        spec:
          containers:
            - {name: app, image: shop:1}
            - {name: proxy, image: proxy:1}
    """
        .formatted(metadata, templateMetadata);
  }

  private static String annotated(String... annotations) {
    var text = new StringBuilder("\n      annotations:\n");
    for (String annotation : annotations) {
      text.append("        ").append(PREFIX).append(annotation).append('\n');
    }
    return text.toString().stripTrailing();
  }

  @Test
  void what_is_well_is_silent_on_standard_output() {
    var run = lint(RESOURCE + deployment("", annotated("inject-java: \"true\"")));

    assertThat(run)
        .isEqualTo(new CommandLineRun(0, "", "graft: 0 errors and 0 warnings in 2 documents\n"));
  }

  @Test
  void an_annotation_on_the_workload_instead_of_its_pod_template_is_an_error() {
    var misplaced = ", annotations: {" + PREFIX + "inject-java: \"true\"}";

    var run = lint(RESOURCE + deployment(misplaced, " {}"));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            """
            stdin:7:38: error: instrumentation.opentelemetry.io/inject-java has no effect on the metadata of a Deployment: it is read on pods [AnnotationMisplaced]
                → move it to spec.template.metadata.annotations
            """);
  }

  @Test
  void a_label_that_ought_to_be_an_annotation_is_an_error() {
    var label = "\n      labels: {" + PREFIX + "inject-java: \"true\"}";

    assertThat(lint(RESOURCE + deployment("", label)).out())
        .contains("is a label here and has no effect: it is read from annotations");
  }

  @Test
  void an_unknown_language_is_an_error_that_names_the_nearest_one() {
    var run = lint(RESOURCE + deployment("", annotated("inject-pyhton: \"true\"")));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .isEqualTo(
            """
            stdin:12:9: error: instrumentation.opentelemetry.io/inject-pyhton asks for a language that no plugin provides [UnknownLanguage]
                → did you mean instrumentation.opentelemetry.io/inject-python?
            """);
  }

  @Test
  void an_unknown_annotation_is_a_warning_that_counts_when_strict() {
    var in =
        RESOURCE + deployment("", annotated("inject-java: \"true\"", "container-name: \"app\""));

    var run = lint(in);

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("stdin:13:9: warning: no plugin reads the annotation " + PREFIX)
        .contains("→ did you mean " + PREFIX + "container-names?");
    assertThat(lint(in, "--strict").exit()).isEqualTo(1);
  }

  @Test
  void a_mistyped_domain_is_a_warning() {
    var metadata = "\n      annotations: {instrumentation.opentelemtry.io/inject-java: \"true\"}";

    assertThat(lint(deployment("", metadata)).out())
        .contains(
            "instrumentation.opentelemtry.io/inject-java is not an annotation that Graft reads")
        .contains("→ write " + PREFIX + "inject-java");
  }

  @Test
  void a_value_without_quotes_is_no_string_for_the_api_server() {
    var run = lint(RESOURCE + deployment("", annotated("inject-java: true")));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).contains("12:9: error:").contains("→ write it in quotes: \"true\"");
  }

  @Test
  void a_container_that_is_not_there_is_an_error_also_when_resources_are_elsewhere() {
    var run =
        lint(deployment("", annotated("inject-java: \"true\"", "container-names: \"ap,proxy,x\"")));

    assertThat(run.out())
        .contains("names ap, and the pod has no such container [ContainerNotFound]")
        .contains("→ did you mean app?")
        .contains("names x, and the pod")
        .contains("→ name one of: app, proxy")
        .doesNotContain("names proxy");
  }

  @Test
  void container_names_without_a_language_have_no_effect() {
    assertThat(lint(deployment("", annotated("container-names: \"app\""))).out())
        .contains("warning: " + PREFIX + "container-names has no effect")
        .contains("[AnnotationWithoutEffect]");
  }

  @Test
  void a_language_that_is_switched_off_is_well() {
    assertThat(lint(deployment("", annotated("inject-java: \"false\""))).out()).isEmpty();
  }

  @Test
  void a_resource_that_is_elsewhere_cannot_be_checked() {
    var run = lint(deployment("", annotated("inject-java: \"prod\"")));

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .contains("note: there is no Instrumentation in what came")
        .contains("--resources");
  }

  @Test
  void a_resource_of_another_name_is_an_error_that_lists_those_there_are() {
    var run = lint(RESOURCE + deployment("", annotated("inject-java: \"prd\"")));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .contains("stdin:12:9: error: Deployment default/shop:")
        .contains("default/prd, which does not exist; namespace default has: prod");
  }

  @Test
  void a_resource_is_wrong_at_the_line_of_the_field_and_said_once() {
    var resource =
        RESOURCE.replace(
            "---\n", "spec:\n  sampler:\n    type: traceidratio\n    argument: \"5\"\n---\n");

    var run = lint(resource + deployment("", annotated("inject-java: \"true\"")));

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out())
        .startsWith("stdin:7:5: error: spec.sampler.argument \"5\"")
        .containsOnlyOnce("error");
  }

  @Test
  void a_pod_in_a_namespace_that_is_left_alone_is_a_warning() {
    var in = RESOURCE + deployment("", annotated("inject-java: \"true\""));

    assertThat(lint(in, "-n", "kube-system").out())
        .contains("warning: " + PREFIX + "inject-java has no effect")
        .contains("[NamespaceExcluded]");
  }

  @Test
  void what_is_no_object_is_a_warning() {
    assertThat(lint("replicas: 3\n").out())
        .startsWith("stdin:1:1: warning: there is no kind")
        .contains("[NotAnObject]");
  }

  @Test
  void json_has_the_same() throws IOException {
    var json = new ObjectMapper().readTree(lint("replicas: 3\n", "-o", "json").out());

    assertThat(json).hasSize(1);
    assertThat(json.get(0).path("line").asInt()).isEqualTo(1);
    assertThat(json.get(0).path("level").asText()).isEqualTo("warning");
    assertThat(json.get(0).path("fix").asText()).isEqualTo("write apiVersion and kind");
  }

  @Test
  void a_resource_of_another_namespace_that_does_not_say_whom_it_allows_is_a_warning() {
    String shared = RESOURCE.replace("name: prod", "name: prod, namespace: platform");
    String pod = deployment("", annotated("inject-java: platform/prod"));

    assertThat(lint(shared + pod).out())
        .contains("warning", "platform/prod", "allowedNamespaces", "[InstrumentationShared]");
    assertThat(lint(shared.replace("---", "spec: {allowedNamespaces: [default]}\n---") + pod).out())
        .isEmpty();
  }

  @Test
  void a_list_that_comes_from_a_key_which_may_be_empty_is_a_warning() {
    String pod = deployment("", annotated("inject-python: \"true\""));
    String referring =
        pod.replace(
            "{name: app, image: shop:1}",
            "{name: app, image: shop:1, env: [{name: PYTHONPATH, valueFrom:"
                + " {configMapKeyRef: {name: paths, key: python}}}]}");

    assertThat(lint(RESOURCE + referring).out())
        .contains(
            "PYTHONPATH comes from key python of the ConfigMap paths",
            "the working directory is on it",
            "[EmptyItemPossible]",
            "leave it out and make the reference optional");
    assertThat(
            lint(RESOURCE
                    + referring.replace(
                        "configMapKeyRef: {name: paths, key: python}",
                        "fieldRef: {fieldPath: metadata.name}"))
                .out())
        .isEmpty();
    assertThat(lint(RESOURCE + pod).out()).isEmpty();
  }
}
