package io.otelgraft.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.document.Json;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Reason;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer tells beside what is sent. */
final class ReviewerTest {
  private final Reviewer reviewer = Reviewer.ofPods(Scene.standard().admission());

  @Test
  void the_answer_names_what_it_is_about_and_who_asked() {
    Answer answer = reviewer.review(Scene.review("pods", "UPDATE", pod("name: cart"), "null"));

    assertThat(answer.subject())
        .contains(new Subject("u-1", "UPDATE", "Pod", "shop", "cart", "jane"));
    assertThat(answer.subject().orElseThrow()).hasToString("UPDATE Pod shop/cart");
  }

  @Test
  void a_pod_whose_name_is_yet_to_be_generated_is_known_by_what_it_begins_with() {
    Answer answer =
        reviewer.review(Scene.review("pods", "CREATE", pod("generateName: cart-7d4b9-"), "null"));

    assertThat(answer.subject().orElseThrow().name()).isEqualTo("cart-7d4b9-");
  }

  @Test
  void a_deletion_is_about_the_object_that_goes() {
    Answer answer = reviewer.review(Scene.review("pods", "DELETE", "null", pod("name: cart")));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.decision()).isEmpty();
    assertThat(answer.before()).isEmpty();
    assertThat(answer.subject().orElseThrow()).hasToString("DELETE Pod shop/cart");
  }

  @Test
  void the_pod_before_and_after_are_there_to_compare() {
    String pod = Scene.pod(Scene.inject("quill", "true"));

    Answer answer = reviewer.review(Scene.review("pods", "CREATE", pod, "null"));

    assertThat(answer.before()).contains(Scene.tree(pod));
    assertThat(answer.decision().orElseThrow().pod()).isNotEqualTo(Scene.tree(pod));
    assertThat(answer.message()).isEmpty();
  }

  @Test
  void a_rejected_pod_is_answered_with_the_reason_that_the_answer_tells() {
    String pod = Scene.pod(Scene.inject("quill", "standrad"));

    Answer answer = reviewer.review(Scene.review("pods", "CREATE", pod, "null"));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.message()).hasValueSatisfying(it -> assertThat(it).contains("standrad"));
    assertThat(Json.read(answer.body()).at("/response/status/message").asText())
        .isEqualTo(answer.message().orElseThrow());
  }

  @Test
  void what_a_plugin_says_in_two_lines_is_sent_in_one_as_the_API_server_takes_no_other() {
    Scene scene =
        Scene.empty()
            .with(Scene.INSTRUMENTATION)
            .with(
                new MadeUp("quill", 10)
                    .examining((target, verdict) ->
                        verdict.standDown(Reason.of("TooOld", "it is too old"), "1\n2")));
    String pod = Scene.pod(Scene.inject("quill", "true"));

    Answer answer =
        Reviewer.ofPods(scene.admission()).review(Scene.review("pods", "CREATE", pod, "null"));

    assertThat(Json.read(answer.body()).at("/response/warnings/0").asText())
        .endsWith("(found: 1 2)");
  }

  @Test
  void what_is_no_review_is_about_nothing_and_says_what_is_wrong() {
    Answer answer = reviewer.review("{}".getBytes(StandardCharsets.UTF_8));

    assertThat(answer.allowed()).isFalse();
    assertThat(answer.subject()).isEmpty();
    assertThat(answer.before()).isEmpty();
    assertThat(answer.message())
        .hasValueSatisfying(it -> assertThat(it).contains("apiVersion is missing"));
  }

  @ParameterizedTest
  @CsvSource({"CREATE", "UPDATE"})
  @Compatibility("1.3-written")
  void an_Instrumentation_passes_the_defaulting_webhook_as_it_came(String operation) {
    Answer answer =
        Reviewer.ofInstrumentationDefaults()
            .review(
                Scene.review(
                    "instrumentations", operation, Scene.INSTRUMENTATION, Scene.INSTRUMENTATION));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(Json.read(answer.body()).path("response").toString())
        .isEqualTo("{\"uid\":\"u-1\",\"allowed\":true}");
  }

  @Test
  void a_pod_that_comes_to_the_webhook_for_Instrumentations_passes_with_a_warning() {
    Answer answer =
        Reviewer.ofInstrumentationDefaults()
            .review(Scene.review("pods", "CREATE", pod("name: cart"), "null"));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings())
        .singleElement()
        .asString()
        .contains("a review of Pod pods came to the webhook for instrumentations");
  }

  private static String pod(String name) {
    return """
    {apiVersion: v1, kind: Pod, metadata: {%s, namespace: shop}, spec: {containers: [{name: a}]}}
    """
        .formatted(name);
  }
}
