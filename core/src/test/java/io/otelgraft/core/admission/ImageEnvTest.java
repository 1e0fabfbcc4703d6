package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Reasons;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What images set themselves, as an annotation or a field tells it. */
final class ImageEnvTest {
  private static final String AGENT = "--quill=/otel-auto-instrumentation";

  @Test
  void a_list_of_the_image_is_extended_although_the_pod_does_not_set_it() {
    Decision decision = decide("image-env: 'QUILL_OPTIONS=--verbose --price=5$'", "", "");

    assertThat(env(decision, 0)).contains("QUILL_OPTIONS=--verbose --price=5$$ " + AGENT);
    assertThat(decision.findings())
        .extracting(Finding::reason)
        .doesNotContain(Reasons.IMAGE_ENV_UNSEEN);
  }

  @Test
  void without_being_told_the_user_is_told_what_the_image_may_lose() {
    assertThat(decide("", "", "").findings())
        .extracting(Finding::reason)
        .contains(Reasons.IMAGE_ENV_UNSEEN);
  }

  @Test
  void the_pods_own_value_counts_before_that_of_its_image() {
    Decision decision =
        decide(
            "image-env: QUILL_OPTIONS=--image", ", env: [{name: QUILL_OPTIONS, value: --pod}]", "");

    assertThat(env(decision, 0)).contains("QUILL_OPTIONS=--pod " + AGENT);
  }

  @Test
  void a_source_that_may_not_exist_falls_back_to_the_image() {
    Decision decision =
        decide("image-env: QUILL_OPTIONS=--image", ", envFrom: [{configMapRef: {name: c}}]", "");

    assertThat(env(decision, 0))
        .containsSubsequence(
            "GRAFT_QUILL_OPTIONS=--image",
            "GRAFT_QUILL_OPTIONS<-",
            "QUILL_OPTIONS=$(GRAFT_QUILL_OPTIONS) " + AGENT);
  }

  @Test
  void what_else_the_image_sets_is_not_hidden() {
    Decision decision =
        decide("image-env: \"OTEL_SERVICE_NAME=till\\nOTEL_RESOURCE_ATTRIBUTES=team=a\"", "", "");

    assertThat(env(decision, 0)).noneMatch(entry -> entry.startsWith("OTEL_SERVICE_NAME="));
    assertThat(env(decision, 0))
        .anyMatch(entry -> entry.startsWith("OTEL_RESOURCE_ATTRIBUTES=team=a,k8s."));
  }

  @Test
  void each_container_has_its_own_image() {
    Decision decision =
        Scene.standard()
            .decide(
                Scene.pod(
                    inject("quill", "true")
                        + ", instrumentation.opentelemetry.io/container-names: 'app,web'"
                        + ", instrumentation.opentelemetry.io/image-env:"
                        + " \"# read from the images\\napp/QUILL_OPTIONS=--a\\nweb/QUILL_OPTIONS=--w\"",
                    "[{name: app, image: a}, {name: web, image: w}]"));

    assertThat(env(decision, 0)).contains("QUILL_OPTIONS=--a " + AGENT);
    assertThat(env(decision, 1)).contains("QUILL_OPTIONS=--w " + AGENT);
  }

  @Test
  void the_resource_tells_of_images_by_their_names_unless_the_pod_does() {
    String field =
        """
        imageEnv:
        - {image: 'other*', env: [{name: QUILL_OPTIONS, value: --other}]}
        - {image: 'app:*', env: [{name: QUILL_OPTIONS, value: --known}]}
        - {env: [{name: QUILL_OPTIONS, value: --any}]}
        """;

    assertThat(env(decide("", "", field), 0)).contains("QUILL_OPTIONS=--known " + AGENT);
    assertThat(env(decide("image-env: ''", "", field), 0)).contains("QUILL_OPTIONS=" + AGENT);
  }

  @Test
  void a_line_that_is_no_variable_is_refused() {
    Decision decision = decide("image-env: QUILL_OPTIONS", "", "");

    assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
    assertThat(decision.reason()).isEqualTo(Reasons.ANNOTATION_INVALID);
    assertThat(decision.message()).contains("the line \"QUILL_OPTIONS\", which is not NAME=VALUE");
  }

  @Test
  void a_container_that_does_not_exist_is_told_with_those_that_do() {
    Decision decision = decide("image-env: ap/QUILL_OPTIONS=--own", "", "");

    assertThat(decision.reason()).isEqualTo(Reasons.ANNOTATION_INVALID);
    assertThat(decision.message())
        .contains("names the container \"ap\", which the pod does not have; it has: app");
  }

  private static Decision decide(String annotation, String container, String spec) {
    return Scene.empty()
        .with(new Scene.MadeUp("quill", 1))
        .with(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: standard, namespace: shop}
            spec:
              exporter: {endpoint: "http://collector:4318"}
            %s
            """
                .formatted(spec.indent(2)))
        .decide(
            Scene.pod(
                inject("quill", "true")
                    + (annotation.isEmpty()
                        ? ""
                        : ", instrumentation.opentelemetry.io/" + annotation),
                "[{name: app, image: 'app:1'" + container + "}]"));
  }

  private static List<String> env(Decision decision, int container) {
    List<String> shown = new ArrayList<>();
    for (JsonNode entry : decision.pod().at("/spec/containers/" + container + "/env")) {
      String name = entry.path("name").asText();
      shown.add(entry.has("valueFrom") ? name + "<-" : name + "=" + entry.path("value").asText());
    }
    return shown;
  }
}
