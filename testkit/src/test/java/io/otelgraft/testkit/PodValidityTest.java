package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.testkit.KubernetesVerdicts.Verdict;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/**
 * How problems are told; what is one, {@link PodValidityAgreesWithKubernetesTest} compares with
 * Kubernetes.
 */
final class PodValidityTest {

  @Test
  void a_problem_reads_as_the_api_server_puts_it() {
    JsonNode pod =
        pod(
            """
            {"containers": [{"name": "app", "image": "example.test/app", "env": [
              {"name": "A", "value": "1", "valueFrom": {"fieldRef": {"fieldPath": "metadata.name"}}}]}]}\
            """);

    assertThat(PodValidity.ofPod(pod))
        .extracting(Problem::toString)
        .containsExactly(
            "spec.containers[0].env[0].valueFrom: Invalid value: \"\": may not be specified when `value` is not empty");
  }

  @Test
  void a_problem_says_where_it_is_as_a_json_pointer_too() {
    JsonNode pod = pod("{\"containers\": [{\"name\": \"app\", \"image\": \"a\"}]}");
    ((ObjectNode) pod.path("metadata")).putObject("labels").put("a/b~c", "");

    assertThat(PodValidity.ofPod(pod))
        .allSatisfy(problem -> {
          assertThat(problem.path()).isEqualTo("metadata.labels[a/b~c]");
          assertThat(problem.pointer()).isEqualTo("/metadata/labels/a~1b~0c");
        })
        .isNotEmpty();
  }

  @Test
  void what_is_missing_is_told_at_its_place() {
    JsonNode pod = pod("{\"containers\": [{\"name\": \"app\"}]}");

    assertThat(PodValidity.ofPod(pod))
        .extracting(Problem::pointer, Problem::toString)
        .containsExactly(
            tuple("/spec/containers/0/image", "spec.containers[0].image: Required value"));
  }

  @Test
  void every_problem_of_a_pod_is_told_at_once() {
    JsonNode pod =
        pod(
            """
            {"containers": [{"name": "App", "image": ""}, {"name": "b", "image": "b", "volumeMounts": [
              {"name": "none", "mountPath": "/a"}, {"name": "none", "mountPath": "/a"}]}]}\
            """);

    assertThat(PodValidity.ofPod(pod))
        .extracting(Problem::pointer, Problem::kind)
        .containsExactlyInAnyOrder(
            tuple("/spec/containers/0/name", Problem.Kind.INVALID),
            tuple("/spec/containers/0/image", Problem.Kind.REQUIRED),
            tuple("/spec/containers/1/volumeMounts/0/name", Problem.Kind.NOT_FOUND),
            tuple("/spec/containers/1/volumeMounts/1/name", Problem.Kind.NOT_FOUND),
            tuple("/spec/containers/1/volumeMounts/1/mountPath", Problem.Kind.INVALID));
  }

  @Test
  void a_wrong_shape_hides_the_rules() {
    JsonNode pod = pod("{\"containers\": [{\"name\": \"App\", \"image\": 1, \"imege\": \"a\"}]}");

    assertThat(PodValidity.ofPod(pod))
        .extracting(Problem::toString)
        .containsExactlyInAnyOrder(
            "spec.containers[0].image: Wrong type: 1: must be a string",
            "spec.containers[0].imege: Unknown field");
  }

  @Test
  void what_is_no_object_is_no_pod() throws JsonProcessingException {
    for (String json : new String[] {"null", "[]", "\"pod\"", "1"}) {
      assertThat(PodValidity.ofPod(new ObjectMapper().readTree(json))).as(json).hasSize(1);
    }
  }

  @Test
  void judging_a_pod_leaves_it_as_it_is() {
    for (Verdict pod : KubernetesVerdicts.all()) {
      JsonNode before = pod.object().deepCopy();

      PodValidity.ofPod(pod.object());

      assertThat(pod.object()).isEqualTo(before);
    }
  }

  /** Else the comparison with Kubernetes might compare nothing. */
  @Test
  void the_recorded_cases_have_good_pods_and_problems_of_every_kind() {
    Set<Problem.Kind> kinds = new HashSet<>();
    int valid = 0;
    for (Verdict pod : KubernetesVerdicts.all()) {
      valid += pod.valid() ? 1 : 0;
      PodValidity.ofPod(pod.object()).forEach(problem -> kinds.add(problem.kind()));
    }

    assertThat(valid).isGreaterThan(300);
    assertThat(kinds).isEqualTo(EnumSet.allOf(Problem.Kind.class));
  }

  private static JsonNode pod(String spec) {
    try {
      ObjectNode pod = KubernetesVerdicts.pod("minimal");
      pod.set("spec", new ObjectMapper().readTree(spec));
      return pod;
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }
}
