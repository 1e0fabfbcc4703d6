package io.otelgraft.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.testkit.KubernetesVerdicts.Verdict;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class QosClassAgreesWithKubernetesTest {

  /** Kubernetes computes the class of every pod that it can decode. */
  static List<Verdict> pods() {
    return KubernetesVerdicts.all().stream().filter(pod -> pod.verdict().has("qos")).toList();
  }

  @ParameterizedTest
  @MethodSource("pods")
  void the_class_is_the_one_that_kubernetes_gives(Verdict pod) {
    assertThat(QosClass.of(pod.object()).label()).isEqualTo(pod.verdict().path("qos").textValue());
  }
}
