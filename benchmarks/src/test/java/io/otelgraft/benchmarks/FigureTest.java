package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class FigureTest {

  @Test
  void repetitions_give_their_median_and_half_the_range_of_their_middle_half() {
    Figure figure = Figure.of("start", "start", new double[] {5, 1, 2, 4, 100}, Unit.SECONDS);

    assertThat(figure.value()).isEqualTo(4);
    assertThat(figure.noise()).isEqualTo(1.5);
  }

  @Test
  void a_single_repetition_has_no_noise() {
    Figure figure = Figure.of("start", "start", new double[] {5}, Unit.SECONDS);

    assertThat(figure.value()).isEqualTo(5);
    assertThat(figure.noise()).isZero();
  }

  @Test
  void less_time_is_better_and_more_throughput_is() {
    Figure time = Figure.of("p99", "p99", 6, Unit.MILLISECONDS).limit(5);
    Figure throughput = Figure.of("rate", "rate", 12_000, Unit.PER_SECOND).limit(10_000);

    assertThat(time.isMet()).isFalse();
    assertThat(time.worseBy(5)).isCloseTo(0.2, within(1e-9));
    assertThat(throughput.isMet()).isTrue();
    assertThat(throughput.worseBy(10_000)).isCloseTo(-0.2, within(1e-9));
  }

  @Test
  void a_value_that_equals_its_limit_meets_it() {
    assertThat(Figure.of("p99", "p99", 5, Unit.MILLISECONDS).limit(5).isMet()).isTrue();
  }

  @Test
  void any_error_is_worse_than_none() {
    Figure wrong = Figure.of("wrong", "wrong answers", 3, Unit.ERRORS).limit(0);

    assertThat(wrong.isMet()).isFalse();
    assertThat(Figure.of("wrong", "wrong answers", 0, Unit.ERRORS).limit(0).isMet()).isTrue();
  }
}
