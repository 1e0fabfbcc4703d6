package io.otelgraft.runtime.telemetry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.telemetry.State.InCluster;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Reason;
import io.otelgraft.spi.Target;
import io.otelgraft.spi.Verdict;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A namespace, {@code shop}, with Instrumentations, and two made-up languages: quill, which stands
 * down from the image {@code old}, and ember, which fails in the image {@code broken}.
 */
final class Shop {

  static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  static final String QUILL = "{instrumentation.opentelemetry.io/inject-quill: standard}";
  static final String EMBER = "{instrumentation.opentelemetry.io/inject-ember: standard}";
  static final String TYPO = "{instrumentation.opentelemetry.io/inject-quill: standrad}";

  private static final String INSTRUMENTATIONS =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop, generation: 3}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      ---
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: wrong, namespace: shop}
      spec: {mode: perhaps}
      """;

  final Catalogue catalogue = Catalogue.of(new Quill(), new Ember());
  final FileResources resources;
  final Deadline deadline = new Deadline(1);
  private final Reviewer pods;
  private final Reviewer instrumentations;

  Shop() {
    this(Settings.standard());
  }

  Shop(Settings settings) {
    resources =
        FileResources.of(Documents.read("shop.yaml", INSTRUMENTATIONS).list(), "default", settings);
    pods = Reviewer.ofPods(new Admission(() -> catalogue, resources, settings, deadline));
    instrumentations = Reviewer.ofInstrumentations(() -> catalogue, settings);
  }

  private static final class Quill implements LanguagePlugin {
    private static final Reason TOO_OLD = Reason.of("TooOld", "the runtime is too old");

    @Override
    public Language language() {
      return Language.named("quill").reasons(TOO_OLD).build();
    }

    @Override
    public void examine(Target target, Verdict verdict) {
      if (target.image().toString().startsWith("old")) {
        verdict.standDown(TOO_OLD, "image old");
      }
    }
  }

  private static final class Ember implements LanguagePlugin {
    @Override
    public Language language() {
      return Language.named("ember").build();
    }

    @Override
    public void inject(Injection injection) {
      throw new IllegalStateException("no match");
    }
  }

  State state(Validity certificate) {
    return new State(
        () -> catalogue,
        () -> resources.all(catalogue),
        () -> certificate,
        deadline::runaways,
        Optional.of(new InCluster(() -> Duration.ofMillis(2_500), () -> true, () -> 3)));
  }

  Reviewer pods() {
    return pods;
  }

  /** A pod's review, answered in 250 µs at noon. */
  Answered pod(String name, String annotations, String image) {
    return answered(pods.review(review(name, annotations, image, false)), NOON);
  }

  /** The same, in an admission that has no effect. */
  Answered dryRun(String name, String annotations, String image) {
    return answered(pods.review(review(name, annotations, image, true)), NOON);
  }

  /** What comes of an Instrumentation with this spec. */
  Answered instrumentation(String spec) {
    ObjectNode object =
        Documents.read(
                "it",
                """
                apiVersion: opentelemetry.io/v1alpha1
                kind: Instrumentation
                metadata: {name: new, namespace: shop}
                spec: %s
                """
                    .formatted(spec))
            .list()
            .getFirst()
            .tree();
    Answer answer =
        instrumentations.review(
            review("opentelemetry.io", "v1alpha1", "instrumentations", object, false));
    return new Answered(Webhook.INSTRUMENTATIONS, NOON, Duration.ofNanos(250_000), answer);
  }

  /** What comes of something that is no review. */
  Answered nonsense() {
    return answered(pods.review("{}".getBytes(StandardCharsets.UTF_8)), NOON);
  }

  static Answered answered(Answer answer, Instant at) {
    return new Answered(Webhook.PODS, at, Duration.ofNanos(250_000), answer);
  }

  static Answered later(Answered answered, Duration by) {
    return new Answered(
        answered.path(), answered.at().plus(by), answered.took(), answered.answer());
  }

  static byte[] review(String name, String annotations, String image, boolean dryRun) {
    ObjectNode pod =
        Documents.read(
                "pod",
                """
                apiVersion: v1
                kind: Pod
                metadata: {name: %s, namespace: shop, annotations: %s}
                spec:
                  containers:
                  - name: app
                    image: %s
                    env: [{name: PASSWORD, value: hunter2}]
                """
                    .formatted(name, annotations, image))
            .list()
            .getFirst()
            .tree();
    return review("", "v1", "pods", pod, dryRun);
  }

  private static byte[] review(
      String group, String version, String resource, ObjectNode object, boolean dryRun) {
    ObjectNode review = JsonNodeFactory.instance.objectNode();
    review.put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request").put("uid", "u-1").put("operation", "CREATE");
    JsonNode kind = object.path("kind");
    request.putObject("kind").put("group", group).put("version", version).set("kind", kind);
    request
        .putObject("resource")
        .put("group", group)
        .put("version", version)
        .put("resource", resource);
    request.put("namespace", "shop").put("dryRun", dryRun);
    request.put("name", object.path("metadata").path("name").asText());
    request.set("object", object);
    return Json.write(review);
  }
}
