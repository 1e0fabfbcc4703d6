package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Pods, and what Kubernetes' own code says about each: see {@code
 * testkit/src/kubernetes/README.md}.
 */
final class KubernetesVerdicts {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_INTEGER_FOR_INTS);
  private static final Pattern REPETITION = Pattern.compile("«(.)\\*(\\d+)»");

  private KubernetesVerdicts() {}

  /**
   * A pod or pod template with its verdict.
   *
   * @param verdict {@code decoding}, {@code problems}, {@code qos}, {@code baseline}, {@code
   *     restricted}
   */
  record Verdict(String name, boolean template, JsonNode object, JsonNode verdict) {
    /** Whether Kubernetes accepts it. */
    boolean valid() {
      return !verdict.has("decoding") && !verdict.has("problems");
    }

    List<String> texts(String field) {
      List<String> texts = new ArrayList<>();
      verdict.path(field).forEach(text -> texts.add(text.textValue()));
      return texts;
    }

    @Override
    public String toString() {
      return name;
    }
  }

  /**
   * The cases of the repository, or those of the file that the system property {@code
   * graft.verdicts} names.
   */
  static List<Verdict> all() {
    String file = System.getProperty("graft.verdicts");
    if (file != null) {
      return lines(read(Path.of(file)), Map.of());
    }
    Map<String, JsonNode> objects = objects();
    List<Verdict> all = lines(read("verdicts.ndjson"), objects);
    if (all.size() != objects.size()) {
      throw new IllegalStateException(
          objects.size()
              + " cases, but "
              + all.size()
              + " verdicts: make them anew, see src/kubernetes/README.md");
    }
    return all;
  }

  private static List<Verdict> lines(String text, Map<String, JsonNode> objects) {
    return text.lines().map(line -> verdict(parse(line), objects)).toList();
  }

  /** A pod of {@code pods.json}, for a test to change. */
  static ObjectNode pod(String name) {
    return pods().path(name).deepCopy();
  }

  private static Verdict verdict(JsonNode line, Map<String, JsonNode> objects) {
    String name = line.path("name").textValue();
    JsonNode object = line.path("object").isMissingNode() ? objects.get(name) : line.path("object");
    if (object == null) {
      throw new IllegalStateException("a verdict on an unknown case: " + name);
    }
    return new Verdict(name, line.path("template").booleanValue(), object, line);
  }

  private static Map<String, JsonNode> objects() {
    Map<String, JsonNode> objects = new HashMap<>();
    for (Map.Entry<String, JsonNode> pod : pods().properties()) {
      objects.put(pod.getKey(), pod.getValue());
      objects.put(pod.getKey() + ", as a template", template(pod.getValue()));
    }
    for (JsonNode made : parse(read("cases.json"))) {
      JsonNode pod = pods().path(made.path("of").textValue());
      ObjectNode object = made.path("template").booleanValue() ? template(pod) : pod.deepCopy();
      made.path("remove").forEach(pointer -> edit(object, pointer.textValue(), null));
      made.path("set").properties().stream()
          .sorted(Map.Entry.comparingByKey())
          .forEach(change -> edit(object, change.getKey(), change.getValue()));
      if (objects.put(made.path("name").textValue(), object) != null) {
        throw new IllegalStateException("two cases are named " + made.path("name"));
      }
    }
    return objects;
  }

  private static ObjectNode template(JsonNode pod) {
    return pod.<ObjectNode>deepCopy().without(List.of("apiVersion", "kind", "status"));
  }

  /**
   * As cases.go does it: "-" appends to a list, objects on the way are made, null as a new value
   * removes.
   */
  private static void edit(ObjectNode object, String pointer, JsonNode value) {
    String[] steps = pointer.substring(1).split("/", -1);
    JsonNode parent = object;
    for (int i = 0; i < steps.length; i++) {
      String step = steps[i].replace("~1", "/").replace("~0", "~");
      boolean last = i == steps.length - 1;
      if (parent instanceof ArrayNode list) {
        if (!last) {
          parent = list.get(Integer.parseInt(step));
        } else if (step.equals("-")) {
          list.add(value);
        } else {
          list.set(Integer.parseInt(step), value);
        }
      } else if (last && value == null) {
        ((ObjectNode) parent).remove(step);
      } else if (last) {
        ((ObjectNode) parent).set(step, value);
      } else {
        parent = parent.has(step) ? parent.get(step) : ((ObjectNode) parent).putObject(step);
      }
    }
  }

  private static JsonNode pods() {
    return parse(read("pods.json"));
  }

  private static String read(String resource) {
    try (InputStream in = KubernetesVerdicts.class.getResourceAsStream("kubernetes/" + resource)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JsonNode parse(String text) {
    try {
      return JSON.readTree(REPETITION.matcher(text).replaceAll(KubernetesVerdicts::repeat));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String repeat(MatchResult match) {
    return match.group(1).repeat(Integer.parseInt(match.group(2)));
  }
}
