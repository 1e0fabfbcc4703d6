package io.otelgraft.runtime.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Refusal;
import io.otelgraft.runtime.telemetry.Metrics.LanguageKey;
import java.io.IOException;
import java.time.Instant;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class MetricsTest {
  private static final Instant END = Instant.parse("2026-06-01T00:00:00Z");

  private final Shop shop = new Shop();
  private final Metrics metrics = new Metrics("1.2.3", shop.state(new Validity(Shop.NOON, END)));

  private Samples scraped() {
    return Samples.of(metrics.scrape().body());
  }

  private void count(Answered... answers) {
    for (Answered answered : answers) {
      metrics.answered(answered);
    }
  }

  @Test
  void reviews_are_counted_by_webhook_outcome_and_reason() {
    count(
        shop.pod("a", Shop.QUILL, "cart:1"),
        shop.pod("b", Shop.QUILL, "cart:1"),
        shop.pod("c", Shop.TYPO, "cart:1"),
        shop.pod("d", "{}", "cart:1"),
        shop.instrumentation("{}"),
        shop.instrumentation("{mode: perhaps}"),
        shop.nonsense());

    Samples samples = scraped();
    assertThat(samples.value(reviews("/mutate-v1-pod", "injected", "Injected", false)))
        .isEqualTo(2);
    assertThat(
            samples.value(reviews("/mutate-v1-pod", "rejected", "InstrumentationNotFound", false)))
        .isOne();
    assertThat(samples.value(reviews("/mutate-v1-pod", "unchanged", "NotAnnotated", false)))
        .isOne();
    assertThat(samples.value(reviews("/mutate-v1-pod", "malformed", "", false))).isOne();
    String instrumentations = "/validate-opentelemetry-io-v1alpha1-instrumentation";
    assertThat(samples.value(reviews(instrumentations, "allowed", "", false))).isOne();
    assertThat(samples.value(reviews(instrumentations, "denied", "", false))).isOne();
  }

  private static String reviews(String path, String outcome, String reason, boolean dryRun) {
    return "graft_admission_reviews_total{dry_run=\"%s\",outcome=\"%s\",path=\"%s\",reason=\"%s\"}"
        .formatted(dryRun, outcome, path, reason);
  }

  private static String language(String language, String outcome, String reason) {
    return "graft_admission_languages_total{language=\"%s\",outcome=\"%s\",reason=\"%s\"}"
        .formatted(language, outcome, reason);
  }

  @Test
  void languages_are_counted_by_what_became_of_them() {
    count(
        shop.pod("a", Shop.QUILL, "cart:1"),
        shop.pod("b", Shop.QUILL, "old:1"),
        shop.pod("c", Shop.TYPO, "cart:1"),
        shop.pod("d", Shop.EMBER, "cart:1"));

    Samples samples = scraped();
    assertThat(samples.value(language("quill", "injected", "Injected"))).isOne();
    assertThat(samples.value(language("quill", "warned", "TooOld"))).isOne();
    assertThat(samples.value(language("quill", "refused", "InstrumentationNotFound"))).isOne();
    assertThat(samples.value(language("ember", "warned", "PluginFailed"))).isOne();
  }

  @Test
  void requests_that_are_refused_are_counted_by_why_from_zero() {
    metrics.refused(Refusal.QUEUE_FULL);

    Samples samples = scraped();
    assertThat(samples.value("graft_requests_refused_total{reason=\"queue-full\"}")).isOne();
    assertThat(samples.value("graft_requests_refused_total{reason=\"too-large\"}")).isZero();
  }

  @Test
  void dry_runs_are_counted_apart_and_no_language_of_theirs() {
    count(shop.dryRun("a", Shop.QUILL, "cart:1"));

    Samples samples = scraped();
    assertThat(samples.value(reviews("/mutate-v1-pod", "injected", "Injected", true))).isOne();
    assertThat(samples.values()).doesNotContainKey(language("quill", "injected", "Injected"));
  }

  @Test
  void latency_is_a_histogram_from_50_microseconds_to_2_seconds() {
    count(shop.pod("a", Shop.QUILL, "cart:1"));

    Samples samples = scraped();
    String labels = "{outcome=\"injected\",path=\"/mutate-v1-pod\"";
    String bucket = "graft_admission_duration_seconds_bucket" + labels + ",le=\"%s\"}";
    assertThat(samples.types()).containsEntry("graft_admission_duration_seconds", "histogram");
    assertThat(samples.value(bucket.formatted("5.0E-5"))).isZero();
    assertThat(samples.value(bucket.formatted("1.0E-4"))).isZero();
    assertThat(samples.value(bucket.formatted("2.5E-4"))).isOne();
    assertThat(samples.value(bucket.formatted("2.0"))).isOne();
    assertThat(samples.value("graft_admission_duration_seconds_sum" + labels + "}"))
        .isEqualTo(0.000_25);
  }

  @Test
  void the_state_is_told_as_it_is_when_asked() {
    assertThat(scraped().value("graft_plugins{state=\"set_aside\"}")).isZero();
    for (int i = 0; i < 3; i++) {
      shop.pod("a", Shop.EMBER, "cart:1");
    }

    Samples samples = scraped();
    assertThat(samples.value("graft_plugins{state=\"loaded\"}")).isOne();
    assertThat(samples.value("graft_plugins{state=\"set_aside\"}")).isOne();
    assertThat(samples.value("graft_plugins{state=\"refused\"}")).isZero();
    assertThat(samples.value("graft_instrumentations{state=\"accepted\"}")).isOne();
    assertThat(samples.value("graft_instrumentations{state=\"invalid\"}")).isOne();
    assertThat(samples.value("graft_instrumentations{state=\"outdated\"}")).isZero();
    assertThat(samples.value("graft_certificate_expiry_timestamp_seconds"))
        .isEqualTo((double) END.getEpochSecond());
    assertThat(samples.value("graft_decision_threads_lost")).isZero();
    assertThat(samples.value("graft_build_info{version=\"1.2.3\"}")).isOne();
    assertThat(samples.value("graft_cluster_staleness_seconds")).isEqualTo(2.5);
    assertThat(samples.value("graft_leader")).isOne();
    assertThat(samples.value("graft_duties_failing")).isEqualTo(3);
  }

  @Test
  void reasons_that_a_plugin_makes_up_do_not_make_series_without_end() {
    IntStream.range(0, 5_000)
        .forEach(i -> metrics.count(new LanguageKey("quill", "warned", "Reason" + i)));

    assertThat(
            scraped().values().keySet().stream()
                .filter(name -> name.startsWith("graft_admission_languages_total")))
        .hasSizeLessThan(1_100);
    assertThat(scraped().value(language("quill", "warned", "Other"))).isEqualTo(4_000);
  }

  @Test
  void each_metric_is_in_the_guide_and_each_of_the_guide_is_there() throws IOException {
    count(shop.pod("a", Shop.QUILL, "cart:1"));

    assertThat(scraped().types().keySet()).isEqualTo(Guide.firstCells("metric"));
  }
}
