package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.testkit.KubernetesVerdicts.Verdict;
import io.otelgraft.testkit.PodSecurity.Level;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PodSecurityAgreesWithKubernetesTest {

  static List<Verdict> pods() {
    return KubernetesVerdicts.all().stream().filter(pod -> pod.verdict().has("secured")).toList();
  }

  @ParameterizedTest
  @MethodSource("pods")
  void baseline_refuses_what_kubernetes_refuses(Verdict pod) {
    assertThat(PodSecurity.violations(pod.object(), Level.BASELINE))
        .isEqualTo(pod.texts("baseline"));
  }

  @ParameterizedTest
  @MethodSource("pods")
  void restricted_refuses_what_kubernetes_refuses(Verdict pod) {
    assertThat(PodSecurity.violations(pod.object(), Level.RESTRICTED))
        .isEqualTo(pod.texts("restricted"));
  }
}
