package io.otelgraft.e2e.kubelet;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.lang.java.JavaPlugin;
import io.otelgraft.lang.nodejs.NodejsPlugin;
import io.otelgraft.lang.python.PythonPlugin;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a container starts with whose list variables come from somewhere that Graft never reads: for
 * each language, each source, optional or not, there or not, in the pod or in the resource, as the
 * kubelet puts it together.
 */
final class EnvByReferenceTest {
  private static final String AGENT = "/otel-auto-instrumentation";

  @TempDir static Path volumes;

  /** Where a value comes from, with NAME for the variable's. */
  enum Source {
    CONFIG_MAP("valueFrom: {configMapKeyRef: {name: c, key: NAME}}"),
    SECRET("valueFrom: {secretKeyRef: {name: s, key: NAME}}"),
    FILE("valueFrom: {fileKeyRef: {volumeName: v, path: env, key: NAME}}"),
    OPTIONAL_CONFIG_MAP("valueFrom: {configMapKeyRef: {name: c, key: NAME, optional: true}}"),
    OPTIONAL_SECRET("valueFrom: {secretKeyRef: {name: s, key: NAME, optional: true}}"),
    OPTIONAL_FILE("valueFrom: {fileKeyRef: {volumeName: v, path: env, key: NAME, optional: true}}"),
    FIELD("valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['NAME']\"}}"),
    ENV_FROM_CONFIG_MAP("configMapRef: {name: c}"),
    ENV_FROM_SECRET("secretRef: {name: s}"),
    ENV_FROM_OPTIONAL("configMapRef: {name: c, optional: true}"),
    ENV_FROM_PREFIXED("prefix: PREFIX, configMapRef: {name: c}"),
    ENV_FROM_TWO("secretRef: {name: s, optional: true}},{configMapRef: {name: other}");

    private final String yaml;

    Source(String yaml) {
      this.yaml = yaml;
    }

    boolean isEnvFrom() {
      return name().startsWith("ENV_FROM");
    }

    boolean mayBeAbsent() {
      return isEnvFrom() || name().startsWith("OPTIONAL");
    }
  }

  /**
   * One combination.
   *
   * @param given what the source holds; null if it does not hold the variable
   */
  record Case(String language, String variable, Source source, boolean ofPod, String given) {

    static List<Case> all() {
      List<Case> cases = new ArrayList<>();
      Map<String, String[]> lists =
          Map.of(
              "java", new String[] {"JAVA_TOOL_OPTIONS", "-Xmx1g"},
              "nodejs", new String[] {"NODE_OPTIONS", "--max-old-space-size=512"},
              "python", new String[] {"PYTHONPATH", "/app:/lib"});
      lists.forEach((language, list) -> {
        for (Source source : Source.values()) {
          for (boolean ofPod :
              source.isEnvFrom() ? new boolean[] {true} : new boolean[] {true, false}) {
            cases.add(new Case(language, list[0], source, ofPod, list[1]));
            if (source.mayBeAbsent()) {
              cases.add(new Case(language, list[0], source, ofPod, null));
            }
          }
        }
      });
      return cases;
    }

    Map<String, String> started() throws IOException {
      String entry = "{name: NAME, " + source.yaml + "}";
      Decision decision =
          decide(
              language,
              ofPod && !source.isEnvFrom() ? named(entry) : "",
              source.isEnvFrom() ? named("{" + source.yaml + "}") : "",
              ofPod ? "" : named(entry),
              given == null ? "{}" : "{" + variable + ": '" + given + "'}");
      assertThat(decision.outcome()).as(decision.message()).isEqualTo(Decision.Outcome.INJECTED);
      return environment(decision.pod());
    }

    private String named(String yaml) {
      return yaml.replace("NAME", variable).replace("PREFIX", variable.substring(0, 3));
    }

