package io.otelgraft.core.injection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.ListVariable.EmptyItem;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Extending and ordering a container's env, and the patch that does it. */
final class EnvDraftTest {
  private static final ListVariable OPTIONS = ListVariable.of("OPTIONS", " ", EmptyItem.NOTHING);
  private static final ListVariable PATH =
      ListVariable.of("LIBRARY_PATH", ":", EmptyItem.WORKING_DIRECTORY);
  private static final ListVariable SCAN =
      ListVariable.of("SCAN_DIR", ":", EmptyItem.COMPILED_IN_DEFAULT);
  private static final Origin ORIGIN = new Origin("made-up", "a rule", "a source");

  @Test
  void a_list_variable_that_is_not_set_becomes_the_item() {
    assertThat(extended("[]", OPTIONS, "-agent")).containsExactly("OPTIONS=-agent");
  }

  @Test
  void a_list_variable_keeps_its_items_and_its_place() {
    assertThat(extended("[{name: OPTIONS, value: -Xmx1g}, {name: B, value: b}]", OPTIONS, "-agent"))
        .containsExactly("OPTIONS=-Xmx1g -agent", "B=b");
  }

  @Test
  void an_empty_value_leaves_no_empty_item() {
    assertThat(extended("[{name: LIBRARY_PATH, value: ''}]", PATH, "/agent"))
        .containsExactly("LIBRARY_PATH=/agent");
  }

  @Test
  void an_empty_item_that_the_pod_wants_stays() {
    assertThat(extended("[{name: LIBRARY_PATH, value: '/a:'}]", PATH, "/agent"))
        .containsExactly("LIBRARY_PATH=/a::/agent");
  }

  @Test
  void a_compiled_in_default_is_kept_by_an_empty_item_unless_the_pod_sets_the_variable() {
    assertThat(extended("[]", SCAN, "/agent")).containsExactly("SCAN_DIR=:/agent");
    assertThat(extended("[{name: SCAN_DIR, value: /etc/a}]", SCAN, "/agent"))
        .containsExactly("SCAN_DIR=/etc/a:/agent");
  }

  @Test
  void of_several_entries_of_one_name_the_one_that_counts_is_extended() {
    assertThat(
            extended(
                "[{name: OPTIONS, value: -first}, {name: OPTIONS, value: -last}]",
                OPTIONS,
                "-agent"))
        .containsExactly("OPTIONS=-first", "OPTIONS=-last -agent");
  }

