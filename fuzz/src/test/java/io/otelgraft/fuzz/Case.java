package io.otelgraft.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Judgement;
import io.otelgraft.testkit.Promises;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * A pod, or a workload that makes pods, that comes to a cluster.
 *
 * @param object the pod or workload
 * @param before what it was, if it is there and is changed
 * @param resources the cluster's Instrumentations, Namespaces and LimitRanges
 * @param settings the operator's, by name
 */
record Case(
    ObjectNode object,
    Optional<ObjectNode> before,
    List<ObjectNode> resources,
    Map<String, String> settings) {

  /** Anything in any cluster. */
  static Case of(Choices choices, List<Language> languages) {
    String namespace = choices.percent(3) ? "kube-system" : "shop";
    ObjectNode pod = AnyPod.of(choices, languages, namespace);
    ObjectNode object = choices.percent(15) ? AnyWorkload.of(choices, pod, namespace) : pod;
    return new Case(
        object,
        choices.percent(8) ? Optional.of(earlier(choices, object)) : Optional.empty(),
        AnyResources.of(choices, languages, namespace),
        AnySettings.of(choices, languages));
  }

  /** What an object may have been before: something that an API server lets become of it. */
  private static ObjectNode earlier(Choices choices, ObjectNode object) {
    ObjectNode earlier = object.deepCopy();
    ObjectNode template = template(earlier).tree();
    switch (choices.below(4)) {
      case 0 -> ((ObjectNode) template.get("metadata")).remove("annotations");
      case 1 -> ((ObjectNode) template.at("/spec/containers/0")).put("image", "shop/cart:1.1");
      case 2 -> ((ObjectNode) earlier.get("metadata")).putObject("labels").put("was", "another");
      default -> {
        // As it is now.
      }
    }
    return earlier;
  }

  private static PodTemplate template(ObjectNode object) {
    return PodTemplate.in(object, "default").getFirst();
  }

  /** The annotations of the pod, or of the pods that are to come. */
  JsonNode annotations() {
    return template(object).tree().at("/metadata/annotations");
  }

  Judgement judgedBy(Promises promises) {
    String documents =
        resources.stream()
            .map(resource -> new String(Json.write(resource), StandardCharsets.UTF_8))
            .collect(Collectors.joining("\n---\n"));
    byte[] review = Review.of(object, before);
    return isPod()
        ? promises.in(documents, settings).ofPod(review)
        : promises.in(documents, settings).ofWorkload(review);
  }

  private boolean isPod() {
    return object.path("kind").asText().equals("Pod");
  }

  /** The object and the cluster's resources as a file. */
  String manifests() {
    return Yaml.write(object)
        + resources.stream()
            .map(resource -> "---\n" + Yaml.write(resource))
            .collect(Collectors.joining());
  }

  /** All that is needed to see why it fails: a file and options for {@code graft explain}. */
  @Override
  public String toString() {
    return manifests()
        + before.map(old -> "--- # what it was\n" + Yaml.write(old)).orElse("")
        + settings.entrySet().stream()
            .map(setting -> "--set '" + setting + "'\n")
            .collect(Collectors.joining());
  }
}
