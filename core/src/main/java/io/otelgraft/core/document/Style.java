package io.otelgraft.core.document;

/** How a document is laid out, for what is added to it. */
final class Style {

  private final Source source;
  private final Node.Mapping root;
  private final String newline;
  private final int step;
  private final int dash;

  private Style(Source source, Node.Mapping root, String newline, int step, int dash) {
    this.source = source;
    this.root = root;
    this.newline = newline;
    this.step = step;
    this.dash = dash;
  }

  static Style of(Source source, Node.Mapping root) {
    int end = source.endOfLine(0);
    String newline = source.text().substring(end, source.nextLine(0));
    int[] steps = new int[10];
    int[] dashes = new int[10];
    count(source, root, steps, dashes);
    return new Style(
        source,
        root,
        newline.isEmpty() ? "\n" : newline,
        most(steps, BlockWriter.KUBECTL.step()),
        most(dashes, BlockWriter.KUBECTL.dash()));
  }

  /** Counts by how much the mappings and the sequences are indented that stand in a mapping. */
  private static void count(Source source, Node node, int[] steps, int[] dashes) {
    if (!(node instanceof Node.Collection collection) || collection.flow()) {
      return;
    }
    for (Node.Part part : collection.parts()) {
      if (collection instanceof Node.Mapping
          && part.value() instanceof Node.Collection inner
          && !inner.flow()) {
        int indentation = source.column(inner.content()) - source.column(part.start());
        if (inner instanceof Node.Sequence && indentation >= 0 && indentation < dashes.length) {
          dashes[indentation]++;
        } else if (indentation > 0 && indentation < steps.length) {
          steps[indentation]++;
        }
      }
      count(source, part.value(), steps, dashes);
    }
  }

  private static int most(int[] counts, int otherwise) {
    int most = otherwise;
    for (int i = 0; i < counts.length; i++) {
      most = counts[i] > counts[most] ? i : most;
    }
    return most;
  }

  String newline() {
    return newline;
  }

  /**
   * Returns what writes into a block collection: sequences like the others there, or else like most
   * in the document.
   */
  BlockWriter block(Node.Collection collection) {
    for (Node.Part part : collection.parts()) {
      if (collection instanceof Node.Mapping
          && part.value() instanceof Node.Sequence inner
          && !inner.flow()) {
        return new BlockWriter(
            step, source.column(inner.content()) - source.column(part.start()), newline);
      }
    }
    return new BlockWriter(step, dash, newline);
  }

  /**
   * Returns what writes into a flow collection: on one line or several, and with blanks, as it has
   * them.
   */
  FlowWriter flow(Node.Collection collection) {
    boolean json = root.flow();
    String colon = json && !isSpaced(collection) ? ":" : ": ";
    String comma = colon.equals(":") ? "," : ", ";
    return new FlowWriter(json, isMultiline(collection) ? flowStep() : "", newline, comma, colon);
  }

  /** Whether a blank stands behind the colons. */
  private boolean isSpaced(Node.Collection collection) {
    Node.Collection model = collection instanceof Node.Mapping ? collection : root;
    for (Node.Part part : model.parts()) {
      if (part.indicator() >= 0) {
        return Source.isSpace(source.text().charAt(part.indicator()));
      }
    }
    return true;
  }

  private boolean isMultiline(Node.Collection collection) {
    return !collection.parts().isEmpty()
        && source.hasBreak(collection.content(), collection.parts().getFirst().start());
  }

  private String flowStep() {
    if (!root.flow() || !isMultiline(root)) {
      return "  ";
    }
    String outer = source.indentation(root.content());
    String inner = source.indentation(root.parts().getFirst().start());
    return inner.length() > outer.length() ? inner.substring(outer.length()) : "  ";
  }
}
