package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.testkit.KubernetesVerdicts.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PodValidityAgreesWithKubernetesTest {
  private static final Set<Problem.Kind> SHAPE =
      Set.of(Problem.Kind.UNKNOWN_FIELD, Problem.Kind.WRONG_TYPE);

  static List<Verdict> cases() {
    return KubernetesVerdicts.all();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void problems_are_those_that_kubernetes_finds(Verdict expected) {
    List<Problem> found = judge(expected);

    assertThat(found.isEmpty()).as("valid: %s", found).isEqualTo(expected.valid());
    if (expected.verdict().has("decoding")) {
      // The decoder reports unknown fields only when it stumbled over nothing else, we report both.
      if (kinds(found).equals(Set.of(Problem.Kind.UNKNOWN_FIELD))) {
        assertThat(unknownFields(found))
            .containsExactlyInAnyOrderElementsOf(expected.texts("decoding"));
      } else {
        assertThat(kinds(found)).contains(Problem.Kind.WRONG_TYPE).isSubsetOf(SHAPE);
      }
    } else if (expected.object().at("/spec/ephemeralContainers").isEmpty()) {
      // What else is wrong with an ephemeral container does not matter: none may be there.
      assertThat(messages(found)).containsExactlyInAnyOrderElementsOf(messages(expected));
    }
  }

  private static List<Problem> judge(Verdict expected) {
    return expected.template()
        ? PodValidity.ofTemplate(expected.object())
        : PodValidity.ofPod(expected.object());
  }

  private static List<String> unknownFields(List<Problem> found) {
    return found.stream().map(problem -> "unknown field \"" + problem.path() + '"').toList();
  }

  private static Set<Problem.Kind> kinds(List<Problem> found) {
    return found.stream().map(Problem::kind).collect(Collectors.toSet());
  }

  /**
   * Kind and detail. The place is left out: Kubernetes' own is often that of something near (see
   * the README); so are repetitions.
   */
  private static List<String> messages(List<Problem> found) {
    return found.stream()
        .map(problem -> problem.kind().label() + ": " + problem.detail())
        .distinct()
        .toList();
  }

  private static List<String> messages(Verdict expected) {
    List<String> messages = new ArrayList<>();
    for (JsonNode problem : expected.verdict().path("problems")) {
      messages.add(problem.path("kind").textValue() + ": " + problem.path("detail").asText());
    }
    return messages.stream().distinct().toList();
  }
}
