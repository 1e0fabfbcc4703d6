package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Resources.Absence;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import io.otelgraft.spi.Problems;
import io.otelgraft.spi.Section;
import io.otelgraft.spi.Setting;
import java.util.ArrayList;
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
  void a_resource_that_cannot_be_read_because_of_a_bug_harms_no_other() {
    Catalogue careless =
        Catalogue.of(() ->
            Language.named("careless")
                .section("careless", Setting.text("mode").pattern("(a|b)*", 1_000_000))
                .build());
    String overflowing =
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: overflowing}
        spec: {careless: {mode: %s}}
        """
            .formatted("ab".repeat(100_000));

    FileResources files = resources(overflowing, instrumentation("good", "always_on"));

    assertThat(files.at(careless).in("shop")).extracting(Instrumentation::name).contains("good");
    assertThat(files.at(careless).find("shop", "overflowing")).isInstanceOf(Invalid.class);
    assertThat(files.problems(careless))
        .extracting(Problem::toString)
        .singleElement()
        .asString()
        .startsWith("shop.yaml:1:1: Graft failed to read this")
        .endsWith("please report this");
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

  private static List<Document> files(String... texts) {
    return Documents.read("shop.yaml", String.join("---\n", texts)).list();
  }

  private static String sampler(Resources.Lookup lookup) {
    return ((Accepted) lookup).instrumentation().sampler().orElseThrow().type();
  }

  @Test
  void a_change_that_is_not_valid_leaves_the_last_accepted_in_force_however_often_it_comes() {
    FileResources first = resources(instrumentation("a", "always_on"));
    FileResources second = first.next(files(instrumentation("a", "sometimes")), true, CATALOGUE);
    FileResources third = second.next(files(instrumentation("a", "seldom")), true, CATALOGUE);

    assertThat(sampler(third.at(CATALOGUE).find("shop", "a"))).isEqualTo("always_on");
    assertThat(((Accepted) third.at(CATALOGUE).find("shop", "a")).ofNewer())
        .isEqualTo(third.problems(CATALOGUE))
        .singleElement()
        .asString()
        .startsWith("shop.yaml:7:5: spec.sampler.type \"seldom\"");
    assertThat(third.at(CATALOGUE).in("shop")).hasSize(1);

    FileResources mended = third.next(files(instrumentation("a", "always_off")), true, CATALOGUE);
    assertThat(sampler(mended.at(CATALOGUE).find("shop", "a"))).isEqualTo("always_off");
    assertThat(mended.problems(CATALOGUE)).isEmpty();
  }

  @Test
  void what_was_never_valid_is_not_in_force_after_a_change_either() {
    FileResources changed =
        resources(instrumentation("a", "sometimes"))
            .next(files(instrumentation("a", "seldom")), true, CATALOGUE);

    assertThat(changed.at(CATALOGUE).find("shop", "a")).isInstanceOf(Invalid.class);
  }

  @Test
  void a_second_definition_that_differs_leaves_the_last_accepted_in_force() {
    FileResources changed =
        resources(instrumentation("a", "always_on"))
            .next(
                files(instrumentation("a", "always_off"), instrumentation("a", "xray")),
                true,
                CATALOGUE);

    assertThat(sampler(changed.at(CATALOGUE).find("shop", "a"))).isEqualTo("always_on");
    assertThat(((Accepted) changed.at(CATALOGUE).find("shop", "a")).ofNewer())
        .singleElement()
        .asString()
        .contains("is defined here, and differently at");
  }

  @Test
  void what_is_deleted_is_gone_and_forgotten() {
    FileResources deleted =
        resources(instrumentation("a", "always_on")).next(files(), true, CATALOGUE);
    FileResources again = deleted.next(files(instrumentation("a", "sometimes")), true, CATALOGUE);

    assertThat(deleted.at(CATALOGUE).find("shop", "a")).isEqualTo(new Absent(Absence.CONFIRMED));
    assertThat(again.at(CATALOGUE).find("shop", "a")).isInstanceOf(Invalid.class);
  }

  @Test
  void an_object_inherits_nothing_from_another_that_had_its_name() {
    FileResources recreated =
        resources(
                "{apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation,"
                    + " metadata: {name: a, uid: one}}\n")
            .next(
                files(
                    "{apiVersion: opentelemetry.io/v1alpha1, kind: Instrumentation,"
                        + " metadata: {name: a, uid: two}, spec: 5}\n"),
                true,
                CATALOGUE);

    assertThat(recreated.at(CATALOGUE).find("shop", "a")).isInstanceOf(Invalid.class);
  }

  @Test
  void while_a_file_is_missing_it_is_not_certain_that_a_resource_does_not_exist() {
    Resources resources =
        resources(instrumentation("a", "always_on"))
            .next(files(instrumentation("b", "always_on")), false, CATALOGUE)
            .at(CATALOGUE);

    assertThat(resources.complete()).isFalse();
    assertThat(resources.find("shop", "a")).isEqualTo(new Absent(Absence.UNCONFIRMED));
    assertThat(resources.find("shop", "b")).isInstanceOf(Accepted.class);
  }

  @Test
  void the_last_accepted_is_read_anew_for_another_catalogue() {
    FileResources changed =
        resources(instrumentation("a", "always_on"))
            .next(files(instrumentation("a", "sometimes")), true, CATALOGUE);

    Catalogue fewer = Catalogue.of(Languages.REXX);
    assertThat(changed.at(fewer).in("shop"))
        .singleElement()
        .satisfies(one -> assertThat(one.sections()).containsOnlyKeys("rexx"));
  }

  @Test
  void requests_that_began_with_the_catalogue_before_do_not_cause_another_reading() {
    FileResources files = resources(instrumentation("a", "always_on"));
    Catalogue fewer = Catalogue.of(Languages.REXX);
    Resources before = files.at(CATALOGUE);
    Resources after = files.at(fewer);

    assertThat(files.at(CATALOGUE)).isSameAs(before);
    assertThat(files.at(fewer)).isSameAs(after);
  }

  /** Counts how often it is asked what it thinks of a resource. */
  private static final class Counting implements LanguagePlugin {
    private int asked;

    @Override
    public Language language() {
      return Language.named("counting").section("counting").build();
    }

    @Override
    public void validate(Section section, Problems problems) {
      asked++;
      if (section.env("BROKEN").isPresent()) {
        throw new IllegalStateException("cannot answer");
      }
    }
  }

  private static String counted(String name, String variable) {
    return """
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata: {name: %s}
    spec: {counting: {env: [{name: %s, value: x}]}}
    """
        .formatted(name, variable);
  }

  @Test
  void a_change_costs_no_more_than_the_documents_that_changed() {
    Counting plugin = new Counting();
    Catalogue catalogue = Catalogue.of(plugin);
    List<Document> stays = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      stays.addAll(files(counted("stays-" + i, "FINE")));
    }
    List<Document> before = new ArrayList<>(stays);
    before.addAll(files(counted("changes", "FINE")));
    FileResources files = FileResources.of(before, "shop", Settings.standard());
    files.at(catalogue);
    int first = plugin.asked;

    stays.addAll(files(counted("changes", "OTHER")));
    Resources after = files.next(stays, true, catalogue).at(catalogue);

    assertThat(first).isEqualTo(51);
    assertThat(plugin.asked - first).isEqualTo(1);
    assertThat(after.in("shop")).hasSize(51);
  }

  @Test
  void a_plugin_that_could_not_answer_is_asked_again_at_the_next_change() {
    Counting plugin = new Counting();
    Catalogue catalogue = Catalogue.of(plugin);
    List<Document> documents = new ArrayList<>(files(counted("stays", "BROKEN")));
    FileResources files = FileResources.of(documents, "shop", Settings.standard());
    assertThat(files.problems(catalogue)).hasSize(1);

    documents.addAll(files(counted("comes", "FINE")));
    FileResources next = files.next(documents, true, catalogue);

    assertThat(next.problems(catalogue)).hasSize(1);
    assertThat(plugin.asked).isEqualTo(3);
  }
}
