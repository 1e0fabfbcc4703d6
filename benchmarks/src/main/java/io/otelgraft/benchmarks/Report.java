package io.otelgraft.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * What a run found.
 *
 * @param machine where it was
 * @param figures what it measured
 */
record Report(Machine machine, List<Figure> figures) {

  Report {
    figures = List.copyOf(figures);
  }

  /** The figures beside their limits. */
  String table() {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "limit", "this run", ""));
    for (Figure figure : figures) {
      Unit unit = figure.unit();
      String value = unit.text(figure.value());
      rows.add(
          List.of(
              figure.title(),
              figure.limit().isPresent() ? unit.text(figure.limit().getAsDouble()) : "",
              figure.noise() == 0 ? value : value + " ± " + percent(figure.relativeNoise()),
              verdict(figure)));
    }
    return aligned(rows);
  }

  private static String verdict(Figure figure) {
    if (figure.limit().isEmpty()) {
      return "";
    }
    double worse = figure.worseBy(figure.limit().getAsDouble());
    if (worse > 0) {
      return "MISSED by " + percent(worse);
    }
    return worse == 0 ? "met" : "met, better by " + percent(-worse);
  }

  /** The figures beside those of another run, and which of them differ by more than the noise. */
  String comparedTo(JsonNode before) {
    List<List<String>> rows = new ArrayList<>();
    rows.add(List.of("", "before", "this run", ""));
    for (Figure figure : figures) {
      Unit unit = figure.unit();
      Difference difference = Difference.of(figure, before);
      rows.add(
          List.of(
              figure.title(),
              difference == null ? "" : unit.text(difference.before()),
              unit.text(figure.value()),
              difference == null ? "not measured before" : difference.text()));
    }
    return aligned(rows);
  }

  /** The names of the figures that are worse than before by more than a share, and the noise. */
  List<String> worseThan(JsonNode before, double share) {
    List<String> worse = new ArrayList<>();
    for (Figure figure : figures) {
      Difference difference = Difference.of(figure, before);
      if (difference != null
          && difference.worseBy() > share
          && difference.worseBy() > difference.margin()) {
        worse.add(figure.name());
      }
    }
    return worse;
  }

  /**
   * How a figure differs from that of an earlier run.
   *
   * @param before the value then
   * @param worseBy by which share it is worse now; negative if it is better
   * @param margin which share of it is noise
   */
  private record Difference(double before, double worseBy, double margin) {

    /**
     * What two runs of one build on a quiet machine differ by even when each of them is steady:
     * memory is laid out and code compiled in another way each time.
     */
    private static final double BETWEEN_RUNS = 0.05;

    /** Null if the other run has not measured it. */
    static Difference of(Figure figure, JsonNode report) {
      for (JsonNode one : report.path("figures")) {
        if (one.path("name").asText().equals(figure.name())) {
          double before = one.path("value").asDouble();
          double noise = before == 0 ? 0 : one.path("noise").asDouble() / Math.abs(before);
          return new Difference(
              before,
              figure.worseBy(before),
              BETWEEN_RUNS + 2 * Math.hypot(noise, figure.relativeNoise()));
        }
      }
      return null;
    }

    String text() {
      String by = percent(Math.abs(worseBy));
      if (Math.abs(worseBy) <= margin) {
        return "same: " + by + " apart, noise " + percent(margin);
      }
      return (worseBy > 0 ? "WORSE by " : "better by ") + by + ", noise " + percent(margin);
    }
  }

  /** As {@code --json} stores it. */
  ObjectNode toJson() {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    json.set("machine", machine.toJson());
    ArrayNode all = json.putArray("figures");
    figures.forEach(figure -> all.add(figure.toJson()));
    return json;
  }

  /** As it is written to a file. */
  String pretty() {
    return Json.pretty(toJson());
  }

  private static String percent(double share) {
    double percent = share * 100;
    return String.format(Locale.ROOT, Math.abs(percent) < 10 ? "%.1f %%" : "%.0f %%", percent);
  }

  private static String aligned(List<List<String>> rows) {
    int[] widths = new int[rows.getFirst().size()];
    for (List<String> row : rows) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    StringBuilder text = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < widths.length; i++) {
        String padding = " ".repeat(widths[i] - row.get(i).length());
        boolean number = i == 1 || i == 2;
        line.append(i == 0 ? "" : "  ")
            .append(number ? padding + row.get(i) : row.get(i) + padding);
      }
      text.append(line.toString().stripTrailing()).append('\n');
    }
    return text.toString();
  }
}
