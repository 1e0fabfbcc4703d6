package io.otelgraft.core.document;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.constructor.SafeConstructor;

final class YamlTest {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

  @Test
  void a_tree_is_laid_out_as_kubectl_does() {
    ObjectNode tree =
        Json.read(
            """
            {"kind": "Pod", "empty": {}, "none": [], "nothing": null,
             "spec": {"containers": [{"name": "app", "args": ["-v", "--level=1", "*", "8080", ""], "nested": [[1, [2]], [{}]]}],
                      "script": "#!/bin/sh\\nexec app\\n", "cut": "a\\nb", "indented": "  a\\nb\\n", "blank": "a\\n\\n"},
             "number": 1.10, "yes": true}
            """
                .getBytes(StandardCharsets.UTF_8));

    assertThat(Yaml.write(tree))
        .isEqualTo(
            """
            kind: Pod
            empty: {}
            none: []
            nothing: null
            spec:
              containers:
              - name: app
                args:
                - -v
                - --level=1
                - '*'
                - "8080"
                - ""
                nested:
                - - 1
                  - - 2
                - - {}
              script: |
                #!/bin/sh
                exec app
              cut: |-
                a
                b
              indented: |2
                  a
                b
              blank: "a\\n\\n"
            number: 1.10
            "yes": true
            """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "yes",
        "on",
        "y",
        "N",
        "null",
        "~",
        "",
        "true",
        "1_000",
        "0o7",
        "0777",
        "08",
        "1e3",
        "1.5",
        ".5",
        "+1",
        "0x1F",
        "0b1",
        ".inf",
        ".NaN",
        "1e400",
        "12:30:45",
        "1:2",
        "-1:30",
        "2001-01-01",
        "2001-12-14t21:59:43.10-05:00",
        "2001-1-1 1:2:3",
        "=",
        "<<",
        " a",
        "a ",
        "\ta",
        "a\t",
        "a: b",
        "a:",
        ":a",
        "a #b",
        "#a",
        "- a",
        "-",
        "---",
        "--- a",
        "...",
        "? a",
        "?",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "%a",
        "@a",
        "`a",
        "[a",
        "a]",
        "{a",
        "a}",
        "a, b",
        ",a",
        "'",
        "\"",
        "it's",
        "\"a\"",
        "\\",
        "a\\nb",
        "\u0000",
        "\u0007",
        "\u0085",
        "\u00a0",
        "\u2028",
        "\uFEFF",
        "\u007f",
        "\uFFFE",
        "\uD83D\uDE00",
        "\r",
        "a\r\nb"
      })
  void a_string_stays_a_string_for_every_reader(String text) {
    ObjectNode tree = NODES.objectNode();
    tree.put("value", text);
    tree.put(text, "key");
    tree.putArray("list").add(text).addObject().put("in", text);
    String yaml = Yaml.write(tree);

    assertThat(Documents.read("", yaml).list().getFirst().tree()).as("for kubectl").isEqualTo(tree);
    // The resolver of YAML 1.1, which knows dates and base-60 numbers.
    Object yaml11 =
        new org.yaml.snakeyaml.Yaml(new SafeConstructor(new LoaderOptions())).load(yaml);
    assertThat(yaml11)
        .as("for a reader of YAML 1.1: %s", yaml)
        .asInstanceOf(InstanceOfAssertFactories.MAP)
        .containsEntry("value", text)
        .containsEntry(text, "key");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "app",
        "registry/app:1.2.3",
        "1.2.3",
        "10.0.0.1",
        "100m",
        "128Mi",
        "a:b",
        "a#b",
        "http://a:4317",
        "-javaagent:/a.jar",
        "--a=b",
        "$(A)",
        "a b",
        "a/b=c",
        "it's"
      })
  void a_string_that_nobody_misreads_has_no_quotes(String text) {
    assertThat(Yaml.write(NODES.objectNode().put("a", text))).isEqualTo("a: " + text + "\n");
  }

  @Test
  void a_tree_that_is_no_json_is_not_written() {
    ArrayNode deep = NODES.arrayNode();
    ArrayNode innermost = deep;
    for (int i = 0; i < 100_000; i++) {
      innermost = innermost.addArray();
    }
    innermost.add("x");

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Yaml.write(deep))
        .withMessage("nested more than 1000 deep");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Json.pretty(deep))
        .withMessage("nested more than 1000 deep");
    assertThatIllegalArgumentException().isThrownBy(() -> Json.write(deep));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Yaml.write(NODES.objectNode().put("a", Float.NaN)));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Yaml.write(NODES.objectNode().put("a", "\ud800x")));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Yaml.write(NODES.objectNode().putPOJO("a", new Object())));
  }
}
