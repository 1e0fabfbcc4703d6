package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.document.Json;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.runtime.control.Census.Standing;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class CensusTest {
  /** The annotations of the namespace. */
  private final Map<String, String> inherited = new HashMap<>();

  private final Census census =
      new Census(
          reference ->
              Optional.ofNullable(Map.of("shop/main", 3L, "ops/shared", 1L).get(reference)),
          namespace -> namespace.equals("shop") ? List.of("main") : List.of(),
          namespace ->
              namespace.equals("shop")
                  ? Optional.of(new NamespaceFacts("shop", Map.of(), inherited))
                  : Optional.empty());

  private void count(String name, String annotations) {
    String pod =
        """
        {"metadata": {"namespace": "shop", "name": "%s-7d4b9c6f5-x", "annotations": {%s},
          "labels": {"pod-template-hash": "7d4b9c6f5"},
          "ownerReferences": [{"apiVersion": "apps/v1", "kind": "ReplicaSet", "controller": true,
            "name": "%s-7d4b9c6f5", "uid": "u"}]}}
        """
            .formatted(name, annotations, name);
    census.count(Json.read(pod.getBytes(StandardCharsets.UTF_8)));
  }

  private static String mark(String instrumentation, int generation) {
    return "\"otelgraft.io/injected\": \"{\\\"languages\\\":{\\\"ruby\\\":{\\\"instrumentation\\\":\\\"%s\\\",\\\"generation\\\":%d}}}\""
        .formatted(instrumentation, generation);
  }

  private static String asks(String value) {
    return asksFor("ruby", value);
  }

  private static String asksFor(String language, String value) {
    return "\"instrumentation.opentelemetry.io/inject-%s\": \"%s\"".formatted(language, value);
  }

  @Test
  void pods_of_one_workload_count_one_by_one_and_their_workload_once() {
    count("cart", mark("shop/main", 3));
    count("cart", mark("shop/main", 3));
    count("till", mark("shop/main", 3));

    assertThat(census.pods("shop/main", Standing.INJECTED)).isEqualTo(3);
    assertThat(census.workloads("shop/main", Standing.INJECTED)).isEqualTo(2);
    assertThat(census.pods("shop/main", Standing.OUTDATED)).isZero();
  }

  @Test
  void pods_of_an_older_generation_are_outdated() {
    count("cart", mark("shop/main", 2));

    assertThat(census.pods("shop/main", Standing.OUTDATED)).isEqualTo(1);
    assertThat(census.pods("shop/main", Standing.INJECTED)).isZero();
  }

  @Test
  void pods_that_ask_and_bear_no_mark_went_without() {
    count("cart", asks("true"));
    count("till", asks("main"));
    count("desk", asks("ops/shared"));
    count("door", asks("false"));
    count("roof", asks("misspelled"));

    assertThat(census.pods("shop/main", Standing.NOT_INJECTED)).isEqualTo(2);
    assertThat(census.pods("ops/shared", Standing.NOT_INJECTED)).isEqualTo(1);
  }

  @Test
  void what_the_namespace_asks_for_counts_unless_the_pod_says_otherwise() {
    inherited.put("instrumentation.opentelemetry.io/inject-ruby", "ops/shared");
    count("cart", "");
    count("till", asks("false"));
    count("desk", asks("main"));
    count("door", mark("ops/shared", 1));

    assertThat(census.pods("ops/shared", Standing.NOT_INJECTED)).isEqualTo(1);
    assertThat(census.pods("ops/shared", Standing.INJECTED)).isEqualTo(1);
    assertThat(census.pods("shop/main", Standing.NOT_INJECTED)).isEqualTo(1);
  }

  @Test
  void pods_that_lack_one_of_their_languages_went_without_and_count_once() {
    count("cart", mark("shop/main", 3) + ", " + asks("true") + ", " + asksFor("perl", "true"));
    count("till", mark("shop/main", 2) + ", " + asks("true") + ", " + asksFor("perl", "true"));
    count("desk", mark("shop/main", 3) + ", " + asksFor("perl", "ops/shared"));
    count("door", mark("shop/main", 3) + ", " + asks("true"));

    assertThat(census.pods("shop/main", Standing.NOT_INJECTED)).isEqualTo(2);
    assertThat(census.workloads("shop/main", Standing.NOT_INJECTED)).isEqualTo(2);
    assertThat(census.pods("shop/main", Standing.OUTDATED)).isZero();
    assertThat(census.pods("shop/main", Standing.INJECTED)).isEqualTo(2);
    assertThat(census.pods("ops/shared", Standing.NOT_INJECTED)).isEqualTo(1);
  }

  @Test
  void names_of_containers_ask_for_nothing() {
    count("cart", "\"instrumentation.opentelemetry.io/inject-web-container-names\": \"main\"");

    assertThat(census.pods("shop/main", Standing.NOT_INJECTED)).isZero();
  }

  @Test
  void a_mark_that_cannot_be_read_is_none() {
    count("cart", "\"otelgraft.io/injected\": \"{\"");

    assertThat(census.pods("shop/main", Standing.INJECTED)).isZero();
  }
}
