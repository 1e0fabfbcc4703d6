package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Scene.MadeUp;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose Instrumentations pods may use, and which images may be added to them. */
final class TenancyTest {
  private static final String DIGEST = "sha256:" + "0123456789abcdef".repeat(4);

  @Nested
  class Images {
    @ParameterizedTest
    @ValueSource(strings = {"example.org/quill:1.0", "example.org/*", "*/quill:*", "other/*,*"})
    void one_that_a_pattern_names_is_used(String allowed) {
      assertThat(
              Scene.standard()
                  .set("agent-images.allowed", allowed)
                  .decide(pod(inject("quill", "true")))
                  .outcome())
          .isEqualTo(Outcome.INJECTED);
    }

    @Test
    void one_that_none_names_is_refused_with_those_that_are_allowed() {
      Decision decision =
          Scene.standard()
              .set("agent-images.allowed", "registry.corp/agents/*," + DIGEST)
              .decide(pod(inject("quill", "true")));

      assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(decision.reason()).isEqualTo(Reasons.IMAGE_NOT_ALLOWED);
      assertThat(decision.message())
          .contains("example.org/quill:1.0", "shop/standard", "registry.corp/agents/*, " + DIGEST);
    }

    @Test
    void one_is_allowed_by_its_digest_wherever_it_comes_from() {
      Scene scene =
          Scene.standard()
              .set("agent-images.allowed", DIGEST)
              .set("agent-images.digests.example.org/quill:1.0", DIGEST);

      assertThat(scene.decide(pod(inject("quill", "true"))).outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(scene.decide(pod(inject("ember", "true"))).outcome()).isEqualTo(Outcome.REJECTED);
    }

    @Test
    void a_tag_is_refused_where_digests_are_required_and_one_that_is_pinned_is_not() {
      Scene scene =
          Scene.standard()
              .set("agent-images.require-digests", "true")
              .set("agent-images.digests.example.org/quill:1.0", DIGEST);

      Decision pinned = scene.decide(pod(inject("quill", "true")));

      assertThat(image(pinned)).isEqualTo("example.org/quill:1.0@" + DIGEST);
      assertThat(scene.decide(pod(inject("ember", "true"))).message())
          .contains("example.org/ember:1.0", "asks for a digest");
    }

    @Test
    void an_image_that_only_shows_while_it_is_added_is_refused_as_well_and_nothing_was_edited() {
      Decision decision =
          Scene.empty()
              .with(
                  new MadeUp("quill", 1)
                      .injecting(in ->
                          in.agent(AgentSource.directory(in.section().image(), "/agent"))
                              .part(
                                  "more", "more", AgentSource.directory("evil.example/x:1", "/x"))))
              .with(Scene.INSTRUMENTATION)
              .set("agent-images.allowed", "example.org/*")
              .decide(pod(inject("quill", "true")));

      assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(decision.message()).contains("evil.example/x:1");
      assertThat(decision.patch()).isEmpty();
    }

    @Test
    void where_nobody_names_the_image_of_an_agent_that_has_no_default_one_the_pod_is_told() {
      LanguagePlugin slate =
          new MadeUp("slate", 5) {
            @Override
            public Language language() {
              return Language.named("slate")
                  .title("Slate")
                  .section("slate")
                  .noDefaultImage("/slate/agent.s")
                  .joins(Scene.OPTIONS)
                  .build();
            }
          };
      String pod = pod(inject("slate", "true"));

      Decision refused = Scene.standard().with(slate).decide(pod);

      assertThat(refused.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(refused.reason()).isEqualTo(Reasons.NO_AGENT_IMAGE);
      assertThat(refused.message())
          .contains(
              "Instrumentation shop/standard names no image of the agent for Slate",
              "spec.slate.image, or in the operator's setting images.slate",
              "it has /slate/agent.s");
      assertThat(
              Scene.standard()
                  .with(slate)
                  .set("admission.on-error", "allow")
                  .decide(pod(inject("slate", "true") + ", " + inject("ember", "true")))
                  .injected())
          .extracting(injected -> injected.language())
          .containsExactly("ember");
      assertThat(
              image(
                  Scene.standard()
                      .with(slate)
                      .set("images.slate", "example.org/slate:3")
                      .decide(pod)))
          .isEqualTo("example.org/slate:3");
    }

    @Test
    void under_on_error_allow_the_other_language_goes_in() {
      Decision decision =
          Scene.standard()
              .set("agent-images.allowed", "*/ember:*")
              .set("admission.on-error", "allow")
              .decide(pod(inject("quill", "true") + ", " + inject("ember", "true")));

      assertThat(decision.injected())
          .extracting(injected -> injected.language())
          .containsExactly("ember");
      assertThat(decision.warnings()).anyMatch(warning -> warning.contains("example.org/quill"));
    }

    @Test
    void all_come_from_the_registry_of_the_operator_with_its_secrets() {
      Decision decision =
          Scene.standard()
              .set("agent-images.registry", "mirror.corp:5000/cache/")
              .set("agent-images.pull-secrets", "mirror,own")
              .decide(
                  """
                  apiVersion: v1
                  kind: Pod
                  metadata: {name: p, namespace: shop, annotations: {%s}}
                  spec:
                    imagePullSecrets: [{name: own}]
                    containers: [{name: app, image: 'app:1'}]
                  """
                      .formatted(inject("quill", "true")));

      assertThat(image(decision)).isEqualTo("mirror.corp:5000/cache/quill:1.0");
      assertThat(decision.pod().at("/spec/containers/0/image").asText()).isEqualTo("app:1");
      assertThat(decision.pod().at("/spec/imagePullSecrets").findValuesAsText("name"))
          .containsExactly("own", "mirror");
    }

    private static String image(Decision decision) {
      assertThat(decision.outcome()).as(decision.message()).isEqualTo(Outcome.INJECTED);
      return decision.pod().at("/spec/initContainers/0/image").asText();
    }
  }

  @Nested
  class Instrumentations_of_another_namespace {
    @Test
    void any_may_be_used_as_in_the_reference_and_explain_says_so() {
      Decision decision = decide("");

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(decision.findings())
          .filteredOn(finding -> finding.reason().equals(Reasons.INSTRUMENTATION_SHARED))
          .singleElement()
          .satisfies(finding -> assertThat(finding.severity()).isEqualTo(Finding.Severity.NOTE));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[shop]", "['sh*']", "[billing, '*']"})
    void one_that_allows_the_namespace_is_used(String allowed) {
      Decision decision = decide("allowedNamespaces: " + allowed);

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
      assertThat(decision.findings())
          .extracting(Finding::reason)
          .doesNotContain(Reasons.INSTRUMENTATION_SHARED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[billing]", "[shops]"})
    void one_that_does_not_is_refused_with_those_that_it_allows(String allowed) {
      Decision decision = decide("allowedNamespaces: " + allowed);

      assertThat(decision.outcome()).isEqualTo(Outcome.REJECTED);
      assertThat(decision.reason()).isEqualTo(Reasons.INSTRUMENTATION_NOT_ALLOWED);
      assertThat(decision.message())
          .contains("platform/standard", "namespace shop may not use", "owner: platform-team");
    }

    @Test
    void pods_of_its_own_namespace_may_always_use_it() {
      Decision decision =
          Scene.empty()
              .with(new MadeUp("quill", 1))
              .with(resource("shop", "allowedNamespaces: []"))
              .decide(pod(inject("quill", "true")));

      assertThat(decision.outcome()).isEqualTo(Outcome.INJECTED);
    }

    private static Decision decide(String spec) {
      return Scene.empty()
          .with(new MadeUp("quill", 1))
          .with(resource("platform", spec))
          .decide(pod(inject("quill", "platform/standard")));
    }

    private static String resource(String namespace, String spec) {
      return """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: %s, annotations: {owner: platform-team}}
      spec:
        exporter: {endpoint: "http://collector:4318"}
        %s
      """
          .formatted(namespace, spec);
    }
  }
}
