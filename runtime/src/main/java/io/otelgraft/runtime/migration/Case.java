package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.NamespaceFacts;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A pod as it was asked for, with what there is to know when it is compared.
 *
 * @param pod the pod before anybody injected it
 * @param facts what is known of it beside
 * @param namespace its namespace, if it is known
 * @param preset what Graft decides under {@code compatibility: operator}
 * @param catalogue the plugins
 */
record Case(
    ObjectNode pod,
    PodFacts facts,
    Optional<NamespaceFacts> namespace,
    Decision preset,
    Catalogue catalogue) {

  /** An annotation of the namespace; the empty string if there is none. */
  String ofNamespace(String key) {
    return namespace.map(one -> one.annotations().getOrDefault(key, "")).orElse("");
  }

  /** The containers that annotations name for a language, as they are written. */
  List<String> named(String language) {
    String own =
        catalogue
            .language(language)
            .map(plugin -> plugin.containerNamesAnnotation())
            .orElse(Annotations.CONTAINER_NAMES);
    List<String> named = new ArrayList<>();
    for (String key : List.of(Annotations.CONTAINER_NAMES, own)) {
      String value = facts.annotations().getOrDefault(key, ofNamespace(key));
      if (!value.isEmpty()) {
        named.addAll(List.of(value.split(",", -1)));
      }
    }
    return named;
  }

  /**
   * What the namespace names where the pod only says that it wants a language, or nothing: by the
   * annotation that asks for it.
   */
  Map<String, String> namespaceFirst() {
    Map<String, String> named = new LinkedHashMap<>(1);
    facts
        .annotations()
        .forEach((key, own) -> {
          String ofNamespace = ofNamespace(key);
          if (key.startsWith(Annotations.INJECT)
              && (own.isEmpty() || own.equals("true"))
              && !ofNamespace.isEmpty()
              && !ofNamespace.equals("false")
              && !ofNamespace.equals(own)) {
            named.put(key, ofNamespace);
          }
        });
    return named;
  }

  /** Whether a list variable of a language that goes into a container comes by reference. */
  boolean refersInList(String container) {
    return languagesIn(container).stream()
        .flatMap(language -> catalogue.language(language).stream())
        .flatMap(plugin -> plugin.language().listVariables().stream())
        .anyMatch(variable -> refers(container(container), variable.name()));
  }

  /** The languages that Graft injects into a container. */
  List<String> languagesIn(String container) {
    return injected().stream()
        .filter(one -> one.containers().contains(container))
        .map(Injected::language)
        .toList();
  }

  /** The languages that Graft injects. */
  List<Injected> injected() {
    return preset.injected();
  }

  /** What is told of images that the operator wrote into resources, and that Graft replaces. */
  List<Finding> replacedDefaults() {
    return preset.findings().stream()
        .filter(finding -> finding.reason().equals(Reasons.OPERATOR_DEFAULT_REPLACED))
        .toList();
  }

  /** The container of that name; a missing node if there is none. */
  JsonNode container(String name) {
    return Stream.of("initContainers", "containers")
        .flatMap(list -> pod.path("spec").path(list).valueStream())
        .filter(one -> one.path("name").asText().equals(name))
        .findFirst()
        .orElseGet(() -> pod.path("none"));
  }

  /** The containers that Graft injects. */
  List<JsonNode> targets() {
    return injected().stream()
        .flatMap(one -> one.containers().stream())
        .distinct()
        .map(this::container)
        .toList();
  }

  /** Whether a container gives a variable by reference. */
  static boolean refers(JsonNode container, String variable) {
    return container
        .path("env")
        .valueStream()
        .anyMatch(entry -> entry.path("name").asText().equals(variable) && entry.has("valueFrom"));
  }

  /** The parts of the pod under the preset. */
  Map<Part, JsonNode> parts() {
    return PodParts.of(preset.pod());
  }
}
