package io.otelgraft.core.document;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import com.fasterxml.jackson.core.util.JsonRecyclerPools;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BigIntegerNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.NumericNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * JSON objects as trees: what an admission reads and answers with. Nothing is lost or rounded on
 * the way: unknown fields and nulls stay, and numbers keep all their digits ({@code 1.10}, {@code
 * 123456789012345678901234567890}). A tree holds the value of a number and not its letters: {@code
 * 1e5} is written as {@code 1.0E+5}.
 */
public final class Json {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  /**
   * A tree of small values takes up to thirty times the memory of its text. The largest object that
   * an API server stores, 1.5 MiB, has a fifth of these unless it is made to break something.
   */
  private static final int MAX_TOKENS = 400_000;

  /** The length in bytes that a text is prepared for of which nothing is known. */
  private static final int SMALL = 500;

  /** What a decoder writes in place of what it cannot decode. */
  private static final char MALFORMED = '\uFFFD';

  // Not an ObjectMapper: its start takes longer than all the rest of `graft inject`.
  static final JsonFactory FACTORY =
      JsonFactory.builder()
          // RFC 8259 allows no encoding but UTF-8.
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
          // Buffers of the process and not of threads, of which each decision has a new one.
          .recyclerPool(JsonRecyclerPools.sharedConcurrentDequePool())
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(YamlReader.MAX_DEPTH)
                  .maxNumberLength(Numbers.MAX_LENGTH)
                  .maxTokenCount(MAX_TOKENS)
                  .build())
          .build();

  private Json() {}

  /**
   * Reads a JSON object.
   *
   * @param json UTF-8
   * @return a tree that is the caller's own
   * @throws DocumentException if it is no JSON or no object, nothing or more than one value, not
   *     UTF-8, nested more than 200 deep, of more than 400,000 keys, values and brackets, or if a
   *     key comes twice in an object
   */
  public static ObjectNode read(byte[] json) {
    return read(json, Members.NONE);
  }

  /** Members of objects by their paths: {@code /metadata/managedFields}. */
  public static final class Members {
    private static final Members NONE = new Members(Set.of());

    private final Set<JsonPointer> paths;
    private final Set<String> keys;

    private Members(Set<JsonPointer> paths) {
      this.paths = paths;
      this.keys =
          paths.stream()
              .map(path -> path.last().getMatchingProperty())
              .collect(Collectors.toUnmodifiableSet());
    }

    /** Those at these paths. */
    public static Members at(String... paths) {
      return new Members(
          Arrays.stream(paths).map(JsonPointer::compile).collect(Collectors.toUnmodifiableSet()));
    }

    /** Whether a parser that stands at a key stands at one of these. */
    private boolean include(String key, JsonParser parser) {
      return keys.contains(key) && paths.contains(parser.getParsingContext().pathAsPointer());
    }
  }

  /**
   * Reads a JSON object without some of its members, of which it is only looked for the end.
   *
   * @param json UTF-8
   * @return a tree that is the caller's own
   * @throws DocumentException as {@link #read(byte[])}; but what is left out may have a key twice
   */
  public static ObjectNode read(byte[] json, Members leftOut) {
    boolean escapes = hasUnicodeEscape(json);
    try (JsonParser parser = FACTORY.createParser(json)) {
      try {
        return document(parser, new Reading(escapes, leftOut));
      } catch (JsonProcessingException broken) {
        throw new DocumentException("", position(location(broken, parser)), message(broken));
      }
    } catch (IOException impossible) {
      throw new UncheckedIOException("Reading bytes in memory", impossible);
    }
  }

  /**
   * How a text is read.
   *
   * @param escapes whether it has escapes that are to be looked at
   */
  private record Reading(boolean escapes, Members leftOut) {}

  private static ObjectNode document(JsonParser parser, Reading reading) throws IOException {
    JsonToken first = parser.nextToken();
    if (first != JsonToken.START_OBJECT) {
      throw problem(parser, "a JSON object is needed, and here is " + kind(first));
    }
    ObjectNode tree = object(parser, reading);
    if (parser.nextToken() != null) {
      throw problem(parser, "something follows the JSON object; remove it");
    }
    return tree;
  }

  private static ObjectNode object(JsonParser parser, Reading reading) throws IOException {
    ObjectNode object = NODES.objectNode();
    for (String key = parser.nextFieldName(); key != null; key = parser.nextFieldName()) {
      if (reading.escapes) {
        requireWellFormed(parser, key);
      }
      if (object.has(key)) {
        throw problem(parser, duplicateKey(key));
      }
      if (reading.leftOut.include(key, parser)) {
        parser.nextToken();
        parser.skipChildren();
      } else {
        parser.nextToken();
        object.set(key, value(parser, reading));
      }
    }
    return object;
  }

  private static ArrayNode array(JsonParser parser, Reading reading) throws IOException {
    ArrayNode array = NODES.arrayNode();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      array.add(value(parser, reading));
    }
    return array;
  }

  private static JsonNode value(JsonParser parser, Reading reading) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser, reading);
      case START_ARRAY -> array(parser, reading);
      default -> scalar(parser, reading.escapes);
    };
  }

  /** Reads the string, number, boolean or null at which a parser stands. */
  static JsonNode scalar(JsonParser parser, boolean escapes) throws IOException {
    return switch (parser.currentToken()) {
      case VALUE_STRING -> {
        String text = parser.getText();
        if (escapes) {
          requireWellFormed(parser, text);
        }
        yield TextNode.valueOf(text);
      }
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> decimal(parser);
      case VALUE_TRUE -> BooleanNode.TRUE;
      case VALUE_FALSE -> BooleanNode.FALSE;
      case VALUE_NULL -> NullNode.instance;
      default -> throw new IllegalStateException("No value: " + parser.currentToken());
    };
  }

  private static NumericNode integer(JsonParser parser) throws IOException {
    return switch (parser.getNumberType()) {
      case INT -> IntNode.valueOf(parser.getIntValue());
      case LONG -> LongNode.valueOf(parser.getLongValue());
      default -> BigIntegerNode.valueOf(parser.getBigIntegerValue());
    };
  }

  private static NumericNode decimal(JsonParser parser) throws IOException {
    try {
      return Numbers.decimal(parser.getDecimalValue(), parser.getText().charAt(0) == '-');
    } catch (NumberFormatException tooLarge) {
      throw problem(parser, "no number can be as large as " + parser.getText());
    }
  }

  /**
   * Whether there is an escape that might be half a surrogate pair; UTF-8 itself holds none.
   *
   * @throws DocumentException if it is not UTF-8
   */
  private static boolean hasUnicodeEscape(byte[] json) {
    String text = new String(json, StandardCharsets.UTF_8);
    // Of ASCII, each byte has become a character, and none a stand-in for what is malformed.
    if (text.length() < json.length || text.indexOf(MALFORMED) >= 0) {
      // Jackson lets some malformed sequences pass.
      Source.of("", json);
    }
    return text.contains("\\u");
  }

  private static void requireWellFormed(JsonParser parser, String text) {
    int lone = loneSurrogate(text);
    if (lone >= 0) {
      throw problem(parser, loneSurrogateProblem(text, lone));
    }
  }

  static String loneSurrogateProblem(String text, int index) {
    return "half a surrogate pair, \\u%04x, is no character".formatted((int) text.charAt(index));
  }

  /**
   * Returns where a string has half a surrogate pair, which no encoding can hold; -1 if nowhere.
   */
  static int loneSurrogate(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        if (i + 1 == text.length()
            || !Character.isSurrogatePair(text.charAt(i), text.charAt(i + 1))) {
          return i;
        }
        i++;
      }
    }
    return -1;
  }

  static String duplicateKey(String key) {
    return "duplicate key \"%s\"; keep one of the two".formatted(shortened(key));
  }

  /** Where a text is broken; an exception about a limit does not say it itself. */
  static JsonLocation location(JsonProcessingException broken, JsonParser parser) {
    return broken.getLocation() == null ? parser.currentLocation() : broken.getLocation();
  }

  /** Returns Jackson's message without what it says about itself. */
  static String message(JsonProcessingException broken) {
    String message = broken.getOriginalMessage();
    if (broken instanceof StreamConstraintsException && message.contains("nesting depth")) {
      return YamlReader.TOO_DEEP;
    }
    if (broken instanceof StreamConstraintsException && message.startsWith("Token count")) {
      return "more than %d keys, values and brackets are not read".formatted(MAX_TOKENS);
    }
    int end = message.indexOf(" (start marker at [Source");
    end = end < 0 ? message.indexOf(": enable `") : end;
    return end < 0 ? message : message.substring(0, end);
  }

  private static DocumentException problem(JsonParser parser, String problem) {
    String path = parser.getParsingContext().pathAsPointer().toString();
    return new DocumentException(
        "",
        position(parser.currentTokenLocation()),
        path.isEmpty() ? problem : "at " + shortened(path) + ": " + problem);
  }

  private static Position position(JsonLocation location) {
    return new Position(location.getLineNr(), Math.max(1, location.getColumnNr()));
  }

  /** Returns the beginning of a text that a message cannot hold as a whole. */
  static String shortened(String text) {
    if (text.length() <= 100) {
      return text;
    }
    return text.substring(0, Character.isHighSurrogate(text.charAt(98)) ? 98 : 99) + "…";
  }

  private static String kind(JsonToken token) {
    return switch (token) {
      case null -> "nothing";
      case START_ARRAY -> "a list";
      case VALUE_STRING -> "a string";
      case VALUE_NULL -> "null";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      default -> "a number";
    };
  }

  /**
   * Writes a tree in one line.
   *
   * @return UTF-8
   * @throws IllegalArgumentException if the tree holds what JSON has not: infinity, half a
   *     surrogate pair, a Java object; or is nested more than 1000 deep
   */
  public static byte[] write(JsonNode tree) {
    return write(SMALL, generator -> write(tree, generator));
  }

  /** Something that is written as JSON without having been a tree. */
  @FunctionalInterface
  public interface Content {

    /** Writes all of it. */
    void writeTo(JsonGenerator generator) throws IOException;
  }

  /**
   * Writes a value in one line.
   *
   * @param length about how many bytes it takes
   * @return UTF-8
   * @throws IllegalArgumentException if it holds what JSON has not
   */
  public static byte[] write(int length, Content content) {
    try (ByteArrayBuilder bytes = new ByteArrayBuilder(length);
        JsonGenerator generator = FACTORY.createGenerator(bytes)) {
      content.writeTo(generator);
      generator.flush();
      return bytes.toByteArray();
    } catch (IOException unwritable) {
      throw new IllegalArgumentException(unwritable.getMessage());
    }
  }

  /**
   * Writes a tree where a generator stands.
   *
   * @throws IllegalArgumentException as {@link #write(JsonNode)}
   */
  public static void write(JsonNode tree, JsonGenerator generator) throws IOException {
    switch (tree.getNodeType()) {
      case OBJECT -> {
        generator.writeStartObject();
        for (Map.Entry<String, JsonNode> member : tree.properties()) {
          generator.writeFieldName(member.getKey());
          write(member.getValue(), generator);
        }
        generator.writeEndObject();
      }
      case ARRAY -> {
        generator.writeStartArray();
        for (JsonNode item : tree) {
          write(item, generator);
        }
        generator.writeEndArray();
      }
      case STRING -> generator.writeString(tree.textValue());
      case NUMBER -> {
        if (tree.isInt()) {
          generator.writeNumber(tree.intValue());
        } else {
          generator.writeNumber(Numbers.text(tree));
        }
      }
      case BOOLEAN -> generator.writeBoolean(tree.booleanValue());
      case NULL -> generator.writeNull();
      case BINARY -> generator.writeBinary(tree.binaryValue());
      default -> throw new IllegalArgumentException("JSON has nothing for " + tree.getNodeType());
    }
  }

  /**
   * Returns a tree over several lines as {@code kubectl -o json} prints it, indented by four, with
   * a line break at the end.
   */
  public static String pretty(JsonNode tree) {
    return new FlowWriter(true, "    ", "\n", ", ", ": ").value(tree, "") + "\n";
  }
}
