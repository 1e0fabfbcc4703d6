package io.otelgraft.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Edit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Takes back what a journal tells. If that gives the pod that came, the journal told everything.
 */
final class Undo {
  private static final Set<String> LISTS =
      Set.of("env", "volumeMounts", "volumes", "initContainers", "annotations", "metadata");

  private Undo() {}

  /**
   * How the pod that came differs from what is left of the edited one when all edits are taken
   * back.
   *
   * @return JSON pointers with both values; empty if the journal told everything
   */
  static List<String> remainder(Trial trial) {
    ObjectNode undone = trial.after().deepCopy();
    ObjectNode before = trial.before().deepCopy();
    List<Edit> edits = new ArrayList<>(trial.edits());
    Set<String> added = trial.added();
    edits.removeIf(edit -> isWithin(edit, added));
    // From the back of each list, so that the places of what is still to be taken back hold; then
    // what was removed, from the front, at the places that it had; whole containers last, as
    // everything else stands at places that count them.
    edits.sort(
        Comparator.<Edit, Boolean>comparing(edit -> edit.part() == Edit.Part.CONTAINER)
            .thenComparing(Undo::isRemoval)
            .thenComparingInt(edit -> isRemoval(edit) ? index(edit.path()) : -index(edit.path())));
    Set<String> changedVariables = new HashSet<>();
    for (Edit edit : edits) {
      takeBack(edit, undone);
      if (edit.part() == Edit.Part.VARIABLE && !edit.before().isMissingNode()) {
        changedVariables.add(edit.container() + "/" + edit.name());
      }
    }
    normalize(undone, changedVariables);
    normalize(before, changedVariables);
    List<String> differences = new ArrayList<>();
    compare("", before, undone, differences);
    return differences;
  }

  private static boolean isWithin(Edit edit, Set<String> added) {
    return added.stream().anyMatch(path -> edit.path().startsWith(path + "/"));
  }

  /** The last part of a path as a number; -1 if it is none. */
  private static int index(String path) {
    return JsonPointer.compile(path).last().getMatchingIndex();
  }

  private static boolean isRemoval(Edit edit) {
    return edit.value().isMissingNode();
  }

  private static void takeBack(Edit edit, ObjectNode pod) {
    JsonPointer path = JsonPointer.compile(edit.path());
    JsonNode parent = pod.at(path.head());
    String name = path.last().getMatchingProperty();
    int index = path.last().getMatchingIndex();
    if (edit.before().isMissingNode()) {
      if (parent instanceof ArrayNode list) {
        list.remove(index);
      } else if (parent instanceof ObjectNode object) {
        object.remove(name);
      }
    } else if (parent instanceof ArrayNode list && edit.part() == Edit.Part.VARIABLE) {
      if (list.get(index) instanceof ObjectNode entry) {
        entry.remove(List.of("value", "valueFrom"));
        entry.set(edit.before().isObject() ? "valueFrom" : "value", edit.before());
      }
    } else if (parent instanceof ArrayNode list && isRemoval(edit)) {
      list.insert(index, edit.before());
    } else if (parent instanceof ArrayNode list) {
      list.set(index, edit.before());
    } else if (parent instanceof ObjectNode object) {
      object.set(name, edit.before());
    }
  }

  /**
   * Brings env into a form in which two that mean the same are equal. Some of the variables that
   * are changed also move, and the journal does not tell from where.
   */
  private static void normalize(ObjectNode pod, Set<String> variables) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        if (container.path("env") instanceof ArrayNode env) {
          List<JsonNode> entries = new ArrayList<>();
          for (JsonNode entry : env) {
            // An entry without a value has the empty one.
            if (entry instanceof ObjectNode object && !entry.path("valueFrom").isObject()) {
              object.put("value", entry.path("value").asText(""));
            }
            entries.add(entry);
          }
          String prefix = container.path("name").asText() + "/";
          entries.sort(
              Comparator.comparing(entry -> {
                String name = entry.path("name").asText();
                return variables.contains(prefix + name) ? name : "";
              }));
          env.removeAll();
          env.addAll(entries);
        }
      }
    }
  }

  private static void compare(
      String path, JsonNode before, JsonNode undone, List<String> differences) {
    if (before.equals(undone) || isEmptied(path, before, undone)) {
      return;
    }
    if (before instanceof ObjectNode object && undone instanceof ObjectNode) {
      Set<String> keys = new HashSet<>();
      object.fieldNames().forEachRemaining(keys::add);
      undone.fieldNames().forEachRemaining(keys::add);
      keys.stream()
          .sorted()
          .forEach(
              key -> compare(path + "/" + key, object.path(key), undone.path(key), differences));
    } else if (before instanceof ArrayNode && before.size() == undone.size()) {
      for (int i = 0; i < before.size(); i++) {
        compare(path + "/" + i, before.get(i), undone.path(i), differences);
      }
    } else {
      differences.add(path + " was " + text(before) + " and is " + text(undone));
    }
  }

  /** What was added to a list or an object that did not exist leaves an empty one. */
  private static boolean isEmptied(String path, JsonNode before, JsonNode undone) {
    return LISTS.contains(path.substring(path.lastIndexOf('/') + 1))
        && undone.isContainerNode()
        && undone.isEmpty()
        && (before.isMissingNode() || before.isNull() || before.isContainerNode())
        && before.isEmpty();
  }

  private static String text(JsonNode node) {
    return node.isMissingNode() ? "absent" : node.toString();
  }
}
