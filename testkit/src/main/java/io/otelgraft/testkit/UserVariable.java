package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.spi.LanguagePlugin;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A variable that injection sets, set by the pod instead.
 *
 * @param plugin the plugin whose injection sets it
 * @param story the story in which it does
 * @param container the container
 * @param entry the pod's entry
 */
record UserVariable(LanguagePlugin plugin, Story story, String container, ObjectNode entry) {

  /** All that injection sets in the stories; for each a literal and a reference. */
  static List<UserVariable> of(LanguagePlugin plugin, List<GoldenFiles> stories) {
    Map<String, UserVariable> found = new LinkedHashMap<>();
    for (GoldenFiles golden : stories) {
      Trial trial = golden.story().with(List.of(plugin));
      Set<String> targets = trial.targets();
      for (Edit edit : trial.decision().journal().edits()) {
        if (edit.part() == Edit.Part.VARIABLE
            && edit.before().isMissingNode()
            && targets.contains(edit.container())) {
          for (ObjectNode entry : List.of(literal(edit.name()), reference(edit.name()))) {
            UserVariable variable =
                new UserVariable(plugin, golden.story(), edit.container(), entry);
            found.putIfAbsent(variable.toString(), variable);
          }
        }
      }
    }
    return List.copyOf(found.values());
  }

  private static ObjectNode literal(String name) {
    String value = name.equals("OTEL_RESOURCE_ATTRIBUTES") ? "set.by=the-user" : "of-the-user";
    return JsonNodeFactory.instance.objectNode().put("name", name).put("value", value);
  }

  private static ObjectNode reference(String name) {
    ObjectNode entry = JsonNodeFactory.instance.objectNode().put("name", name);
    entry
        .putObject("valueFrom")
        .putObject("configMapKeyRef")
        .put("name", "of-the-user")
        .put("key", "value");
    return entry;
  }

  /** What is wrong with the pod then; empty if its value counts. */
  List<String> breaches() {
    Trial trial = story.with(toString(), this::add).with(List.of(plugin));
    List<String> breaches = new ArrayList<>();
    if (trial.isInjected()) {
      breaches.addAll(Guarantee.USER_WINS.breaches(trial));
      breaches.addAll(Guarantee.STAYS_VALID.breaches(trial));
      boolean list =
          trial.languages().getFirst().listVariables().stream()
              .anyMatch(variable -> variable.name().equals(name()));
      if (list && isUnchangedIn(trial.after())) {
        breaches.add(name() + " is a list, and is not extended");
      }
    } else {
      breaches.addAll(Guarantee.NOTHING_FAILS.breaches(trial));
    }
    return breaches;
  }

  /** A clone of the container has the pod's entry as it is. */
  private boolean isUnchangedIn(ObjectNode pod) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode candidate : pod.path("spec").path(list)) {
        if (candidate.path("name").asText().equals(container)
            && candidate.findParents("name").contains(entry)) {
          return true;
        }
      }
    }
    return false;
  }

  private String name() {
    return entry.path("name").asText();
  }

  private void add(ObjectNode pod) {
    for (String list : List.of("initContainers", "containers")) {
      for (JsonNode candidate : pod.path("spec").path(list)) {
        if (candidate.path("name").asText().equals(container)) {
          ((ObjectNode) candidate).withArray("env").insert(0, entry);
        }
      }
    }
  }

  @Override
  public String toString() {
    return name() + (entry.has("value") ? " as a value" : " from a ConfigMap");
  }
}
