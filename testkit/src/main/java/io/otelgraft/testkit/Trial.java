package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.spi.Language;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * A pod that Graft decided about.
 *
 * @param story where the pod comes from
 * @param available the languages that there were
 * @param request the pod as it came
 * @param decision what Graft decided
 */
record Trial(Story story, Languages available, PodRequest request, Decision decision) {

  /** The pod as it came. */
  ObjectNode before() {
    return request.pod();
  }

  /** The pod as it is admitted. */
  ObjectNode after() {
    return isInjected() ? decision.pod() : request.pod();
  }

  boolean isInjected() {
    return decision.outcome() == Decision.Outcome.INJECTED;
  }

  /** The languages that were injected. */
  List<Language> languages() {
    Set<String> ids = new HashSet<>();
    decision.injected().forEach(injected -> ids.add(injected.language()));
    return available.declared().stream().filter(language -> ids.contains(language.id())).toList();
  }

  /** The names of the containers that were injected. */
  Set<String> targets() {
    Set<String> targets = new HashSet<>();
    for (Injected injected : decision.injected()) {
      targets.addAll(injected.containers());
    }
    return targets;
  }

  /** What was done to the pod; of one that is only observed, nothing was. */
  List<Edit> edits() {
    return isInjected() ? decision.journal().edits() : List.of();
  }

  /** Where the containers that were added stand in the edited pod. */
  Set<String> added() {
    Set<String> paths = new HashSet<>();
    for (Edit edit : edits()) {
      if (edit.part() == Edit.Part.CONTAINER) {
        paths.add(edit.path());
      }
    }
    return paths;
  }

  /** A container of the pod that came, and what became of it. */
  record Pair(JsonNode before, JsonNode after) {
    String name() {
      return before.path("name").asText();
    }
  }

  /** The pod's own containers, init containers first; those that were added are left out. */
  List<Pair> containers() {
    List<Pair> pairs = new ArrayList<>();
    Set<String> added = added();
    for (String list : List.of("initContainers", "containers")) {
      JsonNode before = before().path("spec").path(list);
      JsonNode after = after().path("spec").path(list);
      int next = 0;
      for (int i = 0; i < after.size() && next < before.size(); i++) {
        if (!added.contains("/spec/" + list + "/" + i)) {
          pairs.add(new Pair(before.get(next++), after.get(i)));
        }
      }
    }
    return pairs;
  }
}
