package io.otelgraft.e2e.cluster;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A sample in the Prometheus text format.
 *
 * @param name the metric's, or with {@code _bucket} and the like behind it
 */
record MetricSample(String name, Map<String, String> labels, double value) {

  private static final Pattern SAMPLE =
      Pattern.compile("(?<name>[a-z_]+)(?:\\{(?<labels>.*)})? (?<value>\\S+)");
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** What the API server tells of itself. */
  static List<MetricSample> ofApiServer(Kubectl kubectl) {
    return at(kubectl, "/metrics");
  }

  /** What a path of the API, such as one that leads to a pod, has. */
  static List<MetricSample> at(Kubectl kubectl, String path) {
    return kubectl
        .run("get", "--raw", path)
        .lines()
        .map(SAMPLE::matcher)
        .filter(Matcher::matches)
        .map(line ->
            new MetricSample(
                line.group("name"),
                labels(line.group("labels")),
                Double.parseDouble(line.group("value").replace("Inf", "Infinity"))))
        .toList();
  }

  private static Map<String, String> labels(String text) {
    Map<String, String> labels = new TreeMap<>();
    if (text != null) {
      Matcher label = LABEL.matcher(text);
      while (label.find()) {
        labels.put(label.group(1), label.group(2));
      }
    }
    return labels;
  }
}
