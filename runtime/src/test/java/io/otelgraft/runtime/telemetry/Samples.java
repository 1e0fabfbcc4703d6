package io.otelgraft.runtime.telemetry;

import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Metrics as a Prometheus server reads them. Refuses what such a server refuses.
 *
 * @param types the type of each family
 * @param values the value of each sample by its name and labels as they are written
 * @see <a href="https://prometheus.io/docs/instrumenting/exposition_formats/">Text-based format</a>
 */
record Samples(Map<String, String> types, Map<String, Double> values) {

  private static final String NAME = "[a-zA-Z_:][a-zA-Z0-9_:]*";
  private static final String LABEL = NAME + "=\"(?:[^\"\\\\\n]|\\\\[\\\\\"n])*\"";
  private static final Pattern SAMPLE =
      Pattern.compile(
          "(" + NAME + ")(\\{" + LABEL + "(?:," + LABEL + ")*})? ([-+]?[0-9.eE+-]+|NaN|[-+]?Inf)");
  private static final Pattern TYPE =
      Pattern.compile("# TYPE (" + NAME + ") (counter|gauge|histogram|summary|untyped)");
  private static final Pattern HELP = Pattern.compile("# HELP (" + NAME + ") (.+)");

  static Samples of(byte[] body) {
    Samples samples = new Samples(new TreeMap<>(), new LinkedHashMap<>());
    new String(body, StandardCharsets.UTF_8).lines().forEach(samples::read);
    return samples;
  }

  private void read(String line) {
    Matcher type = TYPE.matcher(line);
    Matcher sample = SAMPLE.matcher(line);
    if (type.matches()) {
      refuse(types.put(type.group(1), type.group(2)) != null, "second TYPE", line);
    } else if (sample.matches()) {
      refuse(!types.containsKey(family(sample.group(1))), "no TYPE before", line);
      double value =
          switch (sample.group(3)) {
            case "+Inf", "Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(sample.group(3));
          };
      String name = sample.group(1) + (sample.group(2) == null ? "" : sample.group(2));
      refuse(values.put(name, value) != null, "second sample", line);
    } else {
      refuse(!HELP.matcher(line).matches(), "not understood", line);
    }
  }

  private String family(String sample) {
    if (types.containsKey(sample)) {
      return sample;
    }
    return sample.replaceFirst("_(bucket|sum|count)$", "");
  }

  private static void refuse(boolean wrong, String why, String line) {
    if (wrong) {
      throw new AssertionError(why + ": " + line);
    }
  }

  double value(String sample) {
    Double value = values.get(sample);
    refuse(value == null, "not among " + values.keySet(), sample);
    return value;
  }
}
