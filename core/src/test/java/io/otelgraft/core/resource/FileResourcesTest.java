package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class FileResourcesTest {

  private static final Catalogue CATALOGUE = Languages.catalogue();

  private static String instrumentation(String name, String sampler) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata:
      name: %s
    spec:
      sampler:
        type: %s
    """
        .formatted(name, sampler);
  }

  private static FileResources resources(String... texts) {
    List<Document> documents = Documents.read("shop.yaml", String.join("---\n", texts)).list();
    return FileResources.of(documents, "shop", Settings.standard());
  }

  @Test
  void namespaces_and_instrumentations_are_picked_from_lists_too_and_others_passed_over() {
    Resources resources =
        resources(
                """
                apiVersion: v1
                kind: List
                items:
                - apiVersion: v1
                  kind: Namespace
                  metadata: {name: shop, labels: {team: a}, annotations: {x: "y"}}
                - apiVersion: opentelemetry.io/v1alpha1
                  kind: Instrumentation
                  metadata: {name: listed, namespace: other}
                """,
                "{apiVersion: apps/v1, kind: Deployment, metadata: {name: web}}\n",
                "{apiVersion: example.org/v1, kind: Instrumentation, metadata: {name: another}}\n")
            .at(CATALOGUE);

    assertThat(resources.namespace("shop"))
        .contains(new NamespaceFacts("shop", Map.of("team", "a"), Map.of("x", "y")));
    assertThat(resources.namespace("other")).isEmpty();
    assertThat(resources.names("other")).containsExactly("listed");
    assertThat(resources.names("shop")).isEmpty();
    assertThat(resources.complete()).isTrue();
  }

  @Test
  void a_resource_without_a_namespace_stands_in_the_one_that_is_given() {
    Resources resources =
        resources(instrumentation("b", "always_on"), instrumentation("a", "always_off"))
            .at(CATALOGUE);

    assertThat(resources.in("shop"))
        .extracting(Instrumentation::reference)
        .containsExactly("shop/a", "shop/b");
    assertThat(resources.find("default", "a")).isEqualTo(new Absent(Absence.CONFIRMED));
    assertThat(resources.in("default")).isEmpty();
  }

  @Test
  void an_invalid_resource_stays_visible_with_the_place_of_its_mistake() {
    FileResources files =
        resources(instrumentation("good", "always_on"), instrumentation("bad", "sometimes"));
    Resources resources = files.at(CATALOGUE);

    assertThat(resources.names("shop")).containsExactly("bad", "good");
    assertThat(resources.in("shop")).extracting(Instrumentation::name).containsExactly("good");
    assertThat(resources.find("shop", "good")).isInstanceOf(Accepted.class);
    assertThat(resources.find("shop", "bad"))
        .isInstanceOfSatisfying(
            Invalid.class,
            invalid -> {
              assertThat(invalid.problems()).isEqualTo(files.problems(CATALOGUE));
              assertThat(invalid.problems().getFirst().place())
                  .contains(new Problem.Place("shop.yaml", 15, 5));
            });
  }

  @Test
  void a_mistake_within_a_list_has_its_place_too() {
    FileResources files =
        resources(
            """
            apiVersion: v1
            kind: List
            items:
            - apiVersion: opentelemetry.io/v1alpha1
              kind: Instrumentation
              metadata: {name: listed}
              spec:
                mode: off
            """);

    assertThat(files.problems(CATALOGUE))
        .singleElement()
        .hasToString(
            "shop.yaml:8:5: spec.mode is the boolean false, but text is wanted; write it in quotes");
  }

  @Test
  void one_name_with_two_meanings_is_an_error_that_names_both_places() {
    FileResources files =
        resources(instrumentation("a", "always_on"), instrumentation("a", "always_off"));

    assertThat(files.problems(CATALOGUE))
        .singleElement()
        .hasToString(
            "shop.yaml:9:1: Instrumentation shop/a is defined here, and differently at shop.yaml:1:1;"
                + " keep one of the two");
    assertThat(files.at(CATALOGUE).find("shop", "a")).isInstanceOf(Invalid.class);
    assertThat(files.at(CATALOGUE).in("shop")).isEmpty();
  }

  @Test
  void a_third_of_one_name_does_not_make_it_valid_again() {
    FileResources files =
        resources(
            instrumentation("a", "always_on"),
            instrumentation("a", "always_off"),
            instrumentation("a", "always_on"));

    assertThat(files.at(CATALOGUE).find("shop", "a")).isInstanceOf(Invalid.class);
  }

  @Test
  void the_same_object_read_twice_is_one() {
    FileResources files =
        resources(instrumentation("a", "always_on"), instrumentation("a", "always_on"));

    assertThat(files.problems(CATALOGUE)).isEmpty();
    assertThat(files.at(CATALOGUE).in("shop")).hasSize(1);
  }

  @Test
  void resources_are_read_anew_for_another_catalogue_and_only_then() {
    FileResources files =
        resources(
            "{apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation, metadata: {name: a}}\n");

    Resources first = files.at(CATALOGUE);
    assertThat(files.at(CATALOGUE)).isSameAs(first);

    Catalogue fewer = Catalogue.of(Languages.REXX);
    assertThat(files.at(fewer).in("shop").getFirst().sections()).containsOnlyKeys("rexx");
    assertThat(files.at(CATALOGUE).in("shop").getFirst().sections()).hasSize(4);
  }
}
