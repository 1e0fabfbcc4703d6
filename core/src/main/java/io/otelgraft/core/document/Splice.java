package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Puts an edited tree into the text that the original was read from: parts that are the same stay
 * as they are written, the others are replaced, removed, or added in the style of their neighbours.
 *
 * <p>It knows the common shapes of YAML and not each odd one; {@link Document#render} reads the
 * result again.
 */
final class Splice {

  /** A range of the text, and what comes in its place. */
  private record Edit(int start, int end, String text) {}

  /**
   * Where a value stands.
   *
   * @param indicator the offset behind the dash or colon before it; -1 if there is none
   * @param column that of the dash or key
   * @param collection what it is in
   */
  private record Place(int indicator, int column, Node.Collection collection) {}

  private final Source source;
  private final Node.Mapping root;
  private final Style style;
  private final List<Edit> edits = new ArrayList<>();

  /**
   * What no longer means what it did: such nodes, and the anchors in them, may have aliases
   * elsewhere.
   */
  private final Set<Node> changed = identitySet();

  /** What cannot be referred to any more; its aliases are written out. */
  private final Set<Node> stale = identitySet();

  private boolean impossible;

  Splice(Source source, Node.Mapping root, Style style) {
    this.source = source;
    this.root = root;
    this.style = style;
  }

  /**
   * Returns the part of the source between two offsets with an edited tree in it. It may turn out
   * not to be that tree, where only writing all anew can give it.
   */
  String apply(ObjectNode edited, int from, int to) {
    Set<Node> aliased = identitySet();
    collectAliased(root, aliased);
    boolean found;
    do {
      edits.clear();
      changed.clear();
      change(root, edited, null);
      changed.retainAll(aliased);
      found = stale.addAll(changed);
    } while (found && !impossible);
    return impossible ? source.text().substring(from, to) : applied(from, to);
  }

  private static void collectAliased(Node node, Set<Node> aliased) {
    if (node instanceof Node.Alias alias) {
      aliased.add(alias.target());
    } else if (node instanceof Node.Collection collection) {
      collection.parts().forEach(part -> collectAliased(part.value(), aliased));
    }
  }

  private String applied(int from, int to) {
    // Stable: of two insertions at one place the one into the inner collection came first, and
    // belongs there.
    edits.sort(Comparator.comparingInt(Edit::start).thenComparingInt(Edit::end));
    StringBuilder text = new StringBuilder();
    int at = from;
    for (Edit edit : edits) {
      if (edit.start < at) {
        return source.text().substring(from, to);
      }
      text.append(source.text(), at, edit.start).append(edit.text);
      at = edit.end;
    }
    return text.append(source.text(), at, to).toString();
  }

  private void replaceText(int start, int end, String text) {
    edits.add(new Edit(start, end, text));
  }

  private void insert(int at, String text) {
    replaceText(at, at, text);
  }

  private void change(Node node, JsonNode edited, Place place) {
    boolean same = node.is(edited);
    if (same && !refersToStale(node)) {
      return;
    }
    if (!same) {
      changed.add(node);
    }
    if (node instanceof Node.Mapping mapping && canKeep(mapping, edited)) {
      mapping(mapping, (ObjectNode) edited);
    } else if (node instanceof Node.Sequence sequence && edited.isArray()) {
      sequence(sequence, edited, place);
    } else {
      replace(node, edited, place);
    }
  }

  private boolean refersToStale(Node node) {
    return switch (node) {
      case Node.Scalar _ -> false;
      case Node.Alias alias -> stale.contains(alias.target());
      case Node.Collection collection ->
          !stale.isEmpty()
              && collection.parts().stream().anyMatch(part -> refersToStale(part.value()));
    };
  }

  private boolean canKeep(Node.Mapping mapping, JsonNode edited) {
    if (!edited.isObject() || (mapping.flow() && source.text().charAt(mapping.content()) != '{')) {
      return false;
    }
    boolean kept = false;
    boolean merges = false;
    for (Node.Part part : mapping.parts()) {
      JsonNode value = part.key() == null ? null : edited.get(part.key());
      kept |= value != null;
      merges |= part.key() == null;
      if ((part.key() == null && refersToStale(part.value()))
          || (value != null && part.indicator() < 0 && !part.value().is(value))) {
        return false;
      }
    }
    // What a merge brings in can be overridden but not removed, and comes to light where what
    // overrides it is removed.
    return kept && (!merges || mapping.members().keySet().stream().allMatch(edited::has));
  }

  private void mapping(Node.Mapping mapping, ObjectNode edited) {
    List<Node.Part> parts = mapping.parts();
    Map<String, Integer> indices = new HashMap<>();
    Layout layout = new Layout(mapping);
    for (int i = 0; i < parts.size(); i++) {
      if (parts.get(i).key() == null) {
        layout.keep(i);
      } else {
        indices.put(parts.get(i).key(), i);
      }
    }
    int previous = -1;
    Map<String, JsonNode> overriding = new LinkedHashMap<>();
    for (Map.Entry<String, JsonNode> member : edited.properties()) {
      String key = member.getKey();
      Integer index = indices.get(key);
      if (index != null) {
        previous = index;
        layout.keep(index);
        change(parts.get(index).value(), member.getValue(), layout.place(index));
      } else if (!mapping.members().containsKey(key)) {
        layout.add(previous, layout.entry(key, member.getValue()));
      } else if (!mapping.members().get(key).is(member.getValue())) {
        overriding.put(key, member.getValue());
      }
    }
    overriding.forEach((key, value) -> layout.add(layout.lastKept(), layout.entry(key, value)));
    layout.apply();
  }

  private void sequence(Node.Sequence sequence, JsonNode edited, Place place) {
    int[] origins = Origins.of(sequence.parts(), edited);
    if (Arrays.stream(origins).allMatch(origin -> origin < 0)) {
      replace(sequence, edited, place);
      return;
    }
    Layout layout = new Layout(sequence);
    int previous = -1;
    for (int i = 0; i < origins.length; i++) {
      if (origins[i] < 0) {
        layout.add(previous, layout.item(edited.get(i)));
      } else {
        previous = origins[i];
        layout.keep(previous);
        change(sequence.parts().get(previous).value(), edited.get(i), layout.place(previous));
      }
    }
    layout.apply();
  }

  private void replace(Node node, JsonNode edited, Place place) {
    allChanged(node);
    if (place == null) {
      impossible = true;
    } else if (place.collection.flow()) {
      replaceInFlow(node, edited, place);
    } else {
      replaceInBlock(node, edited, place);
    }
  }

  private void allChanged(Node node) {
    changed.add(node);
    if (node instanceof Node.Collection collection) {
      collection.parts().forEach(part -> allChanged(part.value()));
    }
  }

  private void replaceInFlow(Node node, JsonNode edited, Place place) {
    FlowWriter writer = style.flow(place.collection);
    String text = writer.value(edited, indentation(writer, node.start()));
    if (node.start() < node.end()) {
      replaceText(node.start(), node.end(), text);
    } else {
      insert(place.indicator, " " + text);
    }
  }

  /** Returns how a line is indented, if anything is going to be written on further lines. */
  private String indentation(FlowWriter writer, int offset) {
    return writer.step().isEmpty() ? "" : source.indentation(offset);
  }

  private void replaceInBlock(Node node, JsonNode edited, Place place) {
    BlockWriter writer = style.block(place.collection);
    String text =
        place.collection instanceof Node.Mapping
            ? writer.afterColon(edited, place.column)
            : writer.item(edited, place.column).substring(1);
    // A comment on the first line stays there: the value's further lines go below it.
    int firstBreak = text.indexOf(style.newline());
    String head = firstBreak < 0 ? text : text.substring(0, firstBreak);
    String body = text.substring(head.length());
    if (source.hasBreak(place.indicator, node.start())) {
      insert(place.indicator, head);
      replaceText(source.endOfLine(place.indicator), source.endOfLine(node.end()), body);
      return;
    }
    int end =
        node instanceof Node.Scalar scalar && isBlockScalar(scalar)
            ? YamlReader.blockHeader(source.text(), scalar.content())
            : node.end();
    if (body.isEmpty() && node.start() > place.indicator) {
      // However many blanks are there, they stay.
      replaceText(node.start(), end, head.substring(1));
    } else {
      replaceText(place.indicator, end, head);
    }
    replaceText(
        source.endOfLine(end), Math.max(source.endOfLine(end), source.endOfLine(node.end())), body);
  }

  private boolean isBlockScalar(Node.Scalar scalar) {
    return scalar.content() < scalar.end()
        && "|>".indexOf(source.text().charAt(scalar.content())) >= 0;
  }

  /**
   * The parts of a collection that stay, and what is added between them. At least one has to stay.
   */
  private final class Layout {

    private final Node.Collection collection;
    private final List<Node.Part> parts;
    private final boolean[] kept;

    /** Texts to add: first those before all parts, then those behind each. */
    private final List<List<String>> added = new ArrayList<>();

    /** Where each part starts in its line; of no meaning in brackets. */
    private final int column;

    Layout(Node.Collection collection) {
      this.collection = collection;
      this.parts = collection.parts();
      this.kept = new boolean[parts.size()];
      this.column = collection.flow() ? -1 : source.column(parts.getFirst().start());
      for (int i = 0; i <= parts.size(); i++) {
        added.add(new ArrayList<>());
      }
    }

    Place place(int index) {
      return new Place(parts.get(index).indicator(), column, collection);
    }

    String entry(String key, JsonNode value) {
      if (!collection.flow()) {
        return style.block(collection).entry(key, value, column);
      }
      FlowWriter writer = style.flow(collection);
      return writer.entry(key, value, indentation(writer, parts.getFirst().start()));
    }

    String item(JsonNode value) {
      if (!collection.flow()) {
        return style.block(collection).item(value, column);
      }
      FlowWriter writer = style.flow(collection);
      return writer.value(value, indentation(writer, parts.getFirst().start()));
    }

    void keep(int index) {
      kept[index] = true;
    }

    int firstKept() {
      int index = 0;
      while (!kept[index]) {
        index++;
      }
      return index;
    }

    int lastKept() {
      int index = parts.size() - 1;
      while (!kept[index]) {
        index--;
      }
      return index;
    }

    /** Adds a text behind a part; -1 for before all parts. */
    void add(int previous, String text) {
      added.get(previous + 1).add(text);
    }

    void apply() {
      for (int i = 0; i < parts.size(); i++) {
        if (!kept[i]) {
          allChanged(parts.get(i).value());
        }
      }
      if (collection.flow()) {
        applyToFlow();
      } else {
        applyToBlock();
      }
    }

    private void applyToBlock() {
      int start = parts.getFirst().start();
      int first = firstKept();
      String newLine = style.newline() + " ".repeat(column);
      boolean ownLine = source.skipSpace(source.startOfLine(start), start) == start;
      if (ownLine) {
        addLines(source.startOfLine(start), added.getFirst());
      } else if (first > 0 || !added.getFirst().isEmpty()) {
        // The first part stands behind the dash of the list that it is in.
        StringBuilder front = new StringBuilder();
        added.getFirst().forEach(text -> front.append(text).append(newLine));
        replaceText(start, parts.get(first).start(), front.toString());
      }
      for (int i = 0; i < parts.size(); i++) {
        Node.Part part = parts.get(i);
        if (kept[i]) {
          addLines(source.nextLine(part.end()), added.get(i + 1));
        } else if (ownLine || i > first) {
          replaceText(source.startOfLine(part.start()), source.nextLine(part.end()), "");
        }
      }
    }

    private void addLines(int at, List<String> texts) {
      texts.forEach(text -> insert(at, " ".repeat(column) + text + style.newline()));
    }

    private void applyToFlow() {
      int first = firstKept();
      FlowWriter writer = style.flow(collection);
      String comma = writer.separator(indentation(writer, parts.getFirst().start()));
      StringBuilder front = new StringBuilder();
      added.getFirst().forEach(text -> front.append(text).append(comma));
      replaceText(parts.getFirst().start(), parts.get(first).start(), front.toString());
      int last = lastKept();
      for (int i = first; i <= last; i++) {
        if (kept[i]) {
          int end = parts.get(i).end();
          added.get(i + 1).forEach(text -> insert(end, comma + text));
        } else if (kept[i - 1]) {
          int next = i;
          while (!kept[next]) {
            next++;
          }
          replaceText(parts.get(i).start(), parts.get(next).start(), "");
        }
      }
      replaceText(parts.get(last).end(), parts.getLast().end(), "");
    }
  }

  private static Set<Node> identitySet() {
    return Collections.newSetFromMap(new IdentityHashMap<>());
  }
}
