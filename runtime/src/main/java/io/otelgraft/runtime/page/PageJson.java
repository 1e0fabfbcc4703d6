package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.runtime.explanation.CatalogueJson;
import io.otelgraft.runtime.explanation.ExplanationJson;
import io.otelgraft.runtime.explanation.Phrase;
import io.otelgraft.runtime.page.Decisions.Counts;
import io.otelgraft.runtime.page.Inventory.Entry;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** What the page shows, as data. */
final class PageJson {

  private static final double NANOS_PER_MILLI = 1e6;

  private PageJson() {}

  /** The plugins, with what is wrong with those that are loaded. */
  static ObjectNode plugins(Catalogue catalogue) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("generation", catalogue.generation());
    json.setAll(CatalogueJson.of(catalogue));
    for (int i = 0; i < catalogue.languages().size(); i++) {
      LoadedPlugin plugin = catalogue.languages().get(i);
      ObjectNode entry = (ObjectNode) json.path("loaded").path(i);
      entry.put("setAside", plugin.quarantined());
      entry.put("failures", plugin.failures());
      entry.put("lastFailure", plugin.lastFailure().orElse(null));
    }
    return json;
  }

  /** The Instrumentations, and what cannot be read. */
  static ObjectNode instrumentations(Inventory inventory) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode instrumentations = json.putArray("instrumentations");
    for (Entry entry : inventory.instrumentations()) {
      ObjectNode one = instrumentations.addObject();
      int slash = entry.reference().indexOf('/');
      one.put("namespace", entry.reference().substring(0, slash));
      one.put("name", entry.reference().substring(slash + 1));
      if (entry.generation().isPresent()) {
        one.put("generation", entry.generation().getAsLong());
      } else {
        one.putNull("generation");
      }
      one.put("state", entry.state().name().toLowerCase(Locale.ROOT));
      ArrayNode problems = one.putArray("problems");
      entry.problems().forEach(problem -> problems.add(problem(problem)));
    }
    inventory.unreadable().get().forEach(json.putArray("unreadable")::add);
    return json;
  }

  private static ObjectNode problem(Problem problem) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("severity", problem.severity().name().toLowerCase(Locale.ROOT));
    json.put("path", problem.path().toString());
    json.put("message", problem.message());
    json.put("fix", problem.fix());
    json.put("place", problem.place().map(Problem.Place::toString).orElse(null));
    return json;
  }

  /** Decisions, the newest first, and how many there were. */
  static ObjectNode decisions(Counts counts, List<Kept> decisions) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ObjectNode numbers = json.putObject("counts");
    counts
        .byOutcome()
        .forEach((outcome, count) -> numbers.put(DecisionFilter.word(outcome), count));
    numbers.put("notAsked", counts.notAsked());
    numbers.put("notKept", counts.passedOver());
    ArrayNode list = json.putArray("decisions");
    decisions.forEach(kept -> list.add(decision(kept)));
    return json;
  }

  private static ObjectNode decision(Kept kept) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("id", kept.id());
    json.put("time", kept.at().toString());
    json.put("milliseconds", kept.took().toNanos() / NANOS_PER_MILLI);
    json.put("uid", kept.subject().uid());
    json.put("operation", kept.subject().operation());
    json.put("kind", kept.subject().kind());
    json.put("namespace", kept.subject().namespace());
    json.put("name", kept.subject().name());
    json.put("user", kept.subject().user());
    json.put("dryRun", kept.dryRun());
    json.put("outcome", DecisionFilter.word(kept.outcome()));
    json.put("reason", kept.reason());
    json.put("message", kept.message());
    kept.languages().forEach(json.putArray("languages")::add);
    kept.warnings().forEach(json.putArray("warnings")::add);
    return json;
  }

  /** One decision with all that there is to tell of it. */
  static ObjectNode details(Kept kept) {
    ObjectNode json = decision(kept);
    kept.decision()
        .map(decision -> Details.of(decision, kept.pods()))
        .ifPresent(details -> {
          json.setAll(ExplanationJson.of(details.decision()));
          json.put(
              "explanation",
              details.explanation().stream().map(Phrase::text).collect(Collectors.joining()));
          json.put("diff", details.diff());
        });
    return json;
  }
}
