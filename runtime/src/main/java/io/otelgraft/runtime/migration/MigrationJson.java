package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Finding;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** What a move changes for a workload, as data: the same that {@link MigrationText} tells. */
public final class MigrationJson {

  private MigrationJson() {}

  /** What differs, what keeps it, and what there is to know beside. */
  public static ObjectNode of(WorkloadMigration migration) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.put("kind", migration.workload().kind());
    json.put("namespace", migration.workload().namespace());
    json.put("name", migration.workload().name());
    migration.pods().forEach(json.putArray("pods")::add);
    json.put("changes", migration.changes());
    migration
        .outcome()
        .ifPresent(outcome -> {
          ObjectNode entry = json.putObject("outcome");
          entry.put("before", outcome.before());
          entry.put("after", outcome.after());
          settings(entry, outcome.keep());
        });
    json.set("differences", differences(migration.differences()));
    ArrayNode explained = json.putArray("explained");
    for (Explained one : migration.explained()) {
      ObjectNode entry = explained.addObject();
      entry.put("reason", one.known().name().toLowerCase(Locale.ROOT).replace('_', '-'));
      entry.put("message", one.known().text());
      entry.set("differences", differences(one.differences()));
    }
    ArrayNode findings = json.putArray("findings");
    for (Finding finding : migration.findings()) {
      findings
          .addObject()
          .put("reason", finding.reason())
          .put("container", finding.container())
          .put("message", finding.message())
          .put("fix", finding.fix());
    }
    return json;
  }

  private static ArrayNode differences(List<Difference> differences) {
    ArrayNode json = JsonNodeFactory.instance.arrayNode();
    for (Difference difference : differences) {
      ObjectNode entry = json.addObject();
      entry.put("container", difference.part().container());
      entry.put("part", difference.part().kind().name().toLowerCase(Locale.ROOT));
      entry.put("name", difference.part().name());
      if (!difference.before().isMissingNode()) {
        entry.set("before", difference.before());
      }
      if (!difference.after().isMissingNode()) {
        entry.set("after", difference.after());
      }
      settings(entry, difference.keep());
      if (!difference.cause().isEmpty()) {
        entry.put("cause", difference.cause());
      }
    }
    return json;
  }

  private static void settings(ObjectNode entry, Map<String, String> keep) {
    ObjectNode settings = entry.putObject("keep");
    keep.forEach(settings::put);
  }
}
