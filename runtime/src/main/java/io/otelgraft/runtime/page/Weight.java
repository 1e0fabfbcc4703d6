package io.otelgraft.runtime.page;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Overruled;
import java.util.List;
import java.util.Map;

/**
 * What things take in memory, in bytes, roughly and rather too much: what is shared is counted each
 * time.
 */
final class Weight {

  /** An object with a handful of fields. */
  private static final int OBJECT = 64;

  private static final int STRING = 40;

  /** A tree's object, with its map. */
  private static final int MAP = 136;

  private static final int MAP_ENTRY = 40;

  private Weight() {}

  /** Of texts, as if all of them were Latin. */
  static int of(String... texts) {
    return of(List.of(texts));
  }

  static int of(List<String> texts) {
    int weight = 0;
    for (String text : texts) {
      weight += STRING + text.length();
    }
    return weight;
  }

  /** Of a decision without its pod and its patch. */
  static int of(Decision decision) {
    int weight = OBJECT + of(decision.message());
    for (Finding finding : decision.findings()) {
      weight += OBJECT + of(finding.container(), finding.message(), finding.fix());
    }
    for (Edit edit : decision.journal().edits()) {
      weight += OBJECT + of(edit.path(), edit.name(), edit.rule(), edit.source());
      weight += of(edit.value()) + of(edit.before());
    }
    for (Overruled overruled : decision.journal().overruled()) {
      weight += OBJECT + of(overruled.source(), overruled.winner());
      weight += OBJECT + of(overruled.variable().entry());
    }
    return weight + OBJECT * decision.injected().size();
  }

  private static int of(JsonNode tree) {
    if (tree.isTextual()) {
      return STRING + tree.textValue().length();
    }
    int weight = MAP;
    if (tree.isObject()) {
      for (Map.Entry<String, JsonNode> member : tree.properties()) {
        weight += MAP_ENTRY + of(member.getKey()) + of(member.getValue());
      }
    } else {
      for (JsonNode item : tree) {
        weight += of(item);
      }
    }
    return weight;
  }
}
