package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
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

  /** The one object in a file of {@code src/test/resources/manifests}. */
  public static ObjectNode named(String name) {
    return object(text(name));
  }

  /** What a file of {@code src/test/resources/manifests} says. */
  public static String text(String name) {
    try (InputStream stream = Manifests.class.getResourceAsStream("/manifests/" + name)) {
      if (stream == null) {
        throw new IllegalArgumentException("no manifest " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds a variable to the first container of a workload. */
  public static void addVariable(ObjectNode workload, String name, String value) {
    ObjectNode container = (ObjectNode) workload.at("/spec/template/spec/containers/0");
    container.withArray("env").addObject().put("name", name).put("value", value);
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
