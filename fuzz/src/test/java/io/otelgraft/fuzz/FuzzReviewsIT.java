package io.otelgraft.fuzz;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.otelgraft.testkit.Judgement;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** What comes to the webhooks: bytes. */
final class FuzzReviewsIT {
  private static final List<Function<byte[], Judgement>> WEBHOOKS =
      List.of(
          Shop.CLUSTER::ofPod,
          Shop.CLUSTER::ofWorkload,
          Shop.CLUSTER::ofInstrumentation,
          Shop.CLUSTER::ofInstrumentationDefaults);

  /** Pods, workloads and Instrumentations, made and changed. */
  static Stream<byte[]> seeds() {
    Stream<byte[]> stories =
        Seeds.objects()
            .peek(object -> object.withObject("/metadata").put("namespace", "shop"))
            .map(object -> Review.of(object, Optional.empty()));
    Stream<byte[]> generated =
        IntStream.range(0, 60)
            .mapToObj(seed -> Case.of(Choices.of(seed), Shop.PROMISES.languages()))
            .map(one -> Review.of(one.object(), one.before()));
    return Stream.concat(stories, generated).filter(Seeds::isShort);
  }

  @MethodSource("seeds")
  @FuzzTest
  void whatever_comes_is_answered_as_promised(byte[] body) {
    Promise.isKept(() ->
        WEBHOOKS.stream()
            .map(webhook -> webhook.apply(body))
            .flatMap(judgement -> Breaches.of(judgement).stream())
            .toList());
  }
}
