package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What a text means: the same as to kubectl. Expected values were compared with sigs.k8s.io/yaml
 * 1.6.
 */
final class DocumentsTest {

  private static List<String> json(String text) {
    return Documents.read("t", text).list().stream()
        .map(Document::tree)
        .map(DocumentsTest::json)
        .toList();
  }

  private static String json(ObjectNode tree) {
    return new String(Json.write(tree), StandardCharsets.UTF_8);
  }

  private static void assertRefused(String text, String message) {
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read("t", text))
        .withMessage(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a: 1\n---\nb: 2\n",
        "---\na: 1\n--- # second\nb: 2",
        "# c\n\n---\n# nothing\n---\n---\na: 1\n---\nb: 2\n---\n# end\n",
        "\uFEFFa: 1\r\n---\r\nb: 2\r\n",
        "%YAML 1.1\n---\na: 1\n...\n---\nb: 2\n...\n",
        "{\"a\":1}{\"b\":2}",
        "\n  {\"a\":1}\n\n{\"b\":2}\n",
        "\uFEFF{\n\t\"a\":\t1\n}\n---\n{\"b\":2}",
        "{\"a\":1}\n---\nb: 2\n",
        "a: 1\n--- {b: 2}\n",
        "a: 1\n---\n~\n---\nb: 2\n"
      })
  void a_stream_holds_its_two_documents_and_is_the_sum_of_their_texts(String text) {
    Documents documents = Documents.read("t", text);

    assertThat(json(text)).containsExactly("{\"a\":1}", "{\"b\":2}");
    assertThat(documents.render(Document::tree)).isEqualTo(text);
    assertThat(text)
        .startsWith(documents.list().getFirst().text() + documents.list().getLast().text());

    Position place = documents.list().getLast().position(JsonPointer.compile("/b"));
    documents.list().forEach(Document::shrink);
    assertThat(documents.list().getLast().position(JsonPointer.compile("/b"))).isEqualTo(place);
    assertThat(documents.render(Document::tree)).isEqualTo(text);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "\n", "# comment\n", "---\n", "---\n---\n# c", "\uFEFF", "null\n", " \t\n"})
  void a_stream_without_an_object_has_no_documents_and_keeps_its_text(String text) {
    Documents documents = Documents.read("t", text);

    assertThat(documents.list()).isEmpty();
    assertThat(documents.render(Document::tree)).isEqualTo(text);
  }

  @Test
  void what_is_nearly_json_is_read_as_yaml() {
    assertThat(json("{\"a\": yes, # comment\n'b': 1,}")).containsExactly("{\"a\":true,\"b\":1}");
  }

  @Test
  void an_edit_of_one_document_leaves_the_others_byte_for_byte() {
    String first = "# One.\n---\na:   1\n# Between.\n";
    String last = "---\nc: {x:  1}\n...\n";

    String after =
        Documents.read("t", first + "---\nb: 2\n" + last)
            .render(document ->
                document.tree().has("b") ? document.tree().put("new", 3) : document.tree());

    assertThat(after).isEqualTo(first + "---\nb: 2\nnew: 3\n" + last);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "yes|true",
        "Off|false",
        "y|true",
        "N|false",
        "~|null",
        "''|null",
        "Null|null",
        "nUll|\"nUll\"",
        "0777|511",
        "0o17|15",
        "08|8",
        "0x1F|31",
        "-0b11|-3",
        "1_000|1000",
        "+12|12",
        "_1|\"_1\"",
        "0x|\"0x\"",
        "1.10|1.10",
        "1.0|1.0",
        ".5|0.5",
        "1.|1.0",
        "1e3|1.0E+3",
        "-0.0|-0.0",
        "-0|0",
        "1e400|1.0E+400",
        "0x1p2|\"0x1p2\"",
        "123456789012345678901234567890|123456789012345678901234567890",
        "12:30:45|\"12:30:45\"",
        "2001-01-01|\"2001-01-01\"",
        "2001-12-14t21:59:43.10-05:00|\"2001-12-14t21:59:43.10-05:00\"",
        "=|\"=\"",
        "<<|\"<<\"",
        "1.2.3|\"1.2.3\"",
        "100m|\"100m\"",
        "+|\"+\"",
        "\u0661|\"\u0661\"",
        "!!str 12|\"12\"",
        "!!int \"3\"|3",
        "! 12|\"12\"",
        "!other 12|\"12\"",
        "!!binary aGVsbG8=|\"hello\"",
        "!!bool yes|true",
        "!!null ''|null"
      })
  void a_scalar_means_what_it_means_to_kubectl(String scalar, String expected) {
    assertThat(json("a: " + (scalar == null ? "" : scalar)))
        .containsExactly("{\"a\":" + expected + "}");
  }

  @ParameterizedTest
  @CsvSource({
    "1, 1",
    "0x10, 16",
    "1.5, 1.5",
    "1.10, 1.1",
    "1e3, 1000",
    "1e6, 1e+06",
    "1234567.5, 1.2345675e+06",
    "1e-5, 1e-05",
    "16777217.0, 1.6777216e+07",
    "-0.0, -0",
    "1e300, .inf",
    "yes, true",
    "off, false",
    "'\"yes\"', yes",
    "2001-01-01, 2001-01-01",
    "!!str 1.10, 1.10"
  })
  void a_key_is_the_string_that_kubectl_makes_of_it(String key, String expected) {
    assertThat(Documents.read("t", key + ": x").list().getFirst().tree().fieldNames())
        .toIterable()
        .containsExactly(expected);
  }

  @Test
  void aliases_and_merges_are_resolved() {
    String text =
        """
        base: &base {a: 1, b: [&x 2, *x]}
        more: &more {a: 2, c: 3}
        alias: *base
        merged:
          <<: [*base, *more]
          b: own
        inline: {<<: {d: 4}, e: 5}
        quoted: {'<<': 6}
        """;

    assertThat(json(text))
        .containsExactly(
            "{\"base\":{\"a\":1,\"b\":[2,2]},\"more\":{\"a\":2,\"c\":3},\"alias\":{\"a\":1,\"b\":[2,2]},"
                + "\"merged\":{\"a\":1,\"b\":\"own\",\"c\":3},\"inline\":{\"d\":4,\"e\":5},\"quoted\":{\"<<\":6}}");
  }

  @Test
  void a_merge_behind_a_value_that_it_would_change_is_refused_as_readers_disagree() {
    assertRefused(
        "a:\n  b: 1\n  <<: {b: 2}\n",
        "t:3:3: << comes after its own value of \"b\", and kubectl lets the last win where YAML lets the mapping win; put << first");
    assertThat(json("a:\n  b: 1\n  <<: {b: 1, c: 2}\n"))
        .containsExactly("{\"a\":{\"b\":1,\"c\":2}}");
  }

  @Test
  void trees_are_the_callers_own_even_where_the_text_has_an_alias() {
    Document document = Documents.read("t", "a: &a {x: []}\nb: *a\n").list().getFirst();
    ObjectNode tree = document.tree();

    tree.withArray("/a/x").add(1);

    assertThat(json(tree)).isEqualTo("{\"a\":{\"x\":[1]},\"b\":{\"x\":[]}}");
    assertThat(json(document.tree())).isEqualTo("{\"a\":{\"x\":[]},\"b\":{\"x\":[]}}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "a: 1\\na: 2|t:2:1: duplicate key \"a\"; keep one of the two, or put a line --- between two objects",
        "a:\\n  1: x\\n  '1': y|t:3:3: duplicate key \"1\"; keep one of the two",
        "a: {<<: {b: 1}, <<: {c: 1}}|t:1:17: duplicate key \"<<\"; give one << a list instead: <<: [*one, *other]",
        "a: {<<: 1}|t:1:5: << takes a mapping, an alias of one, or a list of these",
        "~: x|t:1:1: a key has to be a string; if this is one, put it in quotes",
        "? [a]\\n: b|t:1:3: a key has to be a string; if this is one, put it in quotes",
        "a: .inf|t:1:4: Kubernetes has no number .inf; put it in quotes if it is a string",
        "a: !!int x|t:1:4: \"x\" is not a YAML !!int",
        "a: !!binary /w==|t:1:4: a !!binary value must be the Base64 form of UTF-8 text; without the tag it is a string as it stands",
        "---{\"a\":1}|t:1:1: a Kubernetes object is needed, with apiVersion and kind, and here is none",
        "- a|t:1:1: a Kubernetes object is needed, with apiVersion and kind, and here is none",
        "a: 1\\n---\\ntext|t:3:1: a Kubernetes object is needed, with apiVersion and kind, and here is none",
        "a: *b|t:1:4: nothing before this place has the anchor &b",
        "a: &a [*a]|t:1:8: the alias *a stands within what it refers to",
        "`  a: 1\\nb: 2`|t:2:1: this is outside of the document above; indent it like that, or put a line --- before it",
        "a: 'x|t:1:6: while scanning a quoted scalar: found unexpected end of stream",
        "a:\\n\\tb: 1|t:2:1: while scanning for the next token: found character '\\\\t(TAB)' that cannot start any token. (Do not use \\\\t(TAB) for indentation)",
        "{\"a\": 1 \"b\": 2}|t:1:9: Unexpected character ('\"' (code 34)): was expecting comma to separate Object entries",
        "{\"a\": 1, \"a\": 2}|t:1:10: duplicate key \"a\"; keep one of the two",
        "{\"a\": \"\\\\ud83d\"}|t:1:7: at /a: half a surrogate pair, \\\\ud83d, is no character",
        "a: \"\\\\ud83d\"|t:1:4: half a surrogate pair, \\\\ud83d, is no character"
      })
  void what_cannot_be_read_is_refused_with_place_finding_and_advice(String text, String message) {
    assertRefused(unescaped(text), unescaped(message));
  }

  private static String unescaped(String text) {
    return text.replace("\\\\", "\0").replace("\\n", "\n").replace("\\t", "\t").replace("\0", "\\");
  }

  @Test
  void a_problem_in_a_later_document_is_placed_in_the_whole_text() {
    assertRefused(
        "a: 1\r\n---\r\n{\"b\":\r\n  [1 : : ]}",
        "t:4:6: Unexpected character (':' (code 58)): was expecting comma to separate Array entries");
  }

  @Test
  void a_place_counts_characters_as_editors_do() {
    assertThat(
            Documents.read("t", "\uFEFFa: 1\n\uD83D\uDE00: {b: 2}")
                .list()
                .getFirst()
                .position(JsonPointer.compile("/\uD83D\uDE00/b")))
        .isEqualTo(new Position(2, 6));
    assertThat(
            Documents.read("t", "\uFEFFa: 1").list().getFirst().position(JsonPointer.compile("/a")))
        .isEqualTo(new Position(1, 1));
  }
}
