package io.otelgraft.runtime.rules;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.document.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * What the OpenTelemetry Operator does and what Graft does, as {@code
 * docs/reference/compatibility.yaml} has it.
 *
 * @param sections the items, in chapters
 * @param flags how the operator is configured
 */
public record CompatibilityItems(List<Section> sections, List<Flag> flags) {
  private static final Path FILE = Path.of("../docs/reference/compatibility.yaml");

  /** A chapter: its title begins with a number, and so do the ids of its items. */
  public record Section(String title, List<Item> items) {}

  /**
   * One thing that the operator does.
   *
   * @param id by which tests name it
   * @param operator what it does
   * @param defect whether that loses telemetry, breaks pods, or is not what was asked for
   * @param verdict what Graft's way is beside it
   * @param graft what Graft does
   */
  public record Item(String id, String operator, boolean defect, Verdict verdict, String graft) {}

  /** What Graft does, beside what the operator does. */
  public enum Verdict {
    /** For users and pods it is the same. */
    SAME("same"),
    /** What was asked for. */
    BETTER("better"),
    /** Another choice. */
    DIFFERS("differs"),
    /** There is nothing of the kind in Graft. */
    NOT_APPLICABLE("not applicable"),
    /** Graft lacks it. */
    NOT_YET("not yet");

    private final String word;

    Verdict(String word) {
      this.word = word;
    }

    /** The word in the file and on the page. */
    public String word() {
      return word;
    }

    private static Verdict of(String word) {
      return Arrays.stream(values())
          .filter(verdict -> verdict.word.equals(word))
          .findFirst()
          .orElseThrow(() -> new AssertionError("\"" + word + "\" is no verdict"));
    }
  }

  /**
   * A setting of the operator's.
   *
   * @param names as flag, environment variable and key of the file, as far as there are
   * @param settings those of Graft that take its place; often none
   * @param language which language it is about; often the empty string
   * @param graft what takes its place, or why nothing does
   */
  public record Flag(List<String> names, List<String> settings, String language, String graft) {}

  /** Reads the file. */
  public static CompatibilityItems read() {
    try {
      JsonNode file =
          Documents.read(FILE.toString(), Files.readAllBytes(FILE)).list().getFirst().tree();
      return new CompatibilityItems(
          list(file.path("sections")).stream().map(CompatibilityItems::section).toList(),
          list(file.path("flags")).stream().map(CompatibilityItems::flag).toList());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** All items, in their order. */
  public List<Item> items() {
    return sections.stream().flatMap(section -> section.items().stream()).toList();
  }

  private static Section section(JsonNode node) {
    return new Section(
        text(node, "title"),
        list(node.path("items")).stream().map(CompatibilityItems::item).toList());
  }

  private static Item item(JsonNode node) {
    return new Item(
        text(node, "id"),
        text(node, "operator"),
        node.path("defect").asBoolean(),
        Verdict.of(text(node, "verdict")),
        text(node, "graft"));
  }

  private static Flag flag(JsonNode node) {
    return new Flag(
        Stream.of("flag", "environment", "key")
            .map(name -> node.path(name).asText())
            .filter(name -> !name.isEmpty())
            .toList(),
        list(node.path("settings")).stream().map(JsonNode::asText).toList(),
        node.path("language").asText(),
        text(node, "graft"));
  }

  private static String text(JsonNode node, String field) {
    String text = node.path(field).asText();
    if (text.isBlank()) {
      throw new AssertionError(FILE + " has an entry without " + field + ": " + node);
    }
    return text;
  }

  private static List<JsonNode> list(JsonNode list) {
    List<JsonNode> entries = new ArrayList<>();
    list.forEach(entries::add);
    return entries;
  }
}
