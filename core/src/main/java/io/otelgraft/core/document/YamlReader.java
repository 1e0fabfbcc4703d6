package io.otelgraft.core.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.MappingStartEvent;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.scanner.ScannerImpl;

/**
 * Composes a YAML document into nodes. SnakeYAML gives the events; its own composer forgets where
 * aliases and dashes stand, and its resolver compiles regular expressions at every start.
 */
final class YamlReader {

  /**
   * How much text the aliases of a document may stand for. The API server takes no request over 3
   * MiB, so nothing larger can be a manifest, and "billion laughs" end here.
   */
  static final int MAX_ALIASED = 3 << 20;

  /** As in JSON; and it keeps every recursion over a tree within the stack. */
  static final int MAX_DEPTH = 200;

  static final String TOO_DEEP = "nested more than 200 deep; Kubernetes has no such object";

  /** What a node weighs in that count besides its text. */
  private static final int SIZE_OF_NODE = 16;

  private static final String CORE = "tag:yaml.org,2002:";

  private final Source source;
  private final YamlTokens tokens;
  private final Parser parser;
  private final Map<String, Anchor> anchors = new HashMap<>();
  private long size;
  private long aliased;

  /**
   * What an anchor names.
   *
   * @param node null while it is being read
   * @param size about how much text it is with all aliases written out
   */
  private record Anchor(Node node, long size) {}

  private YamlReader(Source source, int from, int to) {
    this.source = source;
    LoaderOptions options = new LoaderOptions();
    this.tokens = new YamlTokens(new ScannerImpl(new YamlText(source, from, to), options));
    this.parser = new ParserImpl(tokens);
  }

  /**
   * Reads the one document in a range of a source.
   *
   * @return its root; null if the range holds nothing or a null
   * @throws DocumentException if the text is no YAML, holds more than one document, or what only
   *     some readers understand
   */
  static Node read(Source source, int from, int to) {
    requirePrintable(source, from, to);
    try {
      return new YamlReader(source, from, to).document();
    } catch (MarkedYAMLException broken) {
      throw problem(source, broken, to);
    } catch (YAMLException broken) {
      throw source.problem(from, broken.getMessage());
    }
  }

  private static DocumentException problem(Source source, MarkedYAMLException broken, int limit) {
    Mark mark = broken.getProblemMark() == null ? broken.getContextMark() : broken.getProblemMark();
    String problem = broken.getProblem();
    if (problem.startsWith("expected '<document start>'")) {
      problem =
          "this is outside of the document above; indent it like that, or put a line --- before it";
    } else if (broken.getContext() != null) {
      problem = broken.getContext() + ": " + problem;
    }
    return source.problem(Math.min(mark.getIndex(), limit), problem);
  }

  private static void requirePrintable(Source source, int from, int to) {
    for (int at = from; at < to; at++) {
      char c = source.text().charAt(at);
      boolean printable =
          (c >= ' ' && c < 0x7f)
              || c == '\n'
              || c == '\r'
              || c == '\t'
              || c == 0x85
              || (c >= 0xa0 && c < 0xfffe);
      if (!printable) {
        throw source.problem(
            at,
            "YAML allows no control character such as U+%04X; write it as \"\\u%04X\""
                .formatted((int) c, (int) c));
      }
    }
  }

  private Node document() {
    parser.getEvent();
    if (!parser.getEvent().is(Event.ID.DocumentStart)) {
      return null;
    }
    Node root = node(parser.getEvent(), 0);
    parser.getEvent();
    parser.getEvent();
    return root instanceof Node.Scalar scalar && scalar.value().isNull() ? null : root;
  }

