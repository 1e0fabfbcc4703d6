package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/**
 * A text of Kubernetes objects, as kubectl takes it with {@code -f}: YAML documents between lines
 * of {@code ---}, JSON, or several JSON objects one after the other. What is not changed leaves as
 * it came, to the byte.
 *
 * <p>YAML means what it means to kubectl: version 1.1 with {@code yes} a boolean and {@code 0777} a
 * number, but dates and {@code 12:30:45} strings; keys become strings; aliases and merges are
 * resolved. Other than kubectl, numbers are exact, a key that comes twice is an error, and so is
 * what only some readers understand.
 */
public final class Documents {

  private final List<Document> list;
  private final String rest;

  private Documents(List<Document> list, String rest) {
    this.list = List.copyOf(list);
    this.rest = rest;
  }

  /**
   * Reads all documents.
   *
   * @param name what messages call the text, such as the name of its file
   * @param text UTF-8
   * @throws DocumentException at the first document that is neither YAML nor JSON, is no object, is
   *     nested more than 200 deep, or has a key twice; nothing is returned then
   */
  public static Documents read(String name, byte[] text) {
    return read(Source.of(name, text));
  }

  /** Reads all documents of a text that is decoded already; see {@link #read(String, byte[])}. */
  public static Documents read(String name, String text) {
    return read(new Source(name, text));
  }

  private static Documents read(Source source) {
    List<Document> documents = new ArrayList<>();
    int from = 0;
    int start =
        !source.text().isEmpty() && source.text().charAt(0) == Source.BYTE_ORDER_MARK ? 1 : 0;
    while (start < source.text().length()) {
      int end = endOfDocument(source, start);
      List<Node> roots = roots(source, start, end);
      for (int i = 0; i < roots.size(); i++) {
        if (!(roots.get(i) instanceof Node.Mapping root)) {
          throw source.problem(
              roots.get(i).start(),
              "a Kubernetes object is needed, with apiVersion and kind, and here is none");
        }
        int to =
            i + 1 < roots.size()
                ? Math.min(source.nextLine(root.end()), roots.get(i + 1).start())
                : end;
        documents.add(new Document(source, from, i == 0 ? start : from, to, root));
        from = to;
      }
      start = end;
    }
    return new Documents(documents, source.text().substring(from));
  }

  /** Reads a document again of which the range is known. */
  static Node.Mapping root(Source source, int start, int to) {
    return (Node.Mapping) roots(source, start, to).getFirst();
  }

  /**
   * Returns where the document ends that starts here: in front of the next line {@code ---} that
   * follows any content.
   */
  private static int endOfDocument(Source source, int start) {
    String text = source.text();
    boolean content = false;
    int line = start;
    while (line < text.length()) {
      boolean separator = isSeparator(text, line);
      if (separator && content) {
        return line;
      }
      int word = source.skipSpace(line, source.endOfLine(line));
      content |=
          separator
              || (word < source.endOfLine(line)
                  && text.charAt(word) != '#'
                  && text.charAt(line) != '%');
      line = source.nextLine(line);
    }
    return line;
  }

  private static boolean isSeparator(String text, int line) {
    return text.startsWith("---", line)
        && (line + 3 == text.length() || Source.isSpace(text.charAt(line + 3)));
  }

  private static List<Node> roots(Source source, int start, int end) {
    String text = source.text();
    int content = source.skipSpace(isSeparator(text, start) ? start + 3 : start, end);
    if (content == end) {
      return List.of();
    }
    if (text.charAt(content) != '{') {
      Node root = YamlReader.read(source, start, end);
      return root == null ? List.of() : List.of(root);
    }
    try {
      return JsonReader.read(source, content, end);
    } catch (DocumentException notJson) {
      try {
        return List.of(YamlReader.read(source, start, end));
      } catch (DocumentException notYaml) {
        int first = source.skipSpace(content + 1, end);
        throw first < end && text.charAt(first) == '"' ? notJson : notYaml;
      }
    }
  }

  /** Returns the documents in their order, those left out that hold nothing or a null. */
  public List<Document> list() {
    return list;
  }

  /**
   * Returns the whole text with every document as edited.
   *
   * @param edited gives the tree to write for a document; what its {@link Document#tree()} gives
   *     leaves the text as it is
   */
  public String render(Function<Document, ObjectNode> edited) {
    StringBuilder text = new StringBuilder();
    for (Document document : list) {
      text.append(document.render(edited.apply(document)));
    }
    return text.append(rest).toString();
  }
}
