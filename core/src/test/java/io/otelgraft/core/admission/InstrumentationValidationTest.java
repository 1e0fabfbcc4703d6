package io.otelgraft.core.admission;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.ClusterFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Section;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What an Instrumentation is told when it is stored. */
final class InstrumentationValidationTest {
  private static final String VALID = "exporter: {endpoint: 'http://collector:4318'}";
  private static final String BAD_SAMPLER = "sampler: {type: traceidratio, argument: '5'}";
  private static final String BAD_POLICY = "imagePullPolicy: Sometimes";

  private final Catalogue quill = Catalogue.of(new MadeUp("quill", 10));
  private final Reviewer reviewer =
      Reviewer.ofInstrumentations(() -> quill, Settings.builder().build());

  @Nested
  class On_creation {
    @Test
    void what_is_valid_is_allowed_without_a_word() {
      Answer answer = created(VALID);

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings()).isEmpty();
    }

    @Test
    @Compatibility("1.4-first-error")
    void what_is_not_valid_is_denied_by_a_message_that_names_all_of_it() {
      Answer answer = created(BAD_SAMPLER + ", " + BAD_POLICY);

      assertThat(answer.allowed()).isFalse();
      assertThat(answer.message().orElseThrow())
          .startsWith("Instrumentation shop/standard is not valid: ")
          .contains("spec.sampler.argument \"5\"", "from 0 to 1")
          .contains("spec.imagePullPolicy \"Sometimes\"", "Always", "IfNotPresent", "Never");
    }

    @Test
    void the_denial_lists_its_causes_as_kubectl_prints_them() {
      JsonNode status = response(created(BAD_SAMPLER)).path("status");

      assertThat(status.path("code").asInt()).isEqualTo(422);
      assertThat(status.path("reason").asText()).isEqualTo("Invalid");
      assertThat(status.at("/details/kind").asText()).isEqualTo("Instrumentation");
      assertThat(status.at("/details/name").asText()).isEqualTo("standard");
      JsonNode cause = status.at("/details/causes/0");
      assertThat(cause.path("field").asText()).isEqualTo("spec.sampler.argument");
      assertThat(cause.path("message").asText()).startsWith("\"5\" is not ");
    }

