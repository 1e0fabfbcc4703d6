package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Texts made to break a reader: each ends soon, with a tree or with a message. */
final class HostileTextTest {

  private static final String TOO_DEEP = "nested more than 200 deep; Kubernetes has no such object";

  private static DocumentException refusal(String text) {
    try {
      Documents.read("t", text);
    } catch (DocumentException refused) {
      return refused;
    }
    throw new AssertionError("Read: " + Json.shortened(text));
  }

  private static ObjectNode tree(String text) {
    return Documents.read("t", text).list().getFirst().tree();
  }

  @Test
  void billions_of_laughs_end_at_the_size_of_the_largest_request() {
    String laughs =
        IntStream.range(1, 30)
            .mapToObj(
                i -> "a" + i + ": &a" + i + (" [" + ("*a" + (i - 1) + ", ").repeat(9) + "]\n"))
            .collect(Collectors.joining("", "a0: &a0 [ha]\n", ""));

    assertThat(refusal(laughs)).hasMessageContaining("stand for more than 3 MiB");
    assertThat(refusal("a: &a " + "x".repeat(1 << 20) + "\nb: [" + "*a, ".repeat(1000) + "]\n"))
        .hasMessageContaining("stand for more than 3 MiB");
    assertThat(
            refusal(
                "a: &a {b: "
                    + "x".repeat(1 << 20)
                    + "}\n"
                    + IntStream.range(0, 9)
                        .mapToObj(i -> "m" + i + ": {<<: *a}\n")
                        .collect(Collectors.joining())))
        .hasMessageContaining("stand for more than 3 MiB");
  }

  @ParameterizedTest
  @ValueSource(strings = {"[", "{a: ", "- ", "? [", "{\"a\":", "[[{\"a\":"})
  void nesting_ends_at_200_however_it_is_written(String level) {
    assertThat(refusal("a:\n  " + level.repeat(100_000))).hasMessageContaining("t:");
    assertThat(refusal(level.repeat(100_000))).hasMessageContaining("t:");
  }

  @Test
  void a_message_about_nesting_says_where_it_is_too_deep() {
    String blocks =
        IntStream.range(0, 1000)
            .mapToObj(i -> " ".repeat(i) + "a:\n")
            .collect(Collectors.joining());
    String chain =
        IntStream.range(1, 1000)
            .mapToObj(i -> "a" + i + ": &a" + i + " [*a" + (i - 1) + "]\n")
            .collect(Collectors.joining("", "a0: &a0 [x]\n", ""));

    assertThat(refusal(blocks)).hasMessage("t:201:201: " + TOO_DEEP);
    assertThat(refusal("a: " + "[".repeat(200) + "]".repeat(200)))
        .hasMessage("t:1:203: " + TOO_DEEP);
    assertThat(refusal("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
        .hasMessage("t:1:206: " + TOO_DEEP);
    assertThat(refusal(chain))
        .hasMessageStartingWith("t:200:")
        .hasMessageContaining("nested more than 200 deep once *a198 is written out");
    assertThat(tree("a: " + "[".repeat(199) + "]".repeat(199)).size()).isEqualTo(1);
    assertThat(tree("{\"a\":" + "[".repeat(199) + "]".repeat(199) + "}").size()).isEqualTo(1);
  }

  @Test
  void large_values_are_read_and_come_back_whole() {
    String word = "x".repeat(1 << 20);
    for (String text :
        new String[] {
          "a: " + word + "\n",
          "a: '" + word + "'\n",
          "a: \"" + word + "\"\n",
          "a: |-\n  " + word + "\n",
          "{\"a\": \"" + word + "\"}\n"
        }) {
      Document document = Documents.read("t", text).list().getFirst();

      assertThat(document.tree().get("a").textValue()).isEqualTo(word);
      assertThat(document.render(document.tree().put("b", 1)))
          .startsWith(text.stripTrailing().replaceFirst("}$", ""));
    }
  }

  @Test
  void long_lists_and_wide_objects_take_time_in_proportion() {
    String list = "a:\n" + "- name: x\n  value: y\n".repeat(20_000);
    String keys =
        IntStream.range(0, 50_000).mapToObj(i -> "k" + i + ": v\n").collect(Collectors.joining());

    Document document = Documents.read("t", list).list().getFirst();
    ObjectNode edited = document.tree();
    edited.withArray("/a").insertObject(10_000).put("name", "new");

    assertThat(document.render(edited)).hasSize(list.length() + "- name: new\n".length());
    assertThat(tree(keys)).hasSize(50_000);
  }

  @Test
  void numbers_that_would_take_all_memory_are_refused() {
    String advice = "no number can be this long or large; put it in quotes if it is a string";

    assertThat(refusal("a: " + "1".repeat(1 << 20))).hasMessage("t:1:4: " + advice);
    assertThat(refusal("a: 0x" + "f".repeat(1 << 20))).hasMessage("t:1:4: " + advice);
    assertThat(refusal("a: 1e99999999999")).hasMessage("t:1:4: " + advice);
    assertThat(refusal("{\"a\": 1e99999999999}"))
        .hasMessage("t:1:7: at /a: no number can be as large as 1e99999999999");
    assertThat(refusal("{\"a\": " + "1".repeat(1 << 20) + "}")).hasMessageStartingWith("t:1:");
    assertThat(tree("a: 1e2147483647\nb: 1e-2147483647\n").size()).isEqualTo(2);
  }

  @Test
  void bytes_that_are_not_utf_8_are_refused_with_what_they_are() {
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read("t", new byte[] {'a', ':', ' ', (byte) 0xff}))
        .withMessage("t: the text is not valid UTF-8; save it as UTF-8");
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Documents.read("t", "\uFEFFa: 1".getBytes(StandardCharsets.UTF_16LE)))
        .withMessage(
            "t: the text is UTF-16, as PowerShell's redirection writes it; save it as UTF-8");
  }

