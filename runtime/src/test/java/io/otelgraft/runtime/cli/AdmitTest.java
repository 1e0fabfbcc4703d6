package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AdmitTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @TempDir private Path folder;

  private static String review(String instrumentation) {
    return """
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
      "uid": "7", "namespace": "default", "operation": "CREATE",
      "object": {"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "shop",
          "annotations": {"instrumentation.opentelemetry.io/inject-java": "%s"}},
        "spec": {"containers": [{"name": "app", "image": "shop:1"}]}}}}
    """
        .formatted(instrumentation);
  }

  private CommandLineRun admit(String review) throws IOException {
    var resource =
        Files.writeString(
            folder.resolve("resource.yaml"),
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata:
              name: prod
            """);
    return graftReading(review, "admit", "--resources", resource.toString());
  }

  private static JsonNode response(CommandLineRun run) throws IOException {
    assertThat(run.exit()).isZero();
    assertThat(run.out()).endsWith("\n").containsOnlyOnce("\n");
    return JSON.readTree(run.out()).path("response");
  }

  @Test
  void a_review_is_answered_as_by_the_webhook() throws IOException {
    var response = response(admit(review("true")));

    assertThat(response.path("uid").asText()).isEqualTo("7");
    assertThat(response.path("allowed").asBoolean()).isTrue();
    var patch = JSON.readTree(Base64.getDecoder().decode(response.path("patch").asText()));
    assertThat(patch)
        .extracting(operation -> operation.path("path").asText())
        .contains("/spec/initContainers", "/spec/volumes");
  }

  @Test
  void to_deny_a_pod_is_an_answer() throws IOException {
    var response = response(admit(review("staging")));

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.at("/status/message").asText()).contains("default/staging");
  }

  @Test
  void what_is_no_review_is_not_answered() throws IOException {
    assertThat(admit("{\"kind\": \"Pod\"}"))
        .isEqualTo(
            new CommandLineRun(
                2,
                "",
                "graft: standard input is not an AdmissionReview: apiVersion is missing, not"
                    + " admission.k8s.io/v1: send an AdmissionReview of admission.k8s.io/v1\n"));
  }
}
