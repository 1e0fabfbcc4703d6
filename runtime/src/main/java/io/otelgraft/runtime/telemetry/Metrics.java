package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Finding.Severity;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Refusal;
import io.otelgraft.runtime.server.Scrape;
import io.prometheus.metrics.core.datapoints.CounterDataPoint;
import io.prometheus.metrics.core.datapoints.DistributionDataPoint;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.core.metrics.Info;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What Graft counts, and the state that it is in, in Prometheus' text format. {@code docs/serve.md}
 * lists all of it.
 *
 * <p>Reasons are a list that Graft and the plugins declare, and languages come from plugins, so
 * that the number of time series is bounded; should a plugin make up reasons as it goes, they
 * become one. No label comes from a pod.
 *
 * <p>Thread-safe.
 */
public final class Metrics {

  /** From 50 µs, which a decision takes on a quiet machine, to 2 s, after which none does. */
  private static final double[] SECONDS = {
    0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5,
    1, 2
  };

  private static final double SECONDS_PER_NANO = 1e-9;

  private static final int MOST_SERIES = 1_000;
  private static final String OTHER = "Other";

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final PrometheusTextFormatWriter format = PrometheusTextFormatWriter.create();

  private final Counter reviews =
      Counter.builder()
          .name("graft_admission_reviews_total")
          .help("Reviews that were answered.")
          .labelNames("path", "outcome", "reason", "dry_run")
          .withoutExemplars()
          .register(registry);

  private final Histogram durations =
      Histogram.builder()
          .name("graft_admission_duration_seconds")
          .help("Time from when a review had arrived until its answer was ready.")
          .labelNames("path", "outcome")
          .classicOnly()
          .classicUpperBounds(SECONDS)
          .withoutExemplars()
          .register(registry);

  private final Counter languages =
      Counter.builder()
          .name("graft_admission_languages_total")
          .help("Languages in reviewed pods by what became of them; dry runs are not counted.")
          .labelNames("language", "outcome", "reason")
          .withoutExemplars()
          .register(registry);

  private final Counter refused =
      Counter.builder()
          .name("graft_requests_refused_total")
          .help("Requests that were not taken on.")
          .labelNames("reason")
          .withoutExemplars()
          .register(registry);

  private final Map<ReviewKey, ReviewSeries> reviewSeries = new ConcurrentHashMap<>();
  private final Map<LanguageKey, CounterDataPoint> languageSeries = new ConcurrentHashMap<>();
  private final Map<Refusal, CounterDataPoint> refusals = new EnumMap<>(Refusal.class);
  private boolean ofProcess;

  private record ReviewKey(String path, Result result, boolean dryRun) {}

  private record ReviewSeries(CounterDataPoint count, DistributionDataPoint duration) {}

  record LanguageKey(String language, String outcome, String reason) {}

  /**
   * Counts from zero.
   *
   * @param version Graft's
   * @param state what is looked at whenever the metrics are asked for
   */
  public Metrics(String version, State state) {
    for (Refusal refusal : Refusal.values()) {
      refusals.put(refusal, refused.labelValues(refusal.label()));
    }
    Info.builder()
        .name("graft_build_info")
        .help("The version of Graft, as a label.")
        .labelNames("version")
        .register(registry)
        .addLabelValues(version);
    gauge(
        "graft_plugins",
        "Plugin jars and languages by state.",
        "state",
        gauge -> {
          List<LoadedPlugin> loaded = state.catalogue().get().languages();
          int setAside = (int) loaded.stream().filter(LoadedPlugin::quarantined).count();
          gauge.call(loaded.size() - setAside, "loaded");
          gauge.call(setAside, "set_aside");
          gauge.call(state.catalogue().get().refused().size(), "refused");
        });
    gauge(
        "graft_plugins_generation",
        "The number of the plugin catalogue in force.",
        gauge -> gauge.call((double) state.catalogue().get().generation()));
    gauge(
        "graft_instrumentations",
        "Instrumentations by state.",
        "state",
        gauge ->
            InstrumentationState.count(state.instrumentations().get().values())
                .forEach((name, count) -> gauge.call(count, name.name().toLowerCase(Locale.ROOT))));
    gauge(
        "graft_certificate_expiry_timestamp_seconds",
        "When the certificate that is served ends, in seconds since 1970.",
        gauge -> gauge.call((double) state.certificate().get().end().getEpochSecond()));
    gauge(
        "graft_decision_threads_lost",
        "Threads that have not come back from a decision.",
        gauge -> gauge.call(state.lostThreads().getAsInt()));
    state.cluster().ifPresent(this::gauges);
  }

