package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.document.Json;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {

  private static final Machine MACHINE =
      new Machine(
          Instant.parse("2026-05-04T08:15:30Z"),
          "CPU",
          2,
          8_000_000_000L,
          "Linux",
          "25",
          "abc",
          0.1);

  private static Report report(double p99, double rate) {
    return new Report(
        MACHINE,
        List.of(
            Figure.of("p99", "99 of 100 answers", new double[] {p99, p99}, Unit.MILLISECONDS)
                .limit(5),
            Figure.of("rate", "answers", rate, Unit.PER_SECOND).limit(10_000),
            Figure.of("size", "heap", 12, Unit.MEBIBYTES)));
  }

  private static JsonNode stored(Report report) {
    return Json.read(report.pretty().getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void the_table_says_which_limits_are_met_and_by_how_much() {
    assertThat(report(6, 12_000).table())
        .isEqualTo(
            """
                                   limit   this run
            99 of 100 answers    5.00 ms    6.00 ms  MISSED by 20 %
            answers            10,000 /s  12,000 /s  met, better by 20 %
            heap                           12.0 MiB
            """);
  }

  @Test
  void a_run_compared_to_itself_differs_in_nothing() {
    Report run = report(4, 11_000);

    assertThat(run.comparedTo(stored(run)).lines().skip(1))
        .hasSize(3)
        .allMatch(line -> line.contains("same: 0.0 % apart"));
    assertThat(run.worseThan(stored(run), 0)).isEmpty();
  }

  @Test
  void what_differs_by_more_than_the_noise_is_said_to_be_worse_or_better() {
    String compared = report(4, 8_000).comparedTo(stored(report(5, 10_000)));

    assertThat(compared).contains("better by 20 %, noise 5.0 %").contains("WORSE by 20 %");
  }

  @Test
  void only_what_is_worse_by_more_than_the_share_and_the_noise_fails_a_comparison() {
    JsonNode before = stored(report(4, 10_000));

    assertThat(report(4.1, 8_000).worseThan(before, 0.1)).containsExactly("rate");
    assertThat(report(4.1, 8_000).worseThan(before, 0.3)).isEmpty();
    assertThat(report(4.1, 8_000).worseThan(before, 0.01)).containsExactly("rate");
  }

  @Test
  void a_figure_that_the_other_run_lacks_is_shown_without_a_difference() {
    JsonNode before = stored(new Report(MACHINE, List.of()));

    assertThat(report(4, 10_000).comparedTo(before)).contains("not measured before");
    assertThat(report(4, 10_000).worseThan(before, 0)).isEmpty();
  }
}
