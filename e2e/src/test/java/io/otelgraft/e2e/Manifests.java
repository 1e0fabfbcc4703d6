package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Manifests as tests write them. */
public final class Manifests {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Manifests() {}

  /** The one object that the YAML describes. */
  public static ObjectNode object(String yaml) {
    Object loaded = new Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    return MAPPER.<ObjectNode>valueToTree(loaded);
  }

  /** The container of that name in a pod. */
  public static ObjectNode container(JsonNode pod, String name) {
    for (JsonNode container : pod.path("spec").path("containers")) {
      if (container.path("name").asText().equals(name)) {
        return (ObjectNode) container;
      }
    }
    throw new IllegalArgumentException("no container " + name);
  }
}
