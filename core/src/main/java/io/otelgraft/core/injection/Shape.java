package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Checks that the parts of a pod that are edited have the shape that they have in every pod. An API
 * server sees to it before it asks; a manifest may hold anything.
 */
final class Shape {
  private Shape() {}

  /**
   * Lets a list pass, and nothing.
   *
   * @param owner what messages call the parent
   */
  static void list(JsonNode parent, String key, String owner) {
    JsonNode node = parent.path(key);
    if (!node.isArray() && !node.isMissingNode() && !node.isNull()) {
      throw new MalformedPodException(key + " of " + owner + " is not a list");
    }
  }

  /** Lets an object pass, and nothing. */
  static void object(JsonNode parent, String key, String owner) {
    JsonNode node = parent.path(key);
    if (!node.isObject() && !node.isMissingNode() && !node.isNull()) {
      throw new MalformedPodException(key + " of " + owner + " is not an object");
    }
  }
}
