package io.otelgraft.core.document;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** A Kubernetes object and the text that it was read from. */
public final class Document {

  private final Source source;
  private final int from;
  private final int start;
  private final int to;

  /** The values and where they are written; null where they are to be read when needed. */
  private volatile Node.Mapping root;

  /**
   * A document whose text is from one offset to another.
   *
   * @param start where it is read from, behind what holds nothing
   */
  Document(Source source, int from, int start, int to, Node.Mapping root) {
    this.source = source;
    this.from = from;
    this.start = start;
    this.to = to;
    this.root = root;
  }

  private Node.Mapping root() {
    Node.Mapping known = root;
    return known == null ? Documents.root(source, start, to) : known;
  }

  /**
   * Lets go of all but the text, which takes a small part of the memory. What is needed of the rest
   * is read again each time, so this is for a document that is hardly needed any more.
   */
  public void shrink() {
    root = null;
  }

  /** Returns the name of the text that this is a document of, for messages. */
  public String name() {
    return source.name();
  }

  /**
   * Returns a new tree of the object, aliases and merges resolved. It is the caller's own, to
   * change it and {@link #render} it.
   */
  public ObjectNode tree() {
    return root().tree();
  }

  /** Returns the text as it was read, with the {@code ---} before it and the comments around it. */
  public String text() {
    return source.text().substring(from, to);
  }

  /**
   * Returns where a value is written: the key of an entry, an item of a list. Where the pointer
   * leads to nothing, the place is that of the innermost value on the way which exists. What came
   * in through an alias is found where it is written.
   */
  public Position position(JsonPointer pointer) {
    Node.Mapping whole = root();
    int offset = whole.content();
    Node node = whole;
    for (JsonPointer rest = pointer; !rest.matches(); rest = rest.tail()) {
      Node container = node instanceof Node.Alias alias ? alias.target() : node;
      Node.Part part = part(container, rest);
      if (part != null) {
        offset = part.start();
        node = part.value();
      } else if (container instanceof Node.Mapping mapping
          && mapping.members().containsKey(rest.getMatchingProperty())) {
        node = mapping.members().get(rest.getMatchingProperty());
        offset = node.start();
      } else {
        break;
      }
    }
    return source.position(offset);
  }

  private static Node.Part part(Node node, JsonPointer pointer) {
    return switch (node) {
      case Node.Mapping mapping -> member(mapping, pointer.getMatchingProperty());
      case Node.Sequence sequence -> {
        int index = pointer.getMatchingIndex();
        yield index >= 0 && index < sequence.parts().size() ? sequence.parts().get(index) : null;
      }
      default -> null;
    };
  }

  private static Node.Part member(Node.Mapping mapping, String key) {
    for (Node.Part part : mapping.parts()) {
      if (key.equals(part.key())) {
        return part;
      }
    }
    return null;
  }

  /**
   * Returns the text of this document with an edited tree in it. What is the same in both trees is
   * kept as it is written, with comments, quotes, indentation and the spelling of numbers; what is
   * new is written like its neighbours. So a comparison of the two texts shows the edit and nothing
   * else.
   *
   * <p>The text is written anew where it cannot be kept: a value that changes its kind, lines with
   * anchors whose aliases would change their meaning. Comments within such a part are lost.
   *
   * @param edited the tree to write, most often {@link #tree()} with some changes
   * @return the text between those of the documents before and after this one, with the {@code ---}
   *     before it; equal to {@link #text()} if nothing is changed
   * @throws IllegalArgumentException if the tree holds what JSON has not, see {@link Yaml#write}
   */
  public String render(ObjectNode edited) {
    if (root().is(edited)) {
      return text();
    }
    Style style = Style.of(source, root());
    // From the way that keeps most to the one that keeps least; each is checked by reading it
    // again.
    return Stream.<Supplier<String>>of(
            () -> spliced(edited, style),
            () -> spliced(edited, style) + style.newline(),
            () -> anew(edited, style) + tail(),
            () -> anew(edited, style) + style.newline())
        .map(Supplier::get)
        .filter(text -> reads(text, edited))
        .findFirst()
        .orElseThrow(() ->
            new IllegalStateException(
                "No way to write an edited document of " + name() + ": please report this"));
  }

  /** Returns the text with the edit in it; the text as it was if that cannot be done. */
  private String spliced(ObjectNode edited, Style style) {
    if (to < source.text().length() || Source.isBreak(source.text().charAt(to - 1))) {
      return new Splice(source, root(), style).apply(edited, from, to);
    }
    // What is added goes behind the end of a line, so the last line gets one for the while.
    Source ended = new Source(name(), source.text() + style.newline());
    String text = new Splice(ended, root(), style).apply(edited, from, ended.text().length());
    return text.substring(0, text.length() - style.newline().length());
  }

  private String anew(ObjectNode edited, Style style) {
    if (root().flow()) {
      return header(style) + style.flow(root()).value(edited, source.indentation(root().start()));
    }
    return header(style) + (edited.isEmpty() ? "{}" : style.block(root()).lines(edited, 0));
  }

  /** Returns what stands behind the root: comments, most often. */
  private String tail() {
    return source
        .text()
        .substring(root().flow() ? root().end() : source.endOfLine(root().end()), to);
  }

  /** Returns what stands before the root, for a root that is written anew. */
  private String header(Style style) {
    int start = root().start();
    if (root().flow()) {
      return source.text().substring(from, start);
    }
    int line = source.startOfLine(start);
    return source.skipSpace(line, start) == start || (line == from && source.column(start) == 0)
        ? source.text().substring(from, line == from ? start - source.column(start) : line)
        : source.text().substring(from, start).stripTrailing() + style.newline();
  }

  private boolean reads(String text, ObjectNode edited) {
    try {
      List<Document> documents = Documents.read(name(), text).list();
      return documents.size() == 1 && documents.getFirst().root().is(edited);
    } catch (DocumentException unreadable) {
      return false;
    }
  }
}