    @Test
    void what_is_questionable_is_allowed_with_a_warning() {
      Answer answer = created("propagators: [tracecontext, tracecontext]");

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings())
          .containsExactly("graft: spec.propagators[1] tracecontext is there twice; remove one");
    }

    @Test
    void a_denial_warns_of_what_is_questionable_beside() {
      Answer answer = created("propagators: [b3, b3], " + BAD_POLICY);

      assertThat(answer.message().orElseThrow()).doesNotContain("propagators");
      assertThat(answer.warnings()).singleElement().asString().contains("spec.propagators[1]");
    }

    @Test
    void a_plugin_is_asked_about_its_section() {
      var strict = Catalogue.of(new Strict());

      Answer answer =
          Reviewer.ofInstrumentations(() -> strict, Settings.builder().build())
              .review(review("CREATE", instrumentation("", "quill: {image: 'q:1'}"), "null"));

      assertThat(answer.message().orElseThrow())
          .contains("spec.quill.image is never right; write none");
    }

    @Test
    void a_dry_run_is_answered_as_what_it_tries() {
      String review =
          new String(review("CREATE", instrumentation("", BAD_SAMPLER), "null"), UTF_8)
              .replace("\"uid\":", "\"dryRun\": true, \"uid\":");

      Answer answer = reviewer.review(review.getBytes(UTF_8));

      assertThat(answer.dryRun()).isTrue();
      assertThat(answer.allowed()).isFalse();
    }
  }

  @Nested
  class On_update {
    @Test
    void what_becomes_invalid_is_denied() {
      assertThat(updated(VALID, BAD_SAMPLER).allowed()).isFalse();
    }

    @Test
    void what_leaves_an_invalid_spec_as_it_is_is_allowed_without_a_word() {
      Answer answer =
          reviewer.review(
              review(
                  "UPDATE",
                  instrumentation("labels: {team: shop}", BAD_SAMPLER),
                  instrumentation("finalizers: [example.org/hold]", BAD_SAMPLER)));

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings()).isEmpty();
    }

    @Test
    void an_error_that_was_there_before_is_a_warning() {
      Answer answer = updated(BAD_SAMPLER, BAD_SAMPLER + ", " + VALID);

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings())
          .singleElement()
          .asString()
          .startsWith("graft: as before, no pod can be injected by this: spec.sampler.argument");
    }

    @Test
    void an_error_that_comes_to_another_is_denied_and_the_other_is_not_held_against_it() {
      Answer answer = updated(BAD_SAMPLER, BAD_SAMPLER + ", " + BAD_POLICY);

      assertThat(answer.message().orElseThrow())
          .contains("spec.imagePullPolicy")
          .doesNotContain("sampler");
      assertThat(answer.warnings()).singleElement().asString().contains("spec.sampler.argument");
    }

    @Test
    void a_wrong_value_in_the_place_of_another_is_denied() {
      assertThat(updated(BAD_SAMPLER, BAD_SAMPLER.replace("5", "6")).allowed()).isFalse();
    }

    @Test
    void what_is_mended_in_part_is_allowed() {
      Answer answer = updated(BAD_SAMPLER + ", " + BAD_POLICY, BAD_POLICY);

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings()).singleElement().asString().contains("spec.imagePullPolicy");
    }

    @Test
    void what_was_valid_for_the_catalogue_before_can_still_be_changed_elsewhere() {
      var current = new AtomicReference<>(Catalogue.of(new MadeUp("quill", 10)));
      Reviewer following = Reviewer.ofInstrumentations(current::get, Settings.builder().build());
      String section = "quill: {image: 'q:1'}";
      assertThat(following.review(review("CREATE", instrumentation("", section), "null")).allowed())
          .isTrue();

      current.set(Catalogue.of(new Strict()));
      Answer answer =
          following.review(
              review(
                  "UPDATE",
                  instrumentation("", section + ", " + VALID),
                  instrumentation("", section)));

      assertThat(answer.allowed()).isTrue();
      assertThat(answer.warnings()).singleElement().asString().contains("spec.quill.image");
    }
  }

  @Test
  @Compatibility("1.4-deletion")
  void a_deletion_is_always_allowed() {
    Answer answer = reviewer.review(review("DELETE", "null", instrumentation("", BAD_SAMPLER)));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings()).isEmpty();
  }

  @Test
  void a_plugin_that_fails_to_validate_does_not_deny() {
    Catalogue failing =
        Catalogue.of(
            new LanguagePlugin() {
              @Override
              public Language language() {
                return Language.named("quill").section("quill").image("q", "1").build();
              }

              @Override
              public void validate(Section section, Problems problems) {
                throw new IllegalStateException("boom");
              }
            });

    Answer answer =
        Reviewer.ofInstrumentations(() -> failing, Settings.builder().build())
            .review(review("CREATE", instrumentation("", "quill: {image: 'q:1'}"), "null"));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings()).singleElement().asString().contains("boom");
  }

  @Test
  void what_becomes_known_of_the_cluster_counts_from_then_on() {
    var settings = new AtomicReference<>(Settings.standard());
    Reviewer following = Reviewer.ofInstrumentations(() -> quill, settings::get);
    byte[] review =
        review("CREATE", instrumentation("", "agentDelivery: image-volume, " + VALID), "null");
    assertThat(following.review(review).warnings())
        .singleElement()
        .asString()
        .contains("spec.agentDelivery image-volume has no effect");

    settings.set(
        Settings.standard()
            .in(new ClusterFacts(Optional.of("v1.36.3"), List.of("containerd://2.2.0"))));

    assertThat(following.review(review).warnings()).isEmpty();
  }

  @Test
  void a_failure_of_Graft_itself_does_not_deny() {
    Answer answer =
        Reviewer.ofInstrumentations(
                () -> {
                  throw new IllegalStateException("no catalogue");
                },
                Settings.builder().build())
            .review(review("CREATE", instrumentation("", VALID), "null"));

    assertThat(answer.allowed()).isTrue();
    assertThat(answer.warnings())
        .singleElement()
        .asString()
        .contains("let through", "please report this", "no catalogue");
  }

  private Answer created(String spec) {
    return reviewer.review(review("CREATE", instrumentation("", spec), "null"));
  }

  private Answer updated(String before, String after) {
    return reviewer.review(
        review("UPDATE", instrumentation("", after), instrumentation("", before)));
  }

  private static byte[] review(String operation, String object, String oldObject) {
    return Scene.review("instrumentations", operation, object, oldObject);
  }

  private static String instrumentation(String metadata, String spec) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata: {name: standard, namespace: shop%s}
    spec: {%s}
    """
        .formatted(metadata.isEmpty() ? "" : ", " + metadata, spec);
  }

  private static JsonNode response(Answer answer) {
    return Json.read(answer.body()).path("response");
  }

  /** A language whose plugin finds its section wrong. */
  private static final class Strict implements LanguagePlugin {
    @Override
    public Language language() {
      return Language.named("quill").section("quill").image("q", "1").build();
    }

    @Override
    public void validate(Section section, Problems problems) {
      problems.error("image", "is never right", "write none");
    }
  }
}
