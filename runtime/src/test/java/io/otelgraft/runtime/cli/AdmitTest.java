package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
                "graft: stdin is not an AdmissionReview: apiVersion is missing, not"
                    + " admission.k8s.io/v1: send an AdmissionReview of admission.k8s.io/v1\n"));
  }

  @Test
  void a_review_may_be_in_a_file() throws IOException {
    var file = Files.writeString(folder.resolve("review.json"), review("true"));

    var response = response(graft("admit", "-f", file.toString()));

    assertThat(response.path("allowed").asBoolean()).isFalse();
    assertThat(response.at("/status/message").asText()).contains("no Instrumentation");
  }

  @Test
  void a_server_that_does_not_run_is_one_line() throws IOException {
    var url = "https://127.0.0.1:%d/mutate-v1-pod".formatted(closedPort());

    assertThat(graftReading(review("true"), "admit", "--server", url))
        .isEqualTo(
            new CommandLineRun(
                2,
                "",
                "graft: "
                    + url
                    + " cannot be reached; see whether it runs, and whether the network lets"
                    + " you\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"localhost:9443", "http://localhost:9443/mutate-v1-pod", "https:///mutate-v1-pod"})
  void what_is_no_url_of_a_webhook_is_asked_for_anew(String url) {
    assertThat(graftReading(review("true"), "admit", "--server", url).err())
        .isEqualTo(
            "graft: --server "
                + url
                + ": is not the URL of a webhook, such as"
                + " https://localhost:9443/mutate-v1-pod\n");
  }

  @Test
  void an_authority_that_is_not_there_is_named() {
    var missing = folder.resolve("ca.crt").toString();

    assertThat(
            graftReading(
                    review("true"), "admit", "--server", "https://localhost:1/", "--ca", missing)
                .err())
        .isEqualTo(
            "graft: --ca " + missing + ": there is no such file; name another, or put it there\n");
  }

  private static int closedPort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
