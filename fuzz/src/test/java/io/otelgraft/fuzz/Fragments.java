package io.otelgraft.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Parts of objects, written as YAML. */
final class Fragments {
  private static final Map<String, ObjectNode> READ = new ConcurrentHashMap<>();

  private Fragments() {}

  /** A copy of one's own. */
  static ObjectNode yaml(String text) {
    return READ.computeIfAbsent(text, Fragments::read).deepCopy();
  }

  private static ObjectNode read(String text) {
    return Documents.read("fragment", text).list().getFirst().tree();
  }
}
