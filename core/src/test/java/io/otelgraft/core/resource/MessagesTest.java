package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.InstrumentationReader.Reading;
import io.otelgraft.fixtures.Compatibility;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * What users are told about their resources, as they read it: {@code messages.txt} holds one story
 * after the other, each a title behind {@code ==}, a spec, and the problems behind {@code >}.
 */
final class MessagesTest {

  private static final InstrumentationReader READER =
      InstrumentationReader.of(Languages.catalogue(), Settings.standard());

  private record Story(String title, String spec, List<String> problems) {

    static Story of(String text) {
      List<String> lines = text.lines().toList();
      return new Story(
          lines.getFirst().strip(),
          String.join("\n", lines.stream().skip(1).filter(line -> !line.startsWith(">")).toList()),
          lines.stream()
              .filter(line -> line.startsWith("> "))
              .map(line -> line.substring(2))
              .toList());
    }
  }

  @TestFactory
  @Compatibility({
    "1.2-version",
    "1.4-sampler",
    "1.4-sampler-endpoint",
    "1.4-volume-twice",
    "1.4-exporter",
    "1.4-deprecation"
  })
  Stream<DynamicTest> messages() throws IOException {
    try (InputStream file = MessagesTest.class.getResourceAsStream("messages.txt")) {
      String text = new String(file.readAllBytes(), StandardCharsets.UTF_8);
      return Arrays.stream(text.split("(?m)^== "))
          .filter(story -> !story.isBlank())
          .map(Story::of)
          .map(story -> DynamicTest.dynamicTest(story.title, () -> tells(story)));
    }
  }

  private static void tells(Story story) {
    String text = story.spec.contains("apiVersion:") ? story.spec : inDocument(story.spec);
    Document document = Documents.read("shop.yaml", text).list().getFirst();
    Reading reading = READER.read(document.tree(), "default");
    List<String> told =
        reading.problems().stream()
            .map(problem -> problem.severity().name().toLowerCase(Locale.ROOT) + ": " + problem)
            .toList();
    assertThat(told).isEqualTo(story.problems);
    assertThat(reading.instrumentation().isPresent())
        .as("is accepted")
        .isEqualTo(reading.problems().stream().noneMatch(Problem::isError));
  }

  private static String inDocument(String spec) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata: {name: shop, namespace: shop}
    spec:
    """
        + spec.indent(2);
  }
}
