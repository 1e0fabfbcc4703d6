package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class JsonTest {

  private static ObjectNode read(String json) {
    return Json.read(json.getBytes(StandardCharsets.UTF_8));
  }

  private static String write(ObjectNode tree) {
    return new String(Json.write(tree), StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"unknown\":{\"fields\":[null,[],{},\"\"]},\"z\":1,\"a\":2}",
        "{\"int\":2147483648,\"long\":9223372036854775808,\"big\":-123456789012345678901234567890}",
        "{\"decimals\":[1.0,1.10,-0.0,0.1,1.5E+400,3.141592653589793238462643383279]}",
        "{\"text\":\"\\\"\\\\ \\n\\t/ \u00e9 \uD83D\uDE00 \u2028\"}"
      })
  void what_was_read_is_written_again_character_for_character(String json) {
    assertThat(write(read(json))).isEqualTo(json);
  }

  @Test
  void of_a_number_its_value_and_kind_are_kept_where_its_letters_cannot_be() {
    assertThat(write(read("{\"a\":[1e5,5e0,1E-7,-0,0e1]}")))
        .isEqualTo("{\"a\":[1.0E+5,5.0,1.0E-7,0,0.0E+1]}");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "``|line 1, column 1: a JSON object is needed, and here is nothing",
        "[]|line 1, column 1: a JSON object is needed, and here is a list",
        "null|line 1, column 1: a JSON object is needed, and here is null",
        "{}{}|line 1, column 3: something follows the JSON object; remove it",
        "{} x|line 1, column 4: Unrecognized token 'x': was expecting (JSON String, Number, Array, Object or token 'null', 'true' or 'false')",
        "{\"a\":{\"b\":1,\"b\":2}}|line 1, column 13: at /a/b: duplicate key \"b\"; keep one of the two",
        "{\"a\":[{\"b\":\"\\ud800\"}]}|line 1, column 12: at /a/0/b: half a surrogate pair, \\ud800, is no character",
        "{\"\\udc00\":1}|line 1, column 9: Unexpected low surrogate in field name: 0xdc00",
        "{\"a\":1e99999999999}|line 1, column 6: at /a: no number can be as large as 1e99999999999",
        "{'a':1}|line 1, column 2: Unexpected character (''' (code 39)): was expecting double-quote to start field name",
        "{\"a\":01}|line 1, column 7: Invalid numeric value: Leading zeroes not allowed",
        "{\"a\":NaN}|line 1, column 9: Non-standard token 'NaN'",
        "{\"a\":1|line 1, column 7: Unexpected end-of-input: expected close marker for Object"
      })
  void what_is_no_json_object_is_refused_with_place_and_finding(String json, String message) {
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> read(json))
        .withMessage(message);
  }

  @Test
  void nesting_is_limited_to_200() {
    assertThat(read("{\"a\":" + "[".repeat(199) + "]".repeat(199) + "}")).hasSize(1);
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> read("{\"a\":" + "[".repeat(200) + "]".repeat(200) + "}"))
        .withMessage(
            "line 1, column 206: nested more than 200 deep; Kubernetes has no such object");
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> read("{\"a\":".repeat(1_000_000)));
  }

  @ParameterizedTest
  @ValueSource(strings = {"ff", "c0af", "eda080", "f8888080", "e282"})
  void bytes_that_are_not_utf_8_are_refused(String hex) {
    byte[] json =
        ("{\"a\":\""
                + new String(HexFormat.of().parseHex(hex), StandardCharsets.ISO_8859_1)
                + "\"}")
            .getBytes(StandardCharsets.ISO_8859_1);

    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> Json.read(json))
        .withMessage("the text is not valid UTF-8; save it as UTF-8");
  }

  @Test
  void what_would_take_thirty_times_its_size_in_memory_is_refused_while_it_is_read() {
    assertThatExceptionOfType(DocumentException.class)
        .isThrownBy(() -> read("{\"a\":[" + "{},".repeat(200_000) + "{}]}"))
        .withMessageContaining("more than 400000 keys, values and brackets are not read");
    assertThat(read("{\"a\":[" + "{},".repeat(190_000) + "{}]}").path("a")).hasSize(190_001);
  }

  @Test
  void a_tree_that_is_no_json_is_not_written() {
    ObjectNode tree = JsonNodeFactory.instance.objectNode();

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(tree.deepCopy().put("a", Double.NaN)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.write(tree.deepCopy().putPOJO("a", new Object())));
  }

  @Test
  void pretty_json_is_laid_out_as_kubectl_does() {
    assertThat(Json.pretty(read("{\"a\":{\"b\":[1,\"x\"],\"c\":[],\"d\":{}}}")))
        .isEqualTo(
            """
            {
                "a": {
                    "b": [
                        1,
                        "x"
                    ],
                    "c": [],
                    "d": {}
                }
            }
            """);
  }
}
