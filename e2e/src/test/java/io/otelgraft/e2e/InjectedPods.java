package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.kubelet.PodTemplates;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods that tests start: the one place that knows where they come from. */
public final class InjectedPods {

  private static final Graft GRAFT = new Graft(Path.of("..", "runtime", "target", "graft"));

  private InjectedPods() {}

  /**
   * The pod of a workload, as Graft injects it.
   *
   * @param surroundings resources, and whatever else is applied with the workload
   */
  public static ObjectNode of(ObjectNode workload, JsonNode... surroundings) {
    String manifests =
        Stream.concat(Stream.of(workload), Stream.of(surroundings))
            .map(JsonNode::toString)
            .collect(Collectors.joining("\n---\n"));
    return only(workload.path("kind").asText(), GRAFT.inject(manifests));
  }

  /** The pod of the one Deployment among manifests, as Graft injects it. */
  public static ObjectNode ofDeployment(String manifests) {
    return only("Deployment", GRAFT.inject(manifests));
  }

  private static ObjectNode only(String kind, List<JsonNode> objects) {
    List<JsonNode> found =
        objects.stream().filter(object -> object.path("kind").asText().equals(kind)).toList();
    if (found.size() != 1) {
      throw new IllegalArgumentException(found.size() + " of kind " + kind + " among " + objects);
    }
    return PodTemplates.pod(found.getFirst());
  }
}