    private Map<String, String> environment(ObjectNode pod) throws IOException {
      String key = source == Source.ENV_FROM_PREFIXED ? variable.substring(3) : variable;
      String data = given == null ? "{}" : "{" + key + ": '" + given + "'}";
      Files.createDirectories(volumes.resolve("v"));
      Files.writeString(
          volumes.resolve("v/env"), given == null ? "" : variable + "='" + given + "'\n");
      ApiObjects objects =
          new ApiObjects(
              List.of(
                  Manifests.object(
                      "{kind: ConfigMap, metadata: {name: c, namespace: shop}, data: "
                          + data
                          + "}"),
                  Manifests.object("{kind: ConfigMap, metadata: {name: other, namespace: shop}}"),
                  Manifests.object(
                      "{kind: Secret, metadata: {name: s, namespace: shop}, stringData: "
                          + data
                          + "}")));
      return new ContainerEnvironment(pod, new Node("node-7", "10.0.0.7"), objects, volumes)
          .of(Manifests.container(pod, "app"));
    }

    @Override
    public String toString() {
      return "%s from %s of %s, %s"
          .formatted(
              variable,
              source,
              ofPod ? "the pod" : "the resource",
              given == null ? "absent" : "there");
    }
  }

  private static Decision decide(
      String language, String env, String envFrom, String resourceEnv, String annotations) {
    Settings settings = Settings.standard();
    Catalogue catalogue = Catalogue.of(new JavaPlugin(), new NodejsPlugin(), new PythonPlugin());
    FileResources resources =
        FileResources.of(
            Documents.read(
                    "resource",
                    """
                    apiVersion: opentelemetry.io/v1alpha1
                    kind: Instrumentation
                    metadata: {name: standard, namespace: shop}
                    spec:
                      exporter: {endpoint: "http://collector:4318"}
                      env: [%s]
                    """
                        .formatted(resourceEnv))
                .list(),
            "default",
            settings);
    ObjectNode pod =
        Manifests.object(
            """
            apiVersion: v1
            kind: Pod
            metadata: {name: cart, namespace: shop, annotations: %s}
            spec:
              containers: [{name: app, image: "app:1", env: [%s], envFrom: [%s]}]
            """
                .formatted(annotations, env, envFrom));
    pod.withObject("/metadata/annotations")
        .put("instrumentation.opentelemetry.io/inject-" + language, "true");
    return new Admission(() -> catalogue, resources, settings, new Deadline())
        .decide(PodRequest.create(pod, PodFacts.of(pod, "shop")));
  }

  static List<Case> combinations() {
    return Case.all();
  }

  @ParameterizedTest
  @MethodSource("combinations")
  void what_the_source_holds_is_extended_and_nothing_is_left_of_what_it_lacks(Case one)
      throws IOException {
    String value = one.started().get(one.variable());

    List<String> items =
        one.language().equals("python")
            ? List.of(value.split(":", -1)) // an empty item would be the working directory
            : List.of(value.strip().split(" +"));
    assertThat(items).as(value).doesNotContain("").noneMatch(item -> item.contains("$("));
    assertThat(items)
        .as(value)
        .anyMatch(item -> item.startsWith(AGENT) || item.contains(":" + AGENT));
    if (one.given() == null) {
      assertThat(items).as(value).allMatch(item -> item.contains(AGENT) || item.startsWith("--"));
    } else {
      assertThat(value).contains(one.given());
    }
  }

  @Test
  void what_env_from_holds_of_the_sdks_variables_counts_before_what_is_injected()
      throws IOException {
    Case held =
        new Case(
            "java",
            "OTEL_EXPORTER_OTLP_ENDPOINT",
            Source.ENV_FROM_SECRET,
            true,
            "http://mine:4318");
    Case lacked =
        new Case("java", "OTEL_EXPORTER_OTLP_ENDPOINT", Source.ENV_FROM_SECRET, true, null);

    assertThat(held.started()).containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://mine:4318");
    assertThat(lacked.started())
        .containsEntry("OTEL_EXPORTER_OTLP_ENDPOINT", "http://collector:4318");
  }

  @Test
  void a_path_from_an_annotation_that_the_pod_lacks_is_refused_as_it_would_get_an_empty_item() {
    Decision decision =
        decide(
            "python",
            "{name: PYTHONPATH, valueFrom: {fieldRef: {fieldPath: \"metadata.annotations['path']\"}}}",
            "",
            "",
            "{}");

    assertThat(decision.outcome()).isEqualTo(Decision.Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.EMPTY_REFERENCE);
    assertThat(decision.message()).contains("PYTHONPATH from metadata.annotations['path']");
  }
}
