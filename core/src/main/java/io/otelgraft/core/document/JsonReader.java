package io.otelgraft.core.document;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Composes JSON values into nodes. */
final class JsonReader {

  private final Source source;
  private final int from;
  private final JsonParser parser;

  private JsonReader(Source source, int from, JsonParser parser) {
    this.source = source;
    this.from = from;
    this.parser = parser;
  }

  /**
   * Reads all values in a range of a source, with nothing but white space between them.
   *
   * @throws DocumentException if the range holds anything else
   */
  static List<Node> read(Source source, int from, int to) {
    String text = source.text();
    try (JsonParser parser = Json.FACTORY.createParser(text.substring(from, to))) {
      return new JsonReader(source, from, parser).values();
    } catch (IOException impossible) {
      throw new UncheckedIOException("Reading a text in memory", impossible);
    }
  }

  private List<Node> values() throws IOException {
    try {
      List<Node> values = new ArrayList<>();
      while (parser.nextToken() != null) {
        values.add(value());
      }
      return values;
    } catch (JsonProcessingException broken) {
      int offset = from + (int) Json.location(broken, parser).getCharOffset();
      throw source.problem(Math.clamp(offset, from, source.text().length()), Json.message(broken));
    }
  }

  private Node value() throws IOException {
    int start = at();
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(start);
      case START_ARRAY -> array(start);
      default -> {
        try {
          JsonNode value = Json.scalar(parser, true);
          yield new Node.Scalar(start, start, end(start), value);
        } catch (DocumentException problem) {
          throw source.problem(start, problem.problem());
        }
      }
    };
  }

  private Node.Mapping object(int start) throws IOException {
    List<Node.Part> parts = new ArrayList<>();
    Map<String, Node> members = new LinkedHashMap<>();
    int height = 0;
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String key = parser.currentName();
      int keyStart = at();
      int colon = source.skipSpace(end(keyStart), source.text().length());
      int lone = Json.loneSurrogate(key);
      if (lone >= 0) {
        throw source.problem(keyStart, Json.loneSurrogateProblem(key, lone));
      }
      parser.nextToken();
      Node value = value();
      if (members.put(key, value) != null) {
        throw source.problem(keyStart, Json.duplicateKey(key));
      }
      height = Math.max(height, value.height());
      parts.add(new Node.Part(keyStart, colon + 1, key, value));
    }
    return new Node.Mapping(start, start, at() + 1, true, height + 1, parts, members);
  }

  private Node.Sequence array(int start) throws IOException {
    List<Node.Part> parts = new ArrayList<>();
    int height = 0;
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      Node item = value();
      height = Math.max(height, item.height());
      parts.add(new Node.Part(item.start(), -1, null, item));
    }
    return new Node.Sequence(start, start, at() + 1, true, height + 1, parts);
  }

  private int at() {
    return from + (int) parser.currentTokenLocation().getCharOffset();
  }

  /**
   * Returns where a string, number or word ends, of which the parser knows only where it starts.
   */
  private int end(int start) {
    String text = source.text();
    int at = start + 1;
    if (text.charAt(start) == '"') {
      while (text.charAt(at) != '"') {
        at += text.charAt(at) == '\\' ? 2 : 1;
      }
      return at + 1;
    }
    while (at < text.length()
        && !Source.isSpace(text.charAt(at))
        && ",]}".indexOf(text.charAt(at)) < 0) {
      at++;
    }
    return at;
  }
}
