package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a pod when it is admitted. Its UID is not: the API server gives it afterwards,
 * and one that stands in a manifest is that of another pod.
 *
 * @param namespace the namespace that it is created in
 * @param name its name; empty if it is yet to be generated, or for a template
 * @param nodeName its node, if that is chosen already
 * @param labels its labels
 * @param annotations its annotations
 * @param owners what controls it, followed by what controls that
 */
public record PodFacts(
    String namespace,
    Optional<String> name,
    Optional<String> nodeName,
    Map<String, String> labels,
    Map<String, String> annotations,
    List<Owner> owners) {

  /** What is known of no pod. */
  static final PodFacts NONE =
      new PodFacts("", Optional.empty(), Optional.empty(), Map.of(), Map.of(), List.of());

  /** The facts of a pod that is being created; owners of owners are told by their names. */
  public static PodFacts of(ObjectNode pod, String namespace) {
    return of(pod, namespace, OwnerLookup.byName());
  }

  static PodFacts of(ObjectNode pod, String namespace, OwnerLookup lookup) {
    JsonNode metadata = pod.path("metadata");
    Map<String, String> labels = strings(metadata.path("labels"));
    Map<String, String> annotations = strings(metadata.path("annotations"));
    List<Owner> owners = new ArrayList<>(2);
    for (JsonNode reference : metadata.path("ownerReferences")) {
      // One at most: others only keep the pod from being collected, or are collected with it.
      if (reference.path("controller").asBoolean()) {
        Owner owner =
            new Owner(
                group(reference.path("apiVersion").asText()),
                reference.path("kind").asText(),
                reference.path("name").asText(),
                text(reference.path("uid")));
        owners.add(owner);
        lookup.controllerOf(owner, labels, annotations).ifPresent(owners::add);
      }
    }
    return new PodFacts(
        namespace,
        text(metadata.path("name")),
        text(pod.path("spec").path("nodeName")),
        labels,
        annotations,
        owners);
  }

  /**
   * The facts of all pods that a workload makes of its template. What differs between them, such as
   * their names and those of ReplicaSets and Jobs in between, is not known.
   *
   * @param template the pod template
   * @param kind the workload's kind, for example {@code Deployment}
   * @param name the workload's name
   */
  public static PodFacts ofTemplate(
      ObjectNode template, String namespace, String kind, String name) {
    JsonNode metadata = template.path("metadata");
    return new PodFacts(
        namespace,
        Optional.empty(),
        text(template.path("spec").path("nodeName")),
        strings(metadata.path("labels")),
        strings(metadata.path("annotations")),
        List.of(Owner.ofWorkload(kind, name)));
  }

  /** {@code apps} of {@code apps/v1}; the empty string of {@code v1}. */
  private static String group(String apiVersion) {
    return apiVersion.substring(0, Math.max(apiVersion.indexOf('/'), 0));
  }

  private static Optional<String> text(JsonNode node) {
    String text = node.asText("");
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }

  private static Map<String, String> strings(JsonNode object) {
    if (object.isEmpty()) {
      return Map.of();
    }
    Map<String, String> strings = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> entry : object.properties()) {
      // Kubernetes reads null as the empty string.
      strings.put(entry.getKey(), entry.getValue().asText(""));
    }
    return Collections.unmodifiableMap(strings);
  }

  /** The same pod with other owners. */
  PodFacts ownedBy(List<Owner> others) {
    return new PodFacts(namespace, name, nodeName, labels, annotations, List.copyOf(others));
  }

  /** The name of the owner of that kind. */
  Optional<String> owner(Owner.Kind kind) {
    for (Owner owner : owners) {
      if (owner.is(kind)) {
        return Optional.of(owner.name());
      }
    }
    return Optional.empty();
  }

  /** What controls the pod in the end: the Deployment, not its ReplicaSet. */
  Optional<Owner> lastOwner() {
    return owners.isEmpty() ? Optional.empty() : Optional.of(owners.getLast());
  }
}
