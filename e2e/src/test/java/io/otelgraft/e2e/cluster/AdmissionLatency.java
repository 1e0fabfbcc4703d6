package io.otelgraft.e2e.cluster;

import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How long API servers waited for a webhook that changes what is created, by their own metric
 * {@code apiserver_admission_webhook_admission_duration_seconds}.
 *
 * @param count how often it was asked
 * @param seconds all the time
 * @param failedOpen how often it did not answer, and what was asked about was admitted all the same
 * @param buckets how often it took no longer than so many seconds
 */
record AdmissionLatency(
    long count, double seconds, long failedOpen, NavigableMap<Double, Long> buckets) {

  private static final String DURATION = "apiserver_admission_webhook_admission_duration_seconds";

  /**
   * As it is now.
   *
   * @param webhook its name in its configuration
   */
  static AdmissionLatency of(Kubectl kubectl, String webhook) {
    long count = 0;
    double seconds = 0;
    long failedOpen = 0;
    NavigableMap<Double, Long> buckets = new TreeMap<>();
    for (MetricSample sample : MetricSample.ofApiServer(kubectl)) {
      Map<String, String> labels = sample.labels();
      boolean asked =
          webhook.equals(labels.get("name"))
              && labels.getOrDefault("operation", "CREATE").equals("CREATE");
      if (!asked) {
        continue;
      }
      double value = sample.value();
      switch (sample.name()) {
        case DURATION + "_count" -> count += (long) value;
        case DURATION + "_sum" -> seconds += value;
        case DURATION + "_bucket" ->
            buckets.merge(bound(labels.get("le")), (long) value, Long::sum);
        case "apiserver_admission_webhook_fail_open_count" -> failedOpen += (long) value;
        default -> {
          // Another metric of the webhook.
        }
      }
    }
    return new AdmissionLatency(count, seconds, failedOpen, buckets);
  }

  private static double bound(String text) {
    return text.equals("+Inf") ? Double.POSITIVE_INFINITY : Double.parseDouble(text);
  }

  /** What came after an earlier state. */
  AdmissionLatency since(AdmissionLatency before) {
    NavigableMap<Double, Long> difference = new TreeMap<>();
    buckets.forEach(
        (bound, here) -> difference.put(bound, here - before.buckets.getOrDefault(bound, 0L)));
    return new AdmissionLatency(
        count - before.count, seconds - before.seconds, failedOpen - before.failedOpen, difference);
  }

  /** The smallest bound that so much of all did not exceed, in seconds. */
  private double within(double share) {
    for (Map.Entry<Double, Long> bucket : buckets.entrySet()) {
      if (bucket.getValue() >= share * count) {
        return bucket.getKey();
      }
    }
    return Double.NaN;
  }

  @Override
  public String toString() {
    return "%.1f ms on average, half within %.0f ms, 99 %% within %.0f ms (%d reviews)"
        .formatted(1000 * seconds / count, 1000 * within(0.5), 1000 * within(0.99), count);
  }
}
