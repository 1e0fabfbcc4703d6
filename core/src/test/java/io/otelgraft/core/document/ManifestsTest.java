package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML of the specification, as it stands there. */
final class ManifestsTest {

  private static final Path RESOURCES = Path.of("src/test/resources/io/otelgraft/core");

  /** One example shows a pod before and after injection, with nothing between the two. */
  private static final String TWO_IN_ONE = "modifications-applied.yaml";

  static List<Path> specification() throws IOException {
    List<Path> files = new ArrayList<>();
    for (String folder : List.of("document/specification", "resource/specification")) {
      try (Stream<Path> found = Files.list(RESOURCES.resolve(folder))) {
        found.filter(file -> !file.endsWith(TWO_IN_ONE)).forEach(files::add);
      }
    }
    return files;
  }

  @ParameterizedTest
  @MethodSource("specification")
  void a_manifest_that_is_not_edited_leaves_byte_for_byte(Path file) throws IOException {
    byte[] text = Files.readAllBytes(file);
    Documents documents = Documents.read(file.toString(), text);

    assertThat(documents.list()).isNotEmpty();
    assertThat(documents.render(Document::tree)).isEqualTo(Files.readString(file));
  }

  @ParameterizedTest
  @MethodSource("specification")
  void an_edit_everywhere_adds_lines_and_changes_none(Path file) throws IOException {
    String text = Files.readString(file);
    Documents documents = Documents.read(file.toString(), text);
    List<ObjectNode> edited = documents.list().stream().map(Document::tree).toList();
    edited.forEach(ManifestsTest::addEverywhere);

    String after = documents.render(document -> edited.get(documents.list().indexOf(document)));

    assertThat(Documents.read(file.toString(), after).list())
        .extracting(Document::tree)
        .isEqualTo(edited);
    assertThat(
            after
                .replace(", graft: added by graft", "")
                .lines()
                .filter(line -> !line.contains("graft"))
                .toList())
        .isEqualTo(text.lines().toList());
  }

  private static void addEverywhere(JsonNode tree) {
    tree.forEach(ManifestsTest::addEverywhere);
    if (tree instanceof ObjectNode object && !object.isEmpty()) {
      object.put("graft", "added by graft");
    }
  }

  @Test
  void two_objects_without_a_line_between_them_are_told_apart() throws IOException {
    Path file = RESOURCES.resolve("document/specification").resolve(TWO_IN_ONE);

    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read(TWO_IN_ONE, Files.readAllBytes(file)))
        .withMessage(
            TWO_IN_ONE
                + ":14:1: duplicate key \"apiVersion\"; keep one of the two, or put a line --- between two objects");
  }
}