  private Node node(Event event, int depth) {
    if (event instanceof AliasEvent alias) {
      return alias(alias, depth);
    }
    String name = ((NodeEvent) event).getAnchor();
    long before = size;
    if (name != null) {
      anchors.put(name, new Anchor(null, 0));
    }
    Node node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar);
          case MappingStartEvent mapping -> mapping(mapping, deeper(event, depth));
          default -> sequence((SequenceStartEvent) event, deeper(event, depth));
        };
    if (name != null) {
      anchors.put(name, new Anchor(node, size - before));
    }
    return node;
  }

  private int deeper(Event event, int depth) {
    if (depth == MAX_DEPTH) {
      throw problem(event, TOO_DEEP);
    }
    return depth + 1;
  }

  private Node alias(AliasEvent event, int depth) {
    Anchor anchor = anchors.get(event.getAnchor());
    if (anchor == null) {
      throw problem(event, "nothing before this place has the anchor &" + event.getAnchor());
    }
    if (anchor.node == null) {
      throw problem(event, "the alias *" + event.getAnchor() + " stands within what it refers to");
    }
    size += anchor.size;
    aliased += anchor.size;
    if (aliased > MAX_ALIASED) {
      throw problem(
          event,
          "the aliases of this document stand for more than 3 MiB; no API server takes that");
    }
    if (depth + anchor.node.height() > MAX_DEPTH) {
      throw problem(
          event,
          "nested more than " + MAX_DEPTH + " deep once *" + event.getAnchor() + " is written out");
    }
    return new Node.Alias(start(event), end(event), anchor.node);
  }

  private Node.Scalar scalar(ScalarEvent event) {
    int start = start(event);
    // A scalar that is nothing but anchor or tag has no token of its own.
    int content = tokens.scalar() < start ? end(event) : tokens.scalar();
    int end = event.isLiteral() || event.isFolded() ? endOfBlock(content, end(event)) : end(event);
    size += SIZE_OF_NODE + event.getValue().length();
    return new Node.Scalar(start, content, end, value(event));
  }

  /**
   * A block scalar ends with its last line that is not blank, unless it keeps the blank ones
   * ({@code |+}).
   */
  private int endOfBlock(int content, int next) {
    int header = blockHeader(source.text(), content);
    boolean keep = source.text().substring(content, header).indexOf('+') > 0;
    int line = source.startOfLine(next);
    int end = line == next ? source.beforeBreak(line) : next;
    while (!keep && source.skipSpace(source.startOfLine(end), end) == end) {
      end = source.beforeBreak(source.startOfLine(end));
    }
    return Math.max(header, source.startOfLine(end) > content ? end : 0);
  }

  /** Returns where the header of a block scalar ends: {@code |2-}. */
  static int blockHeader(String text, int content) {
    int at = content + 1;
    while (at < text.length() && "+-0123456789".indexOf(text.charAt(at)) >= 0) {
      at++;
    }
    return at;
  }

  private JsonNode value(ScalarEvent event) {
    String text = wellFormed(event, event.getValue());
    String tag = event.getTag();
    if (tag == null) {
      return event.isPlain() ? finite(event, resolve(event, text)) : TextNode.valueOf(text);
    }
    if (!tag.startsWith(CORE)) {
      // As kubectl does: a tag that is unknown makes a string.
      return TextNode.valueOf(text);
    }
    return switch (tag.substring(CORE.length())) {
      case "null", "bool", "int", "float" -> tagged(event, text, tag.substring(CORE.length()));
      case "binary" -> TextNode.valueOf(binary(event, text));
      default -> TextNode.valueOf(text);
    };
  }

  private JsonNode tagged(ScalarEvent event, String text, String type) {
    JsonNode value = finite(event, resolve(event, text));
    boolean fits =
        switch (type) {
          case "null" -> value.isNull();
          case "bool" -> value.isBoolean();
          case "int" -> value.isIntegralNumber();
          default -> value.isNumber();
        };
    if (!fits) {
      throw problem(event, "\"%s\" is not a YAML !!%s".formatted(Json.shortened(text), type));
    }
    return value;
  }

  private JsonNode resolve(ScalarEvent event, String text) {
    try {
      return PlainScalar.resolve(text);
    } catch (NumberFormatException tooLarge) {
      throw problem(
          event, "no number can be this long or large; put it in quotes if it is a string");
    }
  }

  private JsonNode finite(ScalarEvent event, JsonNode value) {
    if (value.isDouble() && !Double.isFinite(value.doubleValue())) {
      throw problem(
          event,
          "Kubernetes has no number %s; put it in quotes if it is a string"
              .formatted(event.getValue()));
    }
    return value;
  }

  private String binary(ScalarEvent event, String text) {
    try {
      byte[] bytes = Base64.getMimeDecoder().decode(text);
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (IllegalArgumentException | CharacterCodingException notText) {
      throw problem(
          event,
          "a !!binary value must be the Base64 form of UTF-8 text; without the tag it is a string as it stands");
    }
  }

  private String wellFormed(ScalarEvent event, String text) {
    int lone = Json.loneSurrogate(text);
    if (lone >= 0) {
      throw problem(event, Json.loneSurrogateProblem(text, lone));
    }
    return text;
  }

  private Node.Sequence sequence(SequenceStartEvent event, int depth) {
    List<Node.Part> parts = new ArrayList<>();
    int height = 0;
    Event next = parser.getEvent();
    while (!next.is(Event.ID.SequenceEnd)) {
      int dash = tokens.dash();
      Node item = node(next, depth);
      height = Math.max(height, item.height());
      parts.add(
          event.isFlow()
              ? new Node.Part(item.start(), -1, null, item)
              : new Node.Part(dash, dash + 1, null, item));
      next = parser.getEvent();
    }
    return new Node.Sequence(
        start(event),
        content(event, parts),
        end(event, next, parts),
        event.isFlow(),
        height + 1,
        parts);
  }

  private Node.Mapping mapping(MappingStartEvent event, int depth) {
    List<Node.Part> parts = new ArrayList<>();
    Map<String, Node> members = new LinkedHashMap<>();
    Set<String> merged = new HashSet<>();
    int height = 0;
    boolean hasMerge = false;
    Event next = parser.getEvent();
    while (!next.is(Event.ID.MappingEnd)) {
      int start = tokens.key();
      boolean merge = isMerge(next);
      String key = merge ? null : key(next);
      int colon = tokens.colon();
      Event valueEvent = parser.getEvent();
      int indicator = tokens.colon() == colon ? -1 : tokens.colon() + 1;
      // Without a colon SnakeYAML puts the empty value where the next token is.
      Node value = indicator < 0 ? emptyValue(end(next)) : node(valueEvent, depth);
      height = Math.max(height, value.height());
      parts.add(new Node.Part(start, indicator, key, value));
      if (merge) {
        if (hasMerge) {
          throw problem(
              next, "duplicate key \"<<\"; give one << a list instead: <<: [*one, *other]");
        }
        hasMerge = true;
        merge(next, value, members, merged);
      } else if (members.put(key, value) != null && !merged.remove(key)) {
        String or = depth == 1 ? ", or put a line --- between two objects" : "";
        throw problem(next, Json.duplicateKey(key) + or);
      }
      next = parser.getEvent();
    }
    return new Node.Mapping(
        start(event),
        content(event, parts),
        end(event, next, parts),
        event.isFlow(),
        height + 1,
        parts,
        members);
  }

  private Node.Scalar emptyValue(int at) {
    size += SIZE_OF_NODE;
    return new Node.Scalar(at, at, at, NullNode.instance);
  }

  private static boolean isMerge(Event key) {
    return key instanceof ScalarEvent scalar
        && scalar.isPlain()
        && scalar.getValue().equals("<<")
        && (scalar.getTag() == null || scalar.getTag().equals(CORE + "merge"));
  }

  /**
   * Keys are strings in JSON: as sigs.k8s.io/yaml does, numbers and booleans become what Go would
   * print.
   */
  private String key(Event event) {
    Node key = event instanceof CollectionStartEvent ? null : node(event, MAX_DEPTH);
    if (key instanceof Node.Alias alias) {
      key = alias.target();
    }
    if (!(key instanceof Node.Scalar scalar) || scalar.value().isNull()) {
      throw problem(event, "a key has to be a string; if this is one, put it in quotes");
    }
    return scalar.value() instanceof NumericNode number && !number.isIntegralNumber()
        ? PlainScalar.key(number)
        : scalar.value().asText();
  }

  private void merge(Event event, Node value, Map<String, Node> members, Set<String> merged) {
    switch (value) {
      case Node.Alias alias -> merge(event, alias.target(), members, merged);
      case Node.Mapping mapping ->
          mapping
              .members()
              .forEach((key, member) -> {
                if (members.putIfAbsent(key, member) == null) {
                  merged.add(key);
                } else if (!merged.contains(key) && !members.get(key).is(member.tree())) {
                  throw problem(
                      event,
                      "<< comes after its own value of \"%s\", and kubectl lets the last win where YAML lets the mapping win; put << first"
                          .formatted(Json.shortened(key)));
                }
              });
      case Node.Sequence sequence
          when sequence.parts().stream().noneMatch(item -> isSequence(item.value())) ->
          sequence.parts().forEach(item -> merge(event, item.value(), members, merged));
      default -> throw problem(event, "<< takes a mapping, an alias of one, or a list of these");
    }
  }

  private static boolean isSequence(Node node) {
    return (node instanceof Node.Alias alias ? alias.target() : node) instanceof Node.Sequence;
  }

  /** The one-pair mapping in {@code [a: b]} is a flow collection too, but has no brackets. */
  private boolean isBracketed(CollectionStartEvent event) {
    return event.isFlow() && "[{".indexOf(source.text().charAt(end(event) - 1)) >= 0;
  }

  private int content(CollectionStartEvent event, List<Node.Part> parts) {
    return isBracketed(event) ? end(event) - 1 : parts.getFirst().start();
  }

  /**
   * SnakeYAML ends a collection without brackets where the next token is, far behind the comments.
   */
  private int end(CollectionStartEvent event, Event end, List<Node.Part> parts) {
    return isBracketed(event) ? end(end) : parts.getLast().end();
  }

  private static int start(Event event) {
    return event.getStartMark().getIndex();
  }

  private static int end(Event event) {
    return event.getEndMark().getIndex();
  }

  private DocumentException problem(Event event, String problem) {
    return source.problem(start(event), problem);
  }
}
