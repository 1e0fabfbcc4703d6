package io.otelgraft.runtime.page;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.explanation.Phrase;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class DetailsTest {
  private final Scene scene = new Scene();
  private final Decisions decisions = new Decisions();
  private final ObjectNode pod = Scene.pod("cart", "true");

  @BeforeEach
  void a_pod_with_variables_of_its_own() {
    Scene.variable(pod, "PASSWORD", "hunter2");
    Scene.variable(pod, "QUILL_OPTIONS", "-fast");
    Scene.variable(pod, "OTEL_LOGS_EXPORTER", "hunter3");
    ((ObjectNode) pod.at("/metadata/annotations"))
        .put("kubectl.kubernetes.io/last-applied-configuration", "{\"value\":\"hunter4\"}");
  }

  private Kept kept() {
    decisions.answered(scene.decide(pod));
    return decisions.latest(_ -> true).getFirst();
  }

  private Details details() {
    Kept kept = kept();
    return Details.of(kept.decision().orElseThrow(), kept.pods());
  }

  @Test
  void the_explanation_is_what_graft_explain_tells() {
    assertThat(details().explanation().stream().map(Phrase::text).collect(Collectors.joining()))
        .startsWith("  ✓ injected quill into app by shop/standard\n")
        .contains("    ~ QUILL_OPTIONS = -fast -agent:/otel-auto-instrumentation\n")
        .contains("from the pod, before none from spec.env of shop/standard\n");
  }

  @Test
  void the_difference_is_that_of_the_pod_as_YAML() {
    assertThat(details().diff())
        .startsWith("--- pod.yaml\n+++ pod.yaml\n@@ ")
        .contains("\n-      value: -fast\n")
        .contains("\n+      value: -fast -agent:/otel-auto-instrumentation\n")
        .contains("\n+    emptyDir:\n");
  }

  @Test
  void what_the_pod_brought_with_it_is_hidden_wherever_it_is_shown() {
    Kept kept = kept();

    assertThat(Json.pretty(PageJson.details(kept)))
        .contains("-fast")
        .contains("OTEL_LOGS_EXPORTER = (hidden)")
        .doesNotContain("hunter");
    assertThat(DecisionPage.of(kept).toString())
        .contains("name: PASSWORD", "value: (hidden)")
        .doesNotContain("hunter");
  }

  @Test
  void a_pod_that_is_rejected_has_an_explanation_and_no_difference() {
    ((ObjectNode) pod.at("/metadata/annotations"))
        .put("instrumentation.opentelemetry.io/inject-quill", "nowhere");

    assertThat(details().diff()).isEmpty();
    assertThat(DecisionPage.of(kept()).toString())
        .contains("The pod is not changed.", "InstrumentationNotFound");
  }
}
