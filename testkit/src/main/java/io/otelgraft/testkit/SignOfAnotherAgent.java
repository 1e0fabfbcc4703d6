package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.spi.AgentSign;
import io.otelgraft.spi.LanguagePlugin;
import java.util.ArrayList;
import java.util.List;

/**
 * A sign that a language declares, on a pod that would be injected without it.
 *
 * @param plugin the plugin that declares it
 * @param story the story of that pod
 * @param sign the sign
 */
record SignOfAnotherAgent(LanguagePlugin plugin, Story story, AgentSign sign) {

  /** All signs that are declared; empty if none is, or nothing is injected in any story. */
  static List<SignOfAnotherAgent> of(LanguagePlugin plugin, List<GoldenFiles> stories) {
    List<SignOfAnotherAgent> signs = new ArrayList<>();
    stories.stream()
        .map(GoldenFiles::story)
        .filter(story -> !insists(story) && story.with(List.of(plugin)).isInjected())
        .findFirst()
        .ifPresent(story ->
            plugin
                .language()
                .otherAgents()
                .forEach(sign -> signs.add(new SignOfAnotherAgent(plugin, story, sign))));
    return signs;
  }

  private static boolean insists(Story story) {
    return story.template().tree().at("/metadata/annotations").has(Annotations.BESIDE_OTHER_AGENTS);
  }

  /** What is wrong; empty if the sign keeps the language out, and does not where it is off. */
  List<String> breaches() {
    List<String> breaches = new ArrayList<>();
    Trial there = with("there").with(List.of(plugin));
    if (there.isInjected()) {
      breaches.add("the pod is injected although it has " + sign);
    } else if (!there.decision().reason().equals(Reasons.ANOTHER_AGENT)) {
      breaches.add(
          "with %s the reason is %s: %s"
              .formatted(sign, there.decision().reason(), there.decision().message()));
    }
    if (!with("false").with(List.of(plugin)).isInjected()) {
      breaches.add("the pod is not injected although it switches off " + sign);
    }
    return breaches;
  }

  private Story with(String value) {
    return story.with(story.name() + ", with " + sign + " " + value, pod -> add(pod, value));
  }

  private void add(ObjectNode pod, String value) {
    switch (sign.place()) {
      case POD_KEY -> pod.withObject("/metadata/annotations").put(sign.name(), value);
      case VARIABLE -> {
        for (String list : List.of("initContainers", "containers")) {
          for (JsonNode container : pod.path("spec").path(list)) {
            ((ObjectNode) container)
                .withArray("env")
                .insertObject(0)
                .put("name", sign.name())
                .put("value", value);
          }
        }
      }
    }
  }

  @Override
  public String toString() {
    return sign.toString();
  }
}
