package io.otelgraft.core.resource;

import java.util.Map;

/**
 * What is known of a namespace.
 *
 * @param name its name
 * @param labels its labels
 * @param annotations its annotations, the defaults for its pods among them
 * @param limits its LimitRanges
 */
public record NamespaceFacts(
    String name, Map<String, String> labels, Map<String, String> annotations, LimitRanges limits) {

  /** A namespace without LimitRanges. */
  public NamespaceFacts(String name, Map<String, String> labels, Map<String, String> annotations) {
    this(name, labels, annotations, LimitRanges.NONE);
  }
}
