package io.otelgraft.core.admission;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.fixtures.Compatibility;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is sent, the answer is one that its sender can use. */
@Timeout(10)
final class MalformedReviewTest {
  private final Reviewer reviewer = Reviewer.ofPods(Scene.standard().admission());

  /** A review of the creation of a pod that asks for a language; parts of it are replaced. */
  private static String review() {
    return """
    {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
      "uid": "u-1", "operation": "CREATE", "namespace": "shop",
      "kind": {"group": "", "version": "v1", "kind": "Pod"},
      "resource": {"group": "", "version": "v1", "resource": "pods"},
      "object": {"apiVersion": "v1", "kind": "Pod",
        "metadata": {"name": "cart", "namespace": "shop",
          "annotations": {"instrumentation.opentelemetry.io/inject-quill": "true"}},
        "spec": {"containers": [{"name": "app", "image": "app:1.2"}]}}}}
    """;
  }

  private static String with(String part, String replacement) {
    String review = review().replace(part, replacement);
    assertThat(review).isNotEqualTo(review());
    return review;
  }

  @Test
  void what_is_not_malformed_is_injected() {
    Answer answer = reviewer.review(bytes(review()));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(response(answer).path("patchType").asText()).isEqualTo("JSONPatch");
  }

  @Nested
  class No_review {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "''                                     | here is nothing",
          "null                                   | object",
          "7                                      | object",
          "[]                                     | object",
          "not json                               | not",
          "{                                      | end",
          "{} {}                                  | follows",
          "{\"kind\": \"AdmissionReview\"}        | apiVersion is missing",
          "{'a': 1}                               | quote",
          "{\"a\": 1, \"a\": 2}                   | duplicate key",
          "{\"a\": NaN}                           | NaN",
          "{\"a\": 01}                            | zero",
        })
    @Compatibility("2-bad-review")
    void is_answered_with_what_is_wrong(String body, String part) {
      expectBadRequest(body, part);
    }

    @Test
    void of_another_version_names_the_one_that_is_understood() {
      expectBadRequest(
          with("admission.k8s.io/v1", "admission.k8s.io/v1beta1"),
          "apiVersion is \"admission.k8s.io/v1beta1\", not admission.k8s.io/v1");
      expectBadRequest(
          with("\"AdmissionReview\"", "\"Pod\""), "kind is \"Pod\", not AdmissionReview");
      expectBadRequest(with("\"AdmissionReview\"", "null"), "kind is null, not AdmissionReview");
    }

    @Test
    void without_a_request_or_its_uid() {
      expectBadRequest(
          "{\"apiVersion\": \"admission.k8s.io/v1\", \"kind\": \"AdmissionReview\"}", "no request");
      expectBadRequest(with("\"uid\": \"u-1\",", ""), "request.uid is missing");
      expectBadRequest(with("\"u-1\"", "\"\""), "request.uid is missing");
      expectBadRequest(with("\"u-1\"", "null"), "request.uid is missing");
    }

    @Test
    void with_a_key_that_comes_twice_anywhere() {
      expectBadRequest(with("\"name\": \"app\"", "\"name\": \"app\", \"name\": \"b\""), "name");
    }

    @Test
    void nested_too_deep() {
      String deep = "[".repeat(300) + "]".repeat(300);

      expectBadRequest(with("\"true\"", deep), "200");
      expectBadRequest("[".repeat(1_000_000), "");
    }

    @Test
    void that_is_not_UTF_8() {
      byte[] body = bytes(with("cart", "c\u00e4rt"));
      for (int i = 0; i < body.length; i++) {
        if (body[i] == (byte) 0xC3) {
          body[i] = (byte) 0xFF;
        }
      }

      Answer answer = reviewer.review(body);

      assertThat(answer.status()).isEqualTo(400);
      expectStatus(answer, "UTF-8");
    }

    @Test
    void in_UTF_16() {
      Answer answer = reviewer.review(review().getBytes(StandardCharsets.UTF_16LE));

      assertThat(answer.status()).isEqualTo(400);
    }

    @Test
    void cut_off_anywhere() {
      byte[] whole = bytes(review().strip());
      for (int length = 0; length < whole.length; length++) {
        byte[] part = Arrays.copyOf(whole, length);
        assertThat(reviewer.review(part).status()).isEqualTo(400);
      }
    }
  }

  @Nested
  class A_review_without_a_decision {
    @Test
    void of_a_deletion_is_allowed() {
      expectAllowed(
          with("\"CREATE\"", "\"DELETE\"").replaceFirst("(?s)\"object\".*", "\"object\": null}}"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "7", "[]", "\"pod\""})
    void of_something_that_is_no_object_is_allowed(String object) {
      expectAllowed(review().replaceFirst("(?s)\"object\".*", "\"object\": " + object + "}}"));
    }

    @ParameterizedTest
    @CsvSource({
      "\"resource\": \"pods\",\"resource\": \"nodes\"",
      "\"kind\": \"Pod\"},\"kind\": \"Node\"}"
    })
    void of_another_kind_is_allowed_and_says_what_to_correct(String part, String other) {
      JsonNode response = expectAllowed(with(part, other));

      assertThat(response.at("/warnings/0").asText())
          .contains("webhook for pods", "webhook configuration");
    }
  }

  @Nested
  class A_pod_that_is_none {
    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "{\"name\": \"app\", \"image\": \"app:1.2\"}      | null",
          "{\"name\": \"app\", \"image\": \"app:1.2\"}      | \"app\"",
          "{\"name\": \"app\", \"image\": \"app:1.2\"}      | {}, null",
          "[{\"name\": \"app\", \"image\": \"app:1.2\"}]    | {\"a\": 1}",
          "[{\"name\": \"app\", \"image\": \"app:1.2\"}]    | \"app\"",
          "[{\"name\": \"app\", \"image\": \"app:1.2\"}]    | []",
          "[{\"name\": \"app\", \"image\": \"app:1.2\"}]    | null",
          "\"image\": \"app:1.2\"                           | \"env\": {\"A\": \"b\"}",
          "\"image\": \"app:1.2\"                           | \"env\": \"A\"",
          "\"image\": \"app:1.2\"                           | \"env\": [null]",
          "\"image\": \"app:1.2\"                           | \"env\": [\"A=b\"]",
          "\"image\": \"app:1.2\"                           | \"volumeMounts\": {}",
          "\"image\": \"app:1.2\"                           | \"envFrom\": 7",
          "{\"containers\":                                 | {\"volumes\": {}, \"containers\":",
          "{\"containers\":                                 | {\"initContainers\": 7, \"containers\":",
          "{\"containers\":                                 | {\"initContainers\": [[]], \"containers\":",
          "\"spec\":                                        | \"status\":",
        })
    void is_admitted_as_it_is(String part, String replacement) {
      Answer answer = reviewer.review(bytes(with(part, replacement)));

      JsonNode response = response(answer);
      assertThat(answer.status()).isEqualTo(200);
      assertThat(response.path("allowed").asBoolean()).isTrue();
      assertThat(response.has("patch")).isFalse();
      assertThat(answer.decision())
          .get()
          .extracting(Decision::reason)
          .isEqualTo(Reasons.MALFORMED_POD);
      expectNoTrace(answer);
    }

    @ParameterizedTest
    @CsvSource(
        delimiter = '|',
        value = {
          "\"true\"                                                | 7                  | InstrumentationNotFound",
          "\"true\"                                                | null               | NotAnnotated",
          "\"true\"                                                | {\"a\": 1}         | NotAnnotated",
          "{\"instrumentation.opentelemetry.io/inject-quill\": \"true\"} | []           | NotAnnotated",
          "{\"instrumentation.opentelemetry.io/inject-quill\": \"true\"} | \"text\"     | NotAnnotated",
          "\"metadata\":                                           | \"unknown\":       | NotAnnotated",
        })
    void but_for_its_annotations_asks_for_what_can_be_read(
        String part, String replacement, String reason) {
      Answer answer = reviewer.review(bytes(with(part, replacement)));

      assertThat(answer.status()).isEqualTo(200);
      assertThat(answer.decision()).get().extracting(Decision::reason).isEqualTo(reason);
      expectNoTrace(answer);
    }
  }

  @Nested
  class Things_that_are_merely_odd {
    @ParameterizedTest
    @ValueSource(
        strings = {
          "\"unknown\": null",
          "\"unknown\": 123456789012345678901234567890123456789012345678901234567890.10",
          "\"unknown\": 1e400",
          "\"unknown\": -0.0",
          "\"\": \"\"",
          "\"name\\u0000\": \"\\u0000\"",
          "\"snowman \u2603 \uD83D\uDE00\": [[[[{}]]]]",
        })
    void do_not_keep_a_pod_from_being_injected(String field) {
      Answer answer =
          reviewer.review(bytes(with("\"image\": \"app:1.2\"", "\"image\": \"a\", " + field)));

      assertThat(answer.decision())
          .get()
          .extracting(Decision::outcome)
          .isEqualTo(Decision.Outcome.INJECTED);
      assertThat(response(answer).path("patch").asText()).isNotEmpty();
    }

    @Test
    void a_number_with_a_hundred_thousand_digits_is_answered_at_once() {
      long start = System.nanoTime();
      String digits = "7".repeat(100_000);

      Answer answer =
          reviewer.review(bytes(with("\"image\": \"app:1.2\"", "\"image\": " + digits)));
      Answer exponent =
          reviewer.review(bytes(with("\"image\": \"app:1.2\"", "\"image\": 1e999999999")));

      assertThat(answer.status()).isIn(200, 400);
      assertThat(exponent.status()).isIn(200, 400);
      expectNoTrace(answer);
      expectNoTrace(exponent);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(5));
    }

    @Test
    void an_operation_that_nobody_knows_is_not_injected() {
      Answer answer = reviewer.review(bytes(with("\"CREATE\"", "\"EXPLODE\"")));

      assertThat(response(answer).path("allowed").asBoolean()).isTrue();
      assertThat(response(answer).has("patch")).isFalse();
    }
  }

  private void expectBadRequest(String body, String part) {
    Answer answer = reviewer.review(bytes(body));

    assertThat(answer.status()).as(body.substring(0, Math.min(body.length(), 200))).isEqualTo(400);
    expectStatus(answer, part);
  }

  private static void expectStatus(Answer answer, String part) {
    ObjectNode status = Json.read(answer.body());
    assertThat(status.path("kind").asText()).isEqualTo("Status");
    assertThat(status.path("code").asInt()).isEqualTo(400);
    assertThat(status.path("message").asText()).isNotEmpty().contains(part);
    expectNoTrace(answer);
  }

  private JsonNode expectAllowed(String body) {
    Answer answer = reviewer.review(bytes(body));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.decision()).isEmpty();
    assertThat(response(answer).path("uid").asText()).isEqualTo("u-1");
    assertThat(response(answer).path("allowed").asBoolean()).isTrue();
    assertThat(response(answer).has("patch")).isFalse();
    return response(answer);
  }

  private static void expectNoTrace(Answer answer) {
    assertThat(new String(answer.body(), StandardCharsets.UTF_8))
        .doesNotContain("Exception", "\tat ", "io.otelgraft", "com.fasterxml", "GraftFailed");
  }

  private static JsonNode response(Answer answer) {
    return Json.read(answer.body()).path("response");
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
