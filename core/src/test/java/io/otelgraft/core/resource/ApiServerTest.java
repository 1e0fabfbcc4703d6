package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Yaml;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/**
 * What Kubernetes' own code says of the definition and of the stories of {@code messages.txt}, as
 * {@code core/src/kubernetes} prints it.
 */
final class ApiServerTest {

  private static final Pattern STORY = Pattern.compile("(?m)^== ");

  private static final Path DEFINITION =
      Path.of("src/test/resources/io/otelgraft/core/resource/definition.yaml");

  /** Stories that an API server refuses by a rule in CEL, not by the schema. */
  private static final List<String> REFUSED_BY_RULE =
      List.of(
          "a ratio beyond one",
          "a ratio that is no number",
          "certificates from nowhere",
          "a Secret that cannot be",
          "an environment variable with every mistake but a missing name",
          "a volume with a claim and a limit",
          "more requested than allowed",
          "both spellings of resources");

  /** The lines behind each title: what is told. */
  private static Map<String, List<String>> stories(String file) {
    try (InputStream stream = ApiServerTest.class.getResourceAsStream(file)) {
      String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
      Map<String, List<String>> stories = new LinkedHashMap<>();
      for (String story : STORY.split(text, -1)) {
        if (!story.isBlank()) {
          stories.put(
              story.lines().findFirst().orElseThrow().strip(),
              story.lines().filter(line -> line.startsWith("> ")).toList());
        }
      }
      return stories;
    } catch (IOException broken) {
      throw new UncheckedIOException(broken);
    }
  }

  /** The verdicts are about this file: whoever changes it has them made anew. */
  @Test
  void the_definition_is_the_one_that_was_judged() throws IOException {
    String definition = Yaml.write(InstrumentationSchema.definition(Languages.catalogue()));
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(DEFINITION, definition);
    }
    assertThat(definition).isEqualTo(Files.readString(DEFINITION));
  }

  @TestFactory
  Stream<DynamicTest> what_an_api_server_refuses_is_an_error() {
    Map<String, List<String>> told = stories("messages.txt");
    Map<String, List<String>> verdicts = stories("verdicts.txt");
    return told.keySet().stream()
        .map(title ->
            DynamicTest.dynamicTest(
                title,
                () -> {
                  assertThat(verdicts).containsKey(title);
                  if (!verdicts.get(title).isEmpty()) {
                    assertThat(told.get(title))
                        .as("told, as the API server says %s", verdicts.get(title))
                        .anyMatch(line -> line.startsWith("> error: "));
                  }
                }));
  }

  @TestFactory
  Stream<DynamicTest> what_a_rule_can_say_needs_no_webhook() {
    Map<String, List<String>> verdicts = stories("verdicts.txt");
    return REFUSED_BY_RULE.stream()
        .map(title ->
            DynamicTest.dynamicTest(title, () -> assertThat(verdicts.get(title)).isNotEmpty()));
  }
}