  @Test
  void control_characters_are_refused_where_they_stand() {
    assertThat(refusal("a: 1\nb: \u0000"))
        .hasMessage(
            "t:2:4: YAML allows no control character such as U+0000; write it as \"\\u0000\"");
    assertThat(refusal("a: \u007f")).hasMessageStartingWith("t:1:4: ");
    assertThat(tree("a: \"\\u0000\"").get("a").textValue()).isEqualTo("\0");
  }

  @Property(edgeCases = EdgeCasesMode.NONE)
  void a_damaged_manifest_gives_a_tree_or_a_message(@ForAll Random random) {
    String text = damaged(random);
    Documents documents;
    try {
      documents = Documents.read("t", text);
    } catch (DocumentException refused) {
      assertThat(refused.position()).as("the place in %s", text).isPresent();
      return;
    }
    assertThat(documents.render(Document::tree)).isEqualTo(text);
    for (Document document : documents.list()) {
      ObjectNode edited = document.tree().put("added", "x");
      assertThat(Documents.read("t", document.render(edited)).list().getFirst().tree())
          .isEqualTo(edited);
    }
  }

  private static String damaged(Random random) {
    String[] manifests = {
      "a: 1 # c\nb:\n  - x\n  - y: z\n    w: 'q'\nc: |\n  text\n   more\n\nd: >-\n  fold\n  ed\n",
      "x: &a {p: 1, q: [r, s]}\ny: *a\nz:\n  <<: *a\n  t: 0x1F\nw: \"esc\\n\\x41 \\\n   cont\"\n",
      "? k\n: v\n- - d\n  - e\nm: plain multi\n  line\nn: [a, b,\n  c]\no: {\n  p: q\n  }\n---\ns: !!str 1\n",
      "{\"a\": 1, \"b\": [true, null, \"x\\ty\"], \"c\": {\"d\": -1.5e3}}\n{}\n"
    };
    String[] pieces = {
      " ",
      "\n",
      "\n  ",
      "- ",
      ": ",
      ":",
      "#",
      " #",
      "\t",
      "\"",
      "'",
      "[",
      "]",
      "{",
      "}",
      ",",
      "|",
      "|+\n",
      ">",
      "&a ",
      "*a",
      "!",
      "!!str ",
      "? ",
      "\n---\n",
      "\n...\n",
      "%",
      "@",
      "`",
      "<<: ",
      "~",
      "0o7",
      "-",
      "\\",
      "\u2028",
      "\r",
      "\r\n",
      "\uFEFF",
      "\u0085",
      "\uD83D\uDE00",
      "="
    };
    StringBuilder text = new StringBuilder(manifests[random.nextInt(manifests.length)]);
    for (int damages = random.nextInt(4); damages >= 0; damages--) {
      int at = random.nextInt(text.length() + 1);
      if (random.nextInt(3) == 0) {
        text.delete(at, Math.min(text.length(), at + 1 + random.nextInt(4)));
      } else {
        text.insert(at, pieces[random.nextInt(pieces.length)]);
      }
    }
    return text.toString();
  }
}
