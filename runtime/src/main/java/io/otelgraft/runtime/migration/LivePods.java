package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Marks;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Owner;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.plugin.Catalogue;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Running pods that the OpenTelemetry Operator injected, beside what made them: by that alone it
 * can be told what the operator added, and what was theirs before.
 */
final class LivePods {
  /** What {@code kubectl apply} leaves on a pod that nothing else made. */
  private static final String LAST_APPLIED = "kubectl.kubernetes.io/last-applied-configuration";

  private final Catalogue catalogue;
  private final Map<String, PodTemplate> templates = new LinkedHashMap<>();

  /** Among these, with these plugins. */
  LivePods(List<PodTemplate> all, Catalogue catalogue) {
    this.catalogue = catalogue;
    for (PodTemplate template : all) {
      if (!isInjected(template)) {
        templates.putIfAbsent(
            key(template.kind(), template.namespace(), template.name()), template);
      }
    }
  }

  private static String key(String kind, String namespace, String name) {
    return kind + " " + namespace + "/" + name;
  }

  /** Whether it is a pod that the operator injected. */
  boolean isInjected(PodTemplate template) {
    return template.kind().equals("Pod")
        && Marks.ofOperator(template.tree(), catalogue).isPresent();
  }

  /** The workload that a pod belongs to in the end: the Deployment, not its ReplicaSet. */
  PodTemplate workload(PodTemplate pod) {
    PodTemplate workload = pod;
    for (Owner owner : pod.request().facts().owners()) {
      workload = templates.getOrDefault(key(owner.kind(), pod.namespace(), owner.name()), workload);
    }
    return workload;
  }

  /**
   * A pod as it was asked for: with the spec that its nearest owner gave it.
   *
   * @return empty if nothing of what was read tells
   */
  Optional<ObjectNode> original(PodTemplate pod) {
    return spec(pod)
        .map(spec -> {
          ObjectNode original = pod.tree().objectNode();
          ObjectNode metadata = pod.tree().path("metadata").deepCopy();
          if (metadata.has("generateName")) {
            metadata.remove("name");
          }
          original.put("apiVersion", "v1").put("kind", "Pod");
          original.set("metadata", metadata);
          return original.set("spec", spec);
        });
  }

  private Optional<JsonNode> spec(PodTemplate pod) {
    PodFacts facts = pod.request().facts();
    for (Owner owner : facts.owners()) {
      PodTemplate template = templates.get(key(owner.kind(), pod.namespace(), owner.name()));
      if (template != null) {
        return Optional.of(template.tree().path("spec"));
      }
    }
    PodTemplate manifest = templates.get(key("Pod", pod.namespace(), pod.name()));
    if (manifest != null) {
      return Optional.of(manifest.tree().path("spec"));
    }
    return Optional.ofNullable(facts.annotations().get(LAST_APPLIED))
        .map(text -> Json.read(text.getBytes(StandardCharsets.UTF_8)).path("spec"));
  }
}
