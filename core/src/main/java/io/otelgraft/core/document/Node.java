package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;

/**
 * A value and where it is written. Nodes are what an edited tree is compared with, so they are
 * never changed and never handed out.
 */
sealed interface Node {

  /** Where its text starts: at its anchor or tag if it has one. */
  int start();

  /**
   * Where its text ends: behind its last character, before the line break and the comment that may
   * follow.
   */
  int end();

  /**
   * How many collections are nested in it, itself included; aliases count as what they stand for.
   */
  int height();

  /** Returns the value as a tree of its own, which nobody else holds. */
  JsonNode tree();

  /** Whether a tree has the same value. */
  boolean is(JsonNode other);

  /**
   * A string, number, boolean or null.
   *
   * @param content where its text starts behind anchor and tag; for a block scalar the {@code |} or
   *     {@code >}
   */
  record Scalar(int start, int content, int end, JsonNode value) implements Node {
    @Override
    public int height() {
      return 0;
    }

    @Override
    public JsonNode tree() {
      return value;
    }

    @Override
    public boolean is(JsonNode other) {
      return Numbers.same(value, other);
    }
  }

  /** What the nodes with parts have in common. */
  sealed interface Collection extends Node {
    /** Whether it is written in brackets. */
    boolean flow();

    /** Its entries or items in the order of the text; merge keys among them. */
    List<Part> parts();

    /** Where its text starts behind anchor and tag. */
    int content();
  }

  /**
   * An entry of a mapping or an item of a sequence.
   *
   * @param start where its text starts: the key or its {@code ?}, the dash of a block sequence, or
   *     the item in a flow sequence
   * @param indicator the offset behind the colon or dash; -1 if there is none
   * @param key null in a sequence and for a merge key
   */
  record Part(int start, int indicator, String key, Node value) {
    int end() {
      return Math.max(value.end(), indicator);
    }
  }

  /** A list. */
  record Sequence(int start, int content, int end, boolean flow, int height, List<Part> parts)
      implements Collection {
    @Override
    public ArrayNode tree() {
      ArrayNode tree = JsonNodeFactory.instance.arrayNode(parts.size());
      for (Part item : parts) {
        tree.add(item.value.tree());
      }
      return tree;
    }

    @Override
    public boolean is(JsonNode other) {
      if (!other.isArray() || other.size() != parts.size()) {
        return false;
      }
      for (int i = 0; i < parts.size(); i++) {
        if (!parts.get(i).value.is(other.get(i))) {
          return false;
        }
      }
      return true;
    }
  }

  /**
   * A mapping.
   *
   * @param members what it means, merges resolved
   */
  record Mapping(
      int start,
      int content,
      int end,
      boolean flow,
      int height,
      List<Part> parts,
      Map<String, Node> members)
      implements Collection {
    @Override
    public ObjectNode tree() {
      ObjectNode tree = JsonNodeFactory.instance.objectNode();
      members.forEach((key, value) -> tree.set(key, value.tree()));
      return tree;
    }

    @Override
    public boolean is(JsonNode other) {
      if (!other.isObject() || other.size() != members.size()) {
        return false;
      }
      for (Map.Entry<String, Node> member : members.entrySet()) {
        JsonNode value = other.get(member.getKey());
        if (value == null || !member.getValue().is(value)) {
          return false;
        }
      }
      return true;
    }
  }

  /** An alias, which stands for a node that was written before. */
  record Alias(int start, int end, Node target) implements Node {
    @Override
    public int height() {
      return target.height();
    }

    @Override
    public JsonNode tree() {
      return target.tree();
    }

    @Override
    public boolean is(JsonNode other) {
      return target.is(other);
    }
  }
}
