package io.otelgraft.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.document.Yaml;
import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Judgement;
import io.otelgraft.testkit.Promises;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A pod that comes to a cluster.
 *
 * @param pod the pod
 * @param resources the cluster's Instrumentations and Namespaces
 * @param settings the operator's, by name
 */
record Case(ObjectNode pod, List<ObjectNode> resources, Map<String, String> settings) {

  /** Any pod in any cluster. */
  static Case of(Choices choices, List<Language> languages) {
    String namespace = choices.percent(3) ? "kube-system" : "shop";
    return new Case(
        AnyPod.of(choices, languages, namespace),
        AnyResources.of(choices, languages, namespace),
        AnySettings.of(choices, languages));
  }

  Judgement judgedBy(Promises promises) {
    String documents =
        resources.stream()
            .map(resource -> new String(Json.write(resource), StandardCharsets.UTF_8))
            .collect(Collectors.joining("\n---\n"));
    return promises.judge(pod, documents, settings);
  }

  /** All that is needed to see why it fails. */
  @Override
  public String toString() {
    return Yaml.write(pod)
        + resources.stream()
            .map(resource -> "---\n" + Yaml.write(resource))
            .collect(Collectors.joining())
        + "settings: "
        + settings;
  }
}
