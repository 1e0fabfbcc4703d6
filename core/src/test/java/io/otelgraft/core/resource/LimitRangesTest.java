package io.otelgraft.core.resource;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Documents;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * LimitRanges as {@code plugin/pkg/admission/limitranger} of Kubernetes 1.37 enforces them: what a
 * pod comes to, what is not admitted, and what a container that is added may have.
 */
final class LimitRangesTest {
  /** The container that is fitted into the pods of these tests. */
  private static final String ADDED = "agent";

  private static JsonNode tree(String yaml) {
    return Documents.read("test", "it: " + yaml).list().getFirst().tree().path("it");
  }

  private static LimitRanges ranges(String limits) {
    return LimitRanges.NONE.and(tree("{spec: {limits: [%s]}}".formatted(limits)));
  }

  /**
   * A pod.
   *
   * @param containers init containers, sidecars and containers in their order, each by its kind's
   *     first letter and its resources: {@code I {limits: {cpu: 1}}; C {}}
   */
  private static PodUse pod(String containers, String ofPod) {
    List<PodUse.Part> parts = new ArrayList<>();
    for (String container : containers.split(";", -1)) {
      String text = container.strip();
      PodUse.Kind kind =
          switch (text.charAt(0)) {
            case 'I' -> PodUse.Kind.INIT;
            case 'S' -> PodUse.Kind.SIDECAR;
            default -> PodUse.Kind.CONTAINER;
          };
      String name = text.endsWith("+") ? ADDED : "c" + parts.size();
      parts.add(new PodUse.Part(name, kind, tree(text.substring(1).replace("+", " {}"))));
    }
    return new PodUse(parts, tree(ofPod));
  }

