package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * Trees as YAML, where there is no text that they came from; see {@link Document#render} where
 * there is one.
 */
public final class Yaml {

  private Yaml() {}

  /**
   * Returns a tree as kubectl prints it: in the order of its keys, indented by two, lists not
   * indented further than their key, texts of several lines as such. Readers of YAML 1.1 and 1.2
   * read the same tree from it.
   *
   * @return lines; also the last one ends in a line break
   * @throws IllegalArgumentException if the tree holds what JSON has not: infinity, half a
   *     surrogate pair, a Java object; or is nested more than 1000 deep
   */
  public static String write(JsonNode tree) {
    String text =
        tree.isContainerNode() && !tree.isEmpty()
            ? BlockWriter.KUBECTL.lines(tree, 0)
            : new FlowWriter(false, "", "\n", ", ", ": ").value(tree, "");
    return text + "\n";
  }
}
