package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import java.util.Optional;

/**
 * Tells whether a pod was injected before: by Graft, whose annotation says so, or by the
 * OpenTelemetry Operator, whose containers and variables are known.
 */
public final class Marks {
  private static final String OPERATOR_CONTAINER = "opentelemetry-auto-instrumentation";
  private static final String POD_NAME = "OTEL_RESOURCE_ATTRIBUTES_POD_NAME";

  private Marks() {}

  /** What shows that the pod was injected; empty if nothing does. */
  static Optional<String> on(ObjectNode pod, PodFacts facts, Catalogue plugins) {
    if (facts.annotations().containsKey(Annotations.MARK)) {
      return Optional.of("the pod was injected before: annotation " + Annotations.MARK);
    }
    return ofOperator(pod, plugins);
  }

  /**
   * What shows that the OpenTelemetry Operator injected a pod, as {@code the pod was injected
   * before: init container NAME}.
   *
   * @return empty if nothing does, and for pods that Graft injected
   */
  public static Optional<String> ofOperator(ObjectNode pod, Catalogue plugins) {
    if (pod.path("metadata").path("annotations").has(Annotations.MARK)) {
      return Optional.empty();
    }
    for (JsonNode container : pod.path("spec").path("initContainers")) {
      String name = container.path("name").asText();
      if (isOperatorInit(name, plugins)) {
        return Optional.of("the pod was injected before: init container " + name);
      }
      if (isConfiguredByOperator(container)) {
        return Optional.of("the pod was injected before: env of init container " + name);
      }
    }
    for (JsonNode container : pod.path("spec").path("containers")) {
      String name = container.path("name").asText();
      if (name.equals(OPERATOR_CONTAINER) || isConfiguredByOperator(container)) {
        return Optional.of("the pod was injected before: container " + name);
      }
    }
    return Optional.empty();
  }

  /**
   * Whether a container of that name is one that the operator adds, whatever for.
   *
   * @param name the name of a container or init container
   */
  public static boolean isOperatorContainer(String name, Catalogue plugins) {
    return name.startsWith(OPERATOR_CONTAINER) || isOperatorInit(name, plugins);
  }

  private static boolean isOperatorInit(String name, Catalogue plugins) {
    for (LoadedPlugin plugin : plugins.languages()) {
      boolean isAgents =
          name.startsWith(OPERATOR_CONTAINER)
              && name.equals(OPERATOR_CONTAINER + "-" + plugin.id());
      if (isAgents || plugin.language().marks().contains(name)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The operator leaves no mark where it adds no container. Its resource attributes refer to a
   * variable that a person would hardly define in the same way.
   */
  private static boolean isConfiguredByOperator(JsonNode container) {
    boolean podName = false;
    boolean refers = false;
    for (JsonNode variable : container.path("env")) {
      switch (variable.path("name").asText()) {
        case POD_NAME -> podName = variable.path("valueFrom").has("fieldRef");
        case "OTEL_RESOURCE_ATTRIBUTES" ->
            refers = variable.path("value").asText().contains("$(" + POD_NAME + ")");
        default -> {
          // Says nothing about who set it.
        }
      }
    }
    return podName && refers;
  }
}
