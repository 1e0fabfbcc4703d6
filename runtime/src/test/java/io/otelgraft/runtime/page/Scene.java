package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.spi.AgentSource;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import io.otelgraft.spi.Target;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** A language, a few Instrumentations, and what is decided about pods. */
final class Scene {

  private static final String INSTRUMENTATIONS =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop, generation: 3}
      spec:
        exporter: {endpoint: "http://collector:4318"}
        env: [{name: OTEL_LOGS_EXPORTER, value: none}]
      ---
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: broken, namespace: batch}
      spec: {mode: "<b>sometimes</b>"}
      """;

  private static final ListVariable OPTIONS =
      ListVariable.of("QUILL_OPTIONS", " ", EmptyItem.NOTHING);

  private final Catalogue catalogue = Catalogue.of(new Quill());
  private final FileResources resources =
      FileResources.of(
          Documents.read("scene.yaml", INSTRUMENTATIONS).list(), "default", Settings.standard());
  private final Reviewer pods =
      Reviewer.ofPods(
          new Admission(() -> catalogue, resources, Settings.standard(), new Deadline()));

  /** A language that needs an agent and an option. */
  private static final class Quill implements LanguagePlugin {
    @Override
    public Language language() {
      return Language.named("quill")
          .title("Quill & <i>Ink</i>")
          .image("example.com/quill", "1.2")
          .joins(OPTIONS)
          .build();
    }

    @Override
    public void inject(Injection in) {
      var agent = in.agent(AgentSource.directory(in.section().image(), "/agent"));
      for (Target target : in.targets()) {
        var container = in.edit(target);
        container.env().append(OPTIONS, "-agent:" + agent.mountIn(container));
      }
    }
  }

  Catalogue catalogue() {
    return catalogue;
  }

  Inventory inventory() {
    return new Inventory(
        () -> catalogue, () -> resources.all(catalogue), () -> List.of("<secret>.yaml: broken"));
  }

  /** A pod that asks for the language by that annotation. */
  static ObjectNode pod(String name, String annotation) {
    ObjectNode pod = plain(name);
    ((ObjectNode) pod.get("metadata"))
        .putObject("annotations")
        .put("instrumentation.opentelemetry.io/inject-quill", annotation);
    return pod;
  }

  /** A pod that asks for nothing. */
  static ObjectNode plain(String name) {
    ObjectNode pod = JsonNodeFactory.instance.objectNode().put("kind", "Pod");
    pod.putObject("metadata").put("name", name);
    pod.putObject("spec")
        .putArray("containers")
        .addObject()
        .put("name", "app")
        .put("image", "shop/app:1.4.2");
    return pod;
  }

  /** Gives a pod's container a variable. */
  static void variable(ObjectNode pod, String name, String value) {
    ObjectNode container = (ObjectNode) pod.at("/spec/containers/0");
    ArrayNode env =
        container.has("env") ? (ArrayNode) container.get("env") : container.putArray("env");
    env.addObject().put("name", name).put("value", value);
  }

  /** The answer to the review of a pod of namespace shop. */
  Answered decide(ObjectNode pod) {
    return decide(pod, Instant.now());
  }

  Answered decide(ObjectNode pod, Instant at) {
    ObjectNode review =
        JsonNodeFactory.instance
            .objectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request");
    request.put("uid", "5c3f-" + pod.at("/metadata/name").asText());
    request.put("operation", "CREATE").put("namespace", "shop");
    request.putObject("userInfo").put("username", "<u>replicaset-controller</u>");
    request.set("object", pod);
    return new Answered(
        "/mutate-v1-pod", at, Duration.ofNanos(412_000), pods.review(Json.write(review)));
  }
}
