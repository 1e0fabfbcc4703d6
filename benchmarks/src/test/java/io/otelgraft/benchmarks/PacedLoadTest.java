package io.otelgraft.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PacedLoadTest {

  private static final byte[] EXPECTED = "{}".getBytes(UTF_8);

  @Test
  void a_latency_counts_from_when_the_review_was_planned_not_from_when_it_was_sent() {
    var latencies = new PacedLoad.Latencies(EXPECTED);

    latencies.answered(0, 90_000_000, 100_000_000, new Exchange.Answer(200, EXPECTED));

    assertThat(latencies.millis(50)).isBetween(99.9, 100.1);
    assertThat(latencies.wrong()).isZero();
  }

  @Test
  void an_answer_of_another_status_or_body_is_wrong() {
    var latencies = new PacedLoad.Latencies(EXPECTED);

    latencies.answered(0, 0, 1_000, new Exchange.Answer(429, EXPECTED));
    latencies.answered(0, 0, 1_000, new Exchange.Answer(200, "{}\n".getBytes(UTF_8)));

    assertThat(latencies.wrong()).isEqualTo(2);
  }
}