  @Test
  void a_value_from_a_required_source_is_kept_under_another_name_and_referred_to() {
    assertThat(
            extended(
                "[{name: OPTIONS, valueFrom: {secretKeyRef: {name: s, key: k}}}]",
                OPTIONS,
                "-agent"))
        .containsExactly(
            "GRAFT_OPTIONS<-{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\"}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  void a_source_that_may_not_exist_falls_back_to_nothing() {
    assertThat(
            extended(
                "[{name: OPTIONS, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}]",
                OPTIONS,
                "-agent"))
        .containsExactly(
            "GRAFT_OPTIONS=",
            "GRAFT_OPTIONS<-{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"k\",\"optional\":true}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  void where_an_empty_item_has_a_meaning_a_missing_source_falls_back_to_the_item_itself() {
    assertThat(
            extended(
                "[{name: LIBRARY_PATH, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}]",
                PATH,
                "/agent"))
        .startsWith("GRAFT_LIBRARY_PATH=/agent")
        .endsWith("LIBRARY_PATH=$(GRAFT_LIBRARY_PATH):/agent");
  }

  @Test
  void a_variable_that_a_config_map_may_hold_is_extended_without_reading_it() {
    EnvDraft env =
        draft(
            "[{name: A, value: a}]",
            "[{configMapRef: {name: c}}, {prefix: OPT, secretRef: {name: s}}, {prefix: X, configMapRef: {name: d}}]");

    env.extend(OPTIONS, "-agent", true, ORIGIN);

    assertThat(finished(env))
        .containsExactly(
            "A=a",
            "GRAFT_OPTIONS=",
            "GRAFT_OPTIONS<-{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"OPTIONS\",\"optional\":true}}",
            "GRAFT_OPTIONS<-{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"IONS\",\"optional\":true}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  void a_source_that_may_not_exist_falls_back_to_what_env_from_gives() {
    EnvDraft env =
        draft(
            "[{name: OPTIONS, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]",
            "[{configMapRef: {name: c}}]");

    env.extend(OPTIONS, "-agent", true, ORIGIN);

    assertThat(finished(env))
        .containsExactly(
            "GRAFT_OPTIONS=",
            "GRAFT_OPTIONS<-{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"OPTIONS\",\"optional\":true}}",
            "GRAFT_OPTIONS<-{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\",\"optional\":true}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  void a_source_that_may_not_exist_falls_back_to_the_pods_earlier_entry() {
    EnvDraft env =
        draft(
            "[{name: OPTIONS, value: -own}, {name: OPTIONS, valueFrom: {secretKeyRef: {name: s, key: k, optional: true}}}]",
            "[{configMapRef: {name: c}}]");

    env.extend(OPTIONS, "-agent", true, ORIGIN);

    assertThat(finished(env))
        .containsExactly(
            "OPTIONS=-own",
            "GRAFT_OPTIONS=$(OPTIONS)",
            "GRAFT_OPTIONS<-{\"secretKeyRef\":{\"name\":\"s\",\"key\":\"k\",\"optional\":true}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  void a_missing_source_of_a_list_with_a_compiled_in_default_leaves_that_default() {
    assertThat(
            extended(
                "[{name: SCAN_DIR, valueFrom: {configMapKeyRef: {name: c, key: k, optional: true}}}]",
                SCAN,
                "/agent"))
        .startsWith("GRAFT_SCAN_DIR=")
        .endsWith("SCAN_DIR=$(GRAFT_SCAN_DIR):/agent");
  }

  @Test
  @Compatibility("6.2-env-from")
  void what_env_from_gives_counts_before_what_is_injected() {
    EnvDraft env = draft("[]", "[{configMapRef: {name: c}}, {prefix: B, secretRef: {name: s}}]");

    env.setIfAbsent(EnvVar.of("A", "ours"), Rank.TELEMETRY, ORIGIN);
    env.setFact(EnvVar.field("NODE", "spec.nodeName"), Rank.NODE, ORIGIN);

    assertThat(finished(env))
        .containsExactly(
            "NODE<-{\"fieldRef\":{\"fieldPath\":\"spec.nodeName\"}}",
            "A=ours",
            "A<-{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"A\",\"optional\":true}}");
  }

  @Test
  void a_list_that_the_resource_gives_and_env_from_may_give_is_extended_either_way() {
    EnvDraft env = draft("[]", "[{configMapRef: {name: c}}]");
    env.setIfAbsent(EnvVar.of("OPTIONS", "-resource"), Rank.LANGUAGE_ENV, ORIGIN);

    env.extend(OPTIONS, "-agent", true, ORIGIN);

    assertThat(finished(env))
        .containsExactly(
            "GRAFT_OPTIONS=-resource",
            "GRAFT_OPTIONS<-{\"configMapKeyRef\":{\"name\":\"c\",\"key\":\"OPTIONS\",\"optional\":true}}",
            "OPTIONS=$(GRAFT_OPTIONS) -agent");
  }

  @Test
  @Compatibility("0-order-of-env")
  void entries_stand_by_rank_and_what_is_referred_to_precedes_its_use() {
    EnvDraft env = draft("[{name: URL, value: 'http://$(HOST):1/$(NOBODY)/$$(LATE)'}]", "[]");

    env.setIfAbsent(EnvVar.of("LATE", "x"), Rank.TELEMETRY, ORIGIN);
    env.setIfAbsent(EnvVar.of("ATTRIBUTES", "node=$(NODE)"), Rank.LANGUAGE, ORIGIN);
    env.setIfAbsent(EnvVar.field("NODE", "spec.nodeName"), Rank.TELEMETRY, ORIGIN);
    env.setIfAbsent(EnvVar.of("HOST", "$(NODE)"), Rank.ATTRIBUTES, ORIGIN);
    env.setIfAbsent(EnvVar.field("IP", "status.podIP"), Rank.NODE, ORIGIN);

    assertThat(names(finished(env)))
        .containsExactly("IP", "NODE", "HOST", "URL", "ATTRIBUTES", "LATE");
  }

  @Test
  void entries_that_refer_to_each_other_in_a_circle_all_stay() {
    EnvDraft env = draft("[]", "[]");

    env.setIfAbsent(EnvVar.of("A", "$(B)"), Rank.LANGUAGE, ORIGIN);
    env.setIfAbsent(EnvVar.of("B", "$(A)"), Rank.LANGUAGE, ORIGIN);

    assertThat(names(finished(env))).containsExactlyInAnyOrder("A", "B");
  }

  @Test
  void thousands_of_entries_that_refer_to_each_other_are_ordered_in_a_moment() {
    EnvDraft env = draft("[]", "[]");
    int last = 4000;
    for (int i = 0; i < last; i++) {
      String references =
          IntStream.rangeClosed(1, 19).mapToObj("$(V%d)"::formatted).collect(Collectors.joining());
      env.setIfAbsent(
          EnvVar.of("V" + i, references + "$(V" + (i + 1) + ")"), Rank.COMMON_ENV, ORIGIN);
    }
    env.setIfAbsent(EnvVar.of("V" + last, "end"), Rank.COMMON_ENV, ORIGIN);

    List<String> names =
        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> names(finished(env)));

    assertThat(names).hasSize(last + 1).startsWith("V" + last);
  }

  @Test
  @Compatibility("0-append-if-absent")
  void a_value_of_the_pod_stands_and_the_one_that_lost_is_remembered() {
    EnvDraft env = draft("[{name: A, value: mine}]", "[]");

    env.setIfAbsent(EnvVar.of("A", "theirs"), Rank.COMMON_ENV, ORIGIN);

    assertThat(env.isChanged()).isFalse();
    assertThat(env.overruled())
        .containsExactly(new Overruled("app", EnvVar.of("A", "theirs"), "a source", "the pod"));
  }

  @Test
  void an_entry_that_is_replaced_moves_to_its_rank_and_the_journal_tells_what_it_was() {
    EnvDraft env = draft("[{name: A, value: old}, {name: B, value: b}]", "[]");

    env.replace(EnvVar.of("A", "old,new"), Rank.ATTRIBUTES, ORIGIN);
    List<Edit> journal = new ArrayList<>();
    env.finish("/env", new ArrayList<>(), journal);

    assertThat(finished(env)).containsExactly("B=b", "A=old,new");
    assertThat(journal)
        .singleElement()
        .satisfies(edit -> {
          assertThat(edit.path()).isEqualTo("/env/1");
          assertThat(edit.before().asText()).isEqualTo("old");
        });
  }

  @Test
  void a_name_that_the_pod_has_taken_is_not_used_for_what_is_kept() {
    assertThat(
            extended(
                "[{name: GRAFT_OPTIONS, value: mine}, {name: OPTIONS, valueFrom: {fieldRef: {}}}]",
                OPTIONS,
                "-agent"))
        .containsExactly(
            "GRAFT_OPTIONS=mine",
            "GRAFT_OPTIONS_2<-{\"fieldRef\":{}}",
            "OPTIONS=$(GRAFT_OPTIONS_2) -agent");
  }

  @Test
  void what_else_an_entry_holds_stays_and_no_value_is_the_empty_one() {
    EnvDraft draft = draft("[{name: OPTIONS, unknown: [1, null]}]", "[]");
    List<Edit> journal = new ArrayList<>();

    draft.extend(OPTIONS, "-agent", true, ORIGIN);

    assertThat(draft.finish("/env", new ArrayList<>(), journal))
        .hasToString("[{\"name\":\"OPTIONS\",\"unknown\":[1,null],\"value\":\"-agent\"}]");
    assertThat(journal).singleElement().extracting(Edit::before).hasToString("\"\"");
  }

  private static List<String> extended(String env, ListVariable list, String item) {
    EnvDraft draft = draft(env, "[]");
    draft.extend(list, item, true, ORIGIN);
    return finished(draft);
  }

  private static EnvDraft draft(String env, String envFrom) {
    ObjectNode container =
        Documents.read("test", "env: " + env + "\nenvFrom: " + envFrom).list().getFirst().tree();
    return new EnvDraft("app", container.path("env"), container.path("envFrom"), false);
  }

  /** The env as it is to be, which is also what the patch makes of the original. */
  private static List<String> finished(EnvDraft env) {
    List<PatchOperation> operations = new ArrayList<>();
    ArrayNode edited = env.finish("/env", operations, new ArrayList<>());
    ObjectNode original = JsonNodeFactory.instance.objectNode();
    original.set("env", env.original());
    ArrayNode patch = JsonNodeFactory.instance.arrayNode();
    operations.forEach(operation -> patch.add(operation.toJson()));
    assertThat(JsonPatch.apply(patch, original).path("env")).isEqualTo(edited);
    List<String> shown = new ArrayList<>();
    for (JsonNode entry : edited) {
      JsonNode source = entry.path("valueFrom");
      shown.add(
          entry.path("name").asText()
              + (source.isMissingNode() ? "=" + entry.path("value").asText() : "<-" + source));
    }
    return shown;
  }

  private static List<String> names(List<String> shown) {
    return shown.stream().map(entry -> entry.split("=|<-", 2)[0]).toList();
  }
}
