package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/** Manifests in YAML, as objects. */
public final class Manifests {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private Manifests() {}

  /** The one object that the YAML describes. */
  public static ObjectNode object(String yaml) {
    List<ObjectNode> objects = objects(yaml);
    if (objects.size() != 1) {
      throw new IllegalArgumentException(objects.size() + " objects instead of one: " + yaml);
    }
    return objects.getFirst();
  }

  /** The one object in a file. */
  public static ObjectNode object(Path file) {
    return object(text(file));
  }

  /** Each object that the YAML describes, in its order. */
  public static List<ObjectNode> objects(String yaml) {
    Iterable<Object> loaded = new Yaml(new SafeConstructor(new LoaderOptions())).loadAll(yaml);
    return StreamSupport.stream(loaded.spliterator(), false)
        .filter(Objects::nonNull)
        .map(MAPPER::<ObjectNode>valueToTree)
        .toList();
  }

  /**
   * The one object of a kind among others.
   *
   * @throws IllegalArgumentException when there is none, or more than one
   */
  public static ObjectNode only(String kind, List<? extends JsonNode> objects) {
    List<ObjectNode> found = new ArrayList<>();
    for (JsonNode object : objects) {
      if (object.path("kind").asText().equals(kind)) {
        found.add((ObjectNode) object);
      }
    }
    if (found.size() != 1) {
      throw new IllegalArgumentException(found.size() + " of kind " + kind + " among " + objects);
    }
    return found.getFirst();
  }

  /** What a file says. */
  public static String text(Path file) {
    try {
      return Files.readString(file);
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

  /** The literal value of a container's variable; empty when it has none. */
  public static String variable(JsonNode container, String name) {
    for (JsonNode variable : container.path("env")) {
      if (variable.path("name").asText().equals(name)) {
        return variable.path("value").asText();
      }
    }
    return "";
  }
}
