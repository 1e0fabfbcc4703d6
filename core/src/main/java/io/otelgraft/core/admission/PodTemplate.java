package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.PodFacts;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod, or the pod template of a workload, in a document.
 *
 * @param pointer where it stands in the document, as a JSON pointer; the empty string for the whole
 * @param tree the pod or template
 * @param kind the kind of the object that holds it: {@code Deployment}
 * @param name the name of that object, for people
 * @param namespace the object's namespace, else the one that was given
 */
public record PodTemplate(
    String pointer, ObjectNode tree, String kind, String name, String namespace) {

  /** Where the kinds that make pods keep the template. */
  private static final Map<String, String> TEMPLATES =
      Map.of(
          "Pod", "",
          "Deployment", "/spec/template",
          "StatefulSet", "/spec/template",
          "DaemonSet", "/spec/template",
          "ReplicaSet", "/spec/template",
          "ReplicationController", "/spec/template",
          "DeploymentConfig", "/spec/template",
          "Job", "/spec/template",
          "Rollout", "/spec/template",
          "CronJob", "/spec/jobTemplate/spec/template");

  /** Whether objects of a kind hold a template of pods. */
  static boolean isWorkload(String kind) {
    return !TEMPLATES.getOrDefault(kind, "").isEmpty();
  }

  /**
   * The pods and templates of a document, those of a {@code List}'s items included.
   *
   * @param namespace for objects that do not name theirs
   * @return in the document's order; empty if the document is no workload
   */
  public static List<PodTemplate> in(ObjectNode document, String namespace) {
    List<PodTemplate> found = new ArrayList<>(1);
    collect("", document, namespace, found);
    return List.copyOf(found);
  }

  private static void collect(
      String pointer, ObjectNode object, String namespace, List<PodTemplate> found) {
    String kind = object.path("kind").asText();
    if (kind.endsWith("List") && object.path("items").isArray()) {
      JsonNode items = object.path("items");
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof ObjectNode item) {
          collect(pointer + "/items/" + i, item, namespace, found);
        }
      }
      return;
    }
    String at = TEMPLATES.get(kind);
    if (at != null && object.at(at) instanceof ObjectNode tree && tree.path("spec").isObject()) {
      JsonNode metadata = object.path("metadata");
      String name = metadata.path("name").asText(metadata.path("generateName").asText());
      found.add(
          new PodTemplate(
              pointer + at, tree, kind, name, metadata.path("namespace").asText(namespace)));
    }
  }

  /** The creation of the pod, as the workload's controller will ask for it. */
  public PodRequest request() {
    PodFacts facts =
        kind.equals("Pod")
            ? PodFacts.of(tree, namespace)
            : PodFacts.ofTemplate(tree, namespace, kind, name);
    return new PodRequest(PodRequest.Operation.CREATE, tree, facts, Optional.empty());
  }

  /** {@code Deployment my-app/flask-app}. */
  @Override
  public String toString() {
    return kind + " " + namespace + "/" + name;
  }
}
