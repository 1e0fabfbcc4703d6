package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.DumperOptions.FlowStyle;
import org.yaml.snakeyaml.Yaml;

/**
 * What a pod has that it had not before, as YAML: each addition in a line, long values shortened in
 * their middle, with the fields around it for orientation.
 */
final class PodDiff {

  /** Columns of a line. */
  private static final int WIDTH = 76;

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /**
   * A line.
   *
   * @param pointer where in the pod it stands: a JSON Pointer (RFC 6901)
   * @param text YAML with its indentation
   * @param isAdded false if it is there for orientation
   * @param value what is added, missing for orientation
   */
  record Line(String pointer, String text, boolean isAdded, JsonNode value) {}

  private final List<Line> lines = new ArrayList<>();
  private final Yaml flow;

  private PodDiff() {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(FlowStyle.FLOW);
    options.setWidth(Integer.MAX_VALUE);
    options.setSplitLines(false);
    flow = new Yaml(options);
  }

  /** The lines that make {@code after} of {@code before}. */
  static List<Line> between(JsonNode before, JsonNode after) {
    PodDiff diff = new PodDiff();
    diff.fields(before, after, "", "");
    return List.copyOf(diff.lines);
  }

  private void fields(JsonNode before, JsonNode after, String pointer, String indent) {
    for (Map.Entry<String, JsonNode> field : after.properties()) {
      JsonNode old = before.path(field.getKey());
      JsonNode now = field.getValue();
      // JSON Pointer has signs of its own for these two.
      String at = pointer + "/" + field.getKey().replace("~", "~0").replace("/", "~1");
      if (now.isContainerNode() && old.getNodeType() == now.getNodeType()) {
        if (!now.equals(old)) {
          around(at, indent + field.getKey() + ":");
          if (now.isArray()) {
            items(old, now, at, indent);
          } else {
            fields(old, now, at, indent + "  ");
          }
        }
      } else if (!now.equals(old)) {
        added(at, indent, indent + field.getKey() + ":", now);
      }
    }
  }

  private void items(JsonNode before, JsonNode after, String pointer, String indent) {
    for (int index = 0; index < after.size(); index++) {
      JsonNode item = after.get(index);
      JsonNode old = counterpart(item, before);
      String at = pointer + "/" + index;
      if (old.isMissingNode()) {
        added(at, indent, indent + "-", item);
      } else if (!old.equals(item)) {
        around(at, indent + "- name: " + item.path("name").asText());
        fields(old, item, at, indent + "  ");
      }
    }
  }

  /** The item that another was before: the equal one, else that of its name. */
  private static JsonNode counterpart(JsonNode item, JsonNode before) {
    JsonNode found = before.path(-1);
    for (JsonNode candidate : before) {
      if (candidate.equals(item)) {
        return candidate;
      }
      // Mounts may share a name: theirs is the volume's.
      boolean isMount = item.has("mountPath");
      if (!isMount && item.has("name") && candidate.path("name").equals(item.path("name"))) {
        found = candidate;
      }
    }
    return found;
  }

  private void around(String pointer, String text) {
    lines.add(new Line(pointer, text, false, MAPPER.missingNode()));
  }

  private void added(String pointer, String indent, String head, JsonNode value) {
    String text = head + " " + flow(value);
    boolean isVariable = value.has("name") && value.size() == 2;
    boolean isDeep = value.isContainerNode() && hasContainers(value) && !isVariable;
    if (text.length() <= WIDTH || !isDeep) {
      lines.add(new Line(pointer, Screen.shortened(text, WIDTH), true, value));
    } else if (value.isArray()) {
      lines.add(new Line(pointer, head, true, value));
      for (int index = 0; index < value.size(); index++) {
        added(pointer + "/" + index, indent, indent + "-", value.get(index));
      }
    } else {
      // The first field of an item stands beside its dash.
      boolean isItem = head.endsWith("-");
      if (!isItem) {
        lines.add(new Line(pointer, head, true, value));
      }
      String place = isItem ? pointer : null;
      String start = isItem ? head + " " : indent + "  ";
      for (Map.Entry<String, JsonNode> field : value.properties()) {
        String at = place == null ? pointer + "/" + field.getKey() : place;
        added(at, indent + "  ", start + field.getKey() + ":", field.getValue());
        place = null;
        start = indent + "  ";
      }
    }
  }

  private static boolean hasContainers(JsonNode value) {
    for (JsonNode child : value) {
      if (child.isContainerNode()) {
        return true;
      }
    }
    return false;
  }

  private String flow(JsonNode value) {
    return flow.dump(MAPPER.convertValue(value, Object.class)).strip();
  }
}