  private void gauges(State.InCluster cluster) {
    gauge(
        "graft_cluster_staleness_seconds",
        "For how long the API server has told nothing of what changes, 0 while it tells.",
        gauge -> gauge.call(cluster.staleness().get().toNanos() * SECONDS_PER_NANO));
    gauge(
        "graft_leader",
        "1 for the replica that writes for all, else 0.",
        gauge -> gauge.call(cluster.leads().getAsBoolean() ? 1 : 0));
    gauge(
        "graft_duties_failing",
        "Duties in the cluster that did not succeed the last time; they are tried again.",
        gauge -> gauge.call(cluster.failingDuties().getAsInt()));
  }

  private interface Values {
    void give(GaugeWithCallback.Callback gauge);
  }

  private void gauge(String name, String help, String label, Values values) {
    GaugeWithCallback.builder()
        .name(name)
        .help(help)
        .labelNames(label)
        .callback(values::give)
        .register(registry);
  }

  private void gauge(String name, String help, Values values) {
    GaugeWithCallback.builder().name(name).help(help).callback(values::give).register(registry);
  }

  /** Counts a request that was not taken on. */
  void refused(Refusal refusal) {
    refusals.get(refusal).inc();
  }

  /** Counts an answer. */
  void answered(Answered answered) {
    Answer answer = answered.answer();
    ReviewSeries series =
        series(new ReviewKey(answered.path(), Result.of(answer), answer.dryRun()));
    series.count.inc();
    series.duration.observe(answered.took().toNanos() * SECONDS_PER_NANO);
    if (!answer.dryRun()) {
      answer.decision().ifPresent(this::countLanguages);
    }
  }

  private ReviewSeries series(ReviewKey key) {
    ReviewSeries known = reviewSeries.get(key);
    if (known != null) {
      return known;
    }
    ReviewKey bounded =
        reviewSeries.size() < MOST_SERIES
            ? key
            : new ReviewKey(key.path, new Result(key.result.outcome(), OTHER), key.dryRun);
    return reviewSeries.computeIfAbsent(bounded, this::newSeries);
  }

  private ReviewSeries newSeries(ReviewKey key) {
    return new ReviewSeries(
        reviews.labelValues(
            key.path, key.result.outcome(), key.result.reason(), Boolean.toString(key.dryRun)),
        durations.labelValues(key.path, key.result.outcome()));
  }

  private void countLanguages(Decision decision) {
    if (decision.injected().isEmpty() && decision.findings().isEmpty()) {
      return;
    }
    String outcome = decision.outcome() == Decision.Outcome.OBSERVED ? "observed" : "injected";
    for (Injected injected : decision.injected()) {
      count(new LanguageKey(injected.language(), outcome, decision.reason()));
    }
    // What is the same in several containers is told once, as the user is.
    Set<LanguageKey> told = new HashSet<>();
    for (Finding finding : decision.findings()) {
      if (!finding.language().isEmpty() && finding.severity() != Severity.NOTE) {
        String what = finding.severity() == Severity.REFUSAL ? "refused" : "warned";
        LanguageKey key = new LanguageKey(finding.language(), what, finding.reason());
        if (told.add(key)) {
          count(key);
        }
      }
    }
  }

  void count(LanguageKey key) {
    CounterDataPoint series = languageSeries.get(key);
    if (series == null) {
      LanguageKey bounded =
          languageSeries.size() < MOST_SERIES
              ? key
              : new LanguageKey(key.language, key.outcome, OTHER);
      series =
          languageSeries.computeIfAbsent(
              bounded,
              _ -> languages.labelValues(bounded.language, bounded.outcome, bounded.reason));
    }
    series.inc();
  }

  /** All metrics as they are now. */
  public Scrape scrape() {
    registerProcess();
    var body = new ByteArrayOutputStream(16_384);
    try {
      format.write(body, registry.scrape());
    } catch (IOException impossible) {
      throw new UncheckedIOException("Writing into memory", impossible);
    }
    return new Scrape(format.getContentType(), body.toByteArray());
  }

  /** Not before somebody asks: the JDK's management takes longer to load than all else here. */
  private synchronized void registerProcess() {
    if (!ofProcess) {
      ofProcess = true;
      JvmRuntimeInfoMetric.builder().register(registry);
      JvmMemoryMetrics.builder().register(registry);
      JvmGarbageCollectorMetrics.builder().register(registry);
      JvmThreadsMetrics.builder().register(registry);
      ProcessMetrics.builder().register(registry);
    }
  }
}
