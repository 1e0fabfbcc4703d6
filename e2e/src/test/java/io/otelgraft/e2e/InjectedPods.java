package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.apiserver.PodTemplates;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The pods that tests start, as {@code graft inject} makes them. */
public final class InjectedPods {

  private static final Graft GRAFT = new Graft(Path.of("..", "runtime", "target", "graft"));

  private InjectedPods() {}

  /**
   * The pod of a workload, as Graft injects it.
   *
   * @param surroundings resources, and whatever else is applied with the workload
   */
  public static ObjectNode of(ObjectNode workload, JsonNode... surroundings) {
    return with(List.of(), workload, surroundings);
  }

  /**
   * The pod of a workload, as Graft injects it.
   *
   * @param options of {@code graft inject}
   */
  public static ObjectNode with(
      List<String> options, ObjectNode workload, JsonNode... surroundings) {
    String manifests =
        Stream.concat(Stream.of(workload), Stream.of(surroundings))
            .map(JsonNode::toString)
            .collect(Collectors.joining("\n---\n"));
    return PodTemplates.pod(
        Manifests.only(
            workload.path("kind").asText(),
            GRAFT.inject(manifests, options.toArray(String[]::new))));
  }
}