  private static String cpu(String amount) {
    return "{requests: {cpu: %1$s}, limits: {cpu: %1$s}}".formatted(amount);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          1 1     |                    | 2
          1       | I 3                | 3
          1 1     | I 1                | 2
          1       | I 1; I 4; I 2      | 4
          1       | S 2                | 3
          1       | S 2; I 3           | 5
          1       | I 3; S 2           | 3
          1       | S 1; I 1; S 1; I 2 | 4
          1       | S 1; S 1; S 1      | 4
          """)
  void init_containers_count_with_the_sidecars_that_run_beside_them(
      String containers, String inits, String total) {
    List<String> all = new ArrayList<>();
    if (inits != null) {
      for (String init : inits.split("; ", -1)) {
        all.add(init.charAt(0) + " " + cpu(init.substring(2)));
      }
    }
    for (String container : containers.split(" ", -1)) {
      all.add("C " + cpu(container));
    }
    PodUse pod = pod(String.join(";", all), "{}");

    assertThat(pod.total("limits", "cpu")).contains(new BigDecimal(total));
    assertThat(pod.total("requests", "cpu")).contains(new BigDecimal(total));
    assertThat(pod.total("limits", "memory")).isEmpty();
  }

  @Test
  void what_a_pod_has_as_a_whole_counts_in_place_of_the_sum_for_processor_and_memory() {
    PodUse pod =
        pod(
            "C {limits: {cpu: 1, memory: 1, ephemeral-storage: 1}}",
            "{limits: {cpu: 5, ephemeral-storage: 5}}");

    assertThat(pod.total("limits", "cpu")).contains(new BigDecimal("5"));
    assertThat(pod.total("limits", "memory")).contains(new BigDecimal("1"));
    assertThat(pod.total("limits", "ephemeral-storage")).contains(new BigDecimal("1"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      nullValues = "-",
      textBlock =
          """
          {type: Container, min: {cpu: 100m}} | C {requests: {cpu: 50m}}  | min of cpu: 100m, while the limit of container c0 is missing and the request 0.05
          {type: Container, min: {cpu: 100m}} | C {limits: {cpu: 50m}}    | min of cpu: 100m, while the limit of container c0 is 0.05 and the request 0.05
          {type: Container, min: {cpu: 100m}} | C {requests: {cpu: 100m}} | -
          {type: Container, min: {cpu: 100m}} | C {}                      | -
          {type: Container, max: {cpu: 100m}} | C {limits: {cpu: 1}}      | max of cpu: 100m, while the limit of container c0 is 1 and the request 1
          {type: Container, max: {cpu: 100m}} | C {requests: {cpu: 1}}    | max of cpu: 100m, while the limit of container c0 is 0.1 and the request 1
          {type: Container, max: {cpu: 100m}} | C {}                      | -
          {type: Container, max: {cpu: 2}}    | I {limits: {cpu: 3}}; C {} | max of cpu: 2, while the limit of container c0 is 3 and the request 3
          {type: Container, maxLimitRequestRatio: {cpu: 2}} | C {}         | maxLimitRequestRatio of cpu: 2, while the limit of container c0 is missing and the request missing
          {type: Container, maxLimitRequestRatio: {cpu: 2}} | C {requests: {cpu: 1}, limits: {cpu: 3}} | maxLimitRequestRatio of cpu: 2, while the limit of container c0 is 3 and the request 1
          {type: Container, maxLimitRequestRatio: {cpu: 2}} | C {requests: {cpu: 1}, limits: {cpu: 2}} | -
          {type: Container, maxLimitRequestRatio: {cpu: 2}, default: {cpu: 1}} | C {} | -
          {type: Pod, max: {cpu: 1}}          | C {requests: {cpu: 1}}    | max of cpu: 1, while the limit of the pod is missing and the request 1
          {type: Pod, max: {cpu: 1}}          | C {limits: {cpu: 1}}; C {limits: {cpu: 1}} | max of cpu: 1, while the limit of the pod is 2 and the request 2
          {type: Pod, max: {cpu: 1}}          | I {limits: {cpu: 1}}; C {limits: {cpu: 1}} | -
          {type: Pod, min: {cpu: 1}}          | C {requests: {cpu: 1}}; I {limits: {cpu: 500m}} | min of cpu: 1, while the limit of the pod is 0.5 and the request 1
          {type: Pod, maxLimitRequestRatio: {cpu: 2}} | C {requests: {cpu: 1}, limits: {cpu: 2}}; S {requests: {cpu: 100m}, limits: {cpu: 1}} | maxLimitRequestRatio of cpu: 2, while the limit of the pod is 3 and the request 1.1
          {type: PersistentVolumeClaim, max: {cpu: 1}} | C {limits: {cpu: 3}} | -
          """)
  void what_the_API_server_would_not_admit(String limits, String containers, String breach) {
    assertThat(ranges(limits).breach(pod(containers, "{}")).orElse(null)).isEqualTo(breach);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {type: Pod, max: {cpu: 1}}    | I+; C {limits: {cpu: 1}}                    | {limits: {cpu: 1}, requests: {cpu: 1}}
          {type: Pod, max: {cpu: 1}}    | S {limits: {cpu: 300m}}; I+; C {limits: {cpu: 500m}} | {limits: {cpu: 700m}, requests: {cpu: 700m}}
          {type: Pod, max: {cpu: 1}}    | I+; S {limits: {cpu: 300m}}; C {limits: {cpu: 500m}} | {limits: {cpu: 1}, requests: {cpu: 1}}
          {type: Pod, max: {cpu: 1}}    | S+; C {limits: {cpu: 750m}}                 | {limits: {cpu: 250m}, requests: {cpu: 250m}}
          {type: Pod, max: {cpu: 1}}    | C {limits: {cpu: 750m}}; C+                 | {limits: {cpu: 250m}, requests: {cpu: 250m}}
          {type: Pod, max: {cpu: 1}}    | S+; I {limits: {cpu: 900m}}; C {limits: {cpu: 100m}} | {limits: {cpu: 100m}, requests: {cpu: 100m}}
          {type: Pod, max: {cpu: 1}}, {type: Container, max: {cpu: 200m}} | S+; C {limits: {cpu: 100m}} | {limits: {cpu: 200m}, requests: {cpu: 200m}}
          {type: Pod, max: {cpu: 1}}, {type: Container, default: {cpu: 400m}} | S+; C {}; C {} | {limits: {cpu: 200m}, requests: {cpu: 200m}}
          {type: Pod, min: {cpu: 4}}    | I+; C {requests: {cpu: 5}}                  | {limits: {cpu: 4}, requests: {cpu: 1500m}}
          {type: Pod, maxLimitRequestRatio: {cpu: 2}} | S+; C {requests: {cpu: 1}, limits: {cpu: 2}} | {limits: {cpu: 2}, requests: {cpu: 1500m}}
          {type: Pod, maxLimitRequestRatio: {cpu: 1}} | S+; C {requests: {cpu: 1}, limits: {cpu: 1}} | {limits: {cpu: 2}, requests: {cpu: 2000m}}
          """)
  void a_container_gets_what_comes_nearest_and_is_allowed(
      String limits, String containers, String expected) {
    ObjectNode wanted = (ObjectNode) tree("{limits: {cpu: 2}, requests: {cpu: 1500m}}");
    PodUse pod = pod(containers, "{}");
    LimitRanges ranges = ranges(limits);

    ObjectNode fitting = ranges.fit(wanted, pod, ADDED);

    assertThat(text(fitting)).isEqualTo(text(tree(expected)));
    assertThat(ranges.breach(pod.with(ADDED, fitting))).isEmpty();
  }

  private static String text(JsonNode resources) {
    return resources.toString().replace("\"", "");
  }

  @Test
  void memory_is_counted_in_bytes() {
    ObjectNode wanted = (ObjectNode) tree("{limits: {memory: 256Mi}, requests: {memory: 64Mi}}");
    PodUse pod = pod("S+; C {limits: {memory: 900Mi}}", "{}");

    assertThat(text(ranges("{type: Pod, max: {memory: 1Gi}}").fit(wanted, pod, ADDED)))
        .isEqualTo("{limits:{memory:130023424},requests:{memory:64Mi}}");
  }

  @Test
  void what_a_pod_has_as_a_whole_leaves_its_containers_alone() {
    ObjectNode wanted = (ObjectNode) tree("{limits: {cpu: 2}, requests: {cpu: 1}}");
    PodUse pod = pod("S+; C {limits: {cpu: 1}}", "{limits: {cpu: 1}, requests: {cpu: 1}}");

    assertThat(ranges("{type: Pod, max: {cpu: 1}}").fit(wanted, pod, ADDED)).isSameAs(wanted);
  }

  @Test
  void where_nothing_is_left_the_pod_is_not_admitted() {
    ObjectNode wanted = (ObjectNode) tree("{limits: {cpu: 2}, requests: {cpu: 1}}");
    PodUse pod = pod("S+; C {limits: {cpu: 1}}", "{}");
    LimitRanges ranges = ranges("{type: Pod, max: {cpu: 1}}");

    assertThat(ranges.breach(pod.with(ADDED, ranges.fit(wanted, pod, ADDED)))).isPresent();
  }
}
