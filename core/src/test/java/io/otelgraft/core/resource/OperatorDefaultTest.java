package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.InstrumentationReader.Reading;
import io.otelgraft.core.resource.LanguageSection.AgentImage;
import io.otelgraft.core.resource.LanguageSection.Origin;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the images that the OpenTelemetry Operator wrote where nobody named one. */
final class OperatorDefaultTest {

  private static final String ANNOTATION =
      "instrumentation.opentelemetry.io/default-auto-instrumentation-forth-image";

  private static final LanguagePlugin FORTH =
      () ->
          Language.named("forth")
              .title("Forth")
              .section("stack")
              .image("example.org/forth", "2.30.0")
              .neverUpgradeAcross("2.0.0")
              .build();

  private static Reading read(String image, String noted, Settings settings) {
    return InstrumentationReader.read(document(image, noted), Catalogue.of(FORTH), settings);
  }

  private static ObjectNode document(String image, String noted) {
    String text =
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata:
          name: shop
          namespace: shop
          annotations: {"%s": "%s"}
        spec:
          stack: {image: "%s"}
        """
            .formatted(ANNOTATION, noted, image);
    return Documents.read("shop.yaml", text).list().getFirst().tree();
  }

  private static AgentImage image(Reading reading) {
    return reading
        .instrumentation()
        .flatMap(read -> read.section("forth"))
        .flatMap(LanguageSection::agentImage)
        .orElseThrow();
  }

  @Test
  @Compatibility("1.5-upgrade")
  void an_image_that_the_operator_notes_as_its_default_counts_as_not_given() {
    ObjectNode document = document("example.org/forth:2.28.1", "example.org/forth:2.28.1");
    ObjectNode before = document.deepCopy();

    Reading reading =
        InstrumentationReader.read(document, Catalogue.of(FORTH), Settings.standard());

    assertThat(image(reading).name()).isEqualTo("example.org/forth:2.30.0");
    assertThat(image(reading).origin()).isEqualTo(Origin.LANGUAGE);
    assertThat(image(reading).operatorDefault())
        .hasValueSatisfying(written -> {
          assertThat(written.message())
              .isEqualTo(
                  "spec.stack.image \"example.org/forth:2.28.1\" is what the OpenTelemetry Operator wrote"
                      + " there as its default, as annotation "
                      + ANNOTATION
                      + " says: it counts as not given, and Graft's default"
                      + " example.org/forth:2.30.0 is used");
          assertThat(written.fix()).isEqualTo("remove the annotation to keep the image");
        });
    assertThat(reading.problems()).isEmpty();
    assertThat(document).as("the user's resource").isEqualTo(before);
  }

  @Test
  @Compatibility("1.5-upgrade")
  void it_gives_way_to_the_image_of_the_settings_as_well() {
    Settings mirrored = Settings.builder().image("forth", "mirror.example/forth:2.29.0").build();

    AgentImage image =
        image(read("example.org/forth:2.28.1", "example.org/forth:2.28.1", mirrored));

    assertThat(image.name()).isEqualTo("mirror.example/forth:2.29.0");
    assertThat(image.origin()).isEqualTo(Origin.SETTINGS);
  }

  @Test
  void nothing_is_told_where_it_is_the_default_anyway() {
    assertThat(
            image(
                read("example.org/forth:2.30.0", "example.org/forth:2.30.0", Settings.standard())))
        .isEqualTo(new AgentImage("example.org/forth:2.30.0", Origin.LANGUAGE));
  }

  @ParameterizedTest
  @CsvSource({"example.org/forth:2.29.0", "''", "EXAMPLE.org/forth:2.28.1"})
  void an_image_that_the_annotation_does_not_name_is_the_users(String noted) {
    assertThat(image(read("example.org/forth:2.28.1", noted, Settings.standard())))
        .isEqualTo(new AgentImage("example.org/forth:2.28.1", Origin.RESOURCE));
  }

  @Test
  @Compatibility("1.5-blocked")
  void one_on_the_other_side_of_a_version_that_is_never_crossed_stays_and_is_told() {
    Reading reading =
        read("example.org/forth:1.33.6", "example.org/forth:1.33.6", Settings.standard());

    assertThat(image(reading).name()).isEqualTo("example.org/forth:1.33.6");
    assertThat(image(reading).origin()).isEqualTo(Origin.RESOURCE);
    assertThat(reading.problems())
        .singleElement()
        .matches(problem -> !problem.isError())
        .hasToString(
            "spec.stack.image \"example.org/forth:1.33.6\" is what the OpenTelemetry Operator wrote"
                + " there as its default, as annotation "
                + ANNOTATION
                + " says: it stays, as version 2.0.0 lies between it and Graft's default"
                + " example.org/forth:2.30.0, and no agent is moved across that without being asked"
                + " for; read what changed in 2.0.0, then remove spec.stack.image, or name the image"
                + " to use");
  }

  @ParameterizedTest(name = "from {0} to {1}: stays {2}")
  @CsvSource({
    ":1.33.6, :2.30.0, true",
    ":v1.33.6, :2.30.0, true",
    ":1, :2.30.0, true",
    ":1.33.6@sha256:0a, :2.30.0, true",
    ":2.0.0-rc.1, :2.30.0, true",
    ":1.33.6, :2.0.0, true",
    ":1.33.6, :2, true",
    ":2.5.0, :1.33.6, true",
    ":2.0.0, :2.30.0, false",
    ":2.29.0, :2.30.0, false",
    ":10.0.0, :2.30.0, false",
    ":1.10.0, :1.9.0, false",
    // What is no version is compared letter by letter.
    ":latest, :2.0.0, true",
    "@sha256:0a, :2.0.0, true",
    ":latest, :2.30.0, false",
    ":1f3c2a1, :2.30.0, false",
    "@sha256:0a, :2.30.0, false",
    "'', :2.30.0, false",
    ":1.33.6, :nightly, false",
    ":1.33.6, @sha256:0a, false",
  })
  @Compatibility("1.5-blocked")
  void what_lies_between_is_told_by_the_tags(String from, String to, boolean stays) {
    String written = "example.org/forth" + from;
    String replacement = "example.org/forth" + to;

    AgentImage image =
        image(read(written, written, Settings.builder().image("forth", replacement).build()));

    assertThat(image.name()).isEqualTo(stays ? written : replacement);
    assertThat(image.operatorDefault().orElseThrow().stays()).isEqualTo(stays);
  }
}
