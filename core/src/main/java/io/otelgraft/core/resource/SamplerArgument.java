package io.otelgraft.core.resource;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks the argument of a sampler.
 *
 * @see <a
 *     href="https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/">OTEL_TRACES_SAMPLER_ARG</a>
 */
final class SamplerArgument {

  private static final String ENDPOINT = "endpoint";
  private static final String INTERVAL = "pollingIntervalMs";
  private static final String RATE = "initialSamplingRate";
  private static final List<String> REMOTE_KEYS = List.of(ENDPOINT, INTERVAL, RATE);

  private SamplerArgument() {}

  static void check(String type, String argument, FieldPath at, Findings findings) {
    switch (type) {
      case "traceidratio", "parentbased_traceidratio" -> {
        if (!isRatio(argument)) {
          findings.error(
              at,
              "%s \"%s\" is not a number from 0 to 1".formatted(at, argument),
              "write the share of traces to keep, such as \"0.1\" for 10 %");
        }
      }
      case "jaeger_remote", "parentbased_jaeger_remote" -> remote(argument, at, findings);
      case "always_on", "always_off", "parentbased_always_on", "parentbased_always_off" ->
          findings.warning(
              at,
              "%s \"%s\" means nothing: the sampler %s takes no argument"
                  .formatted(at, argument, type),
              "remove it, or choose parentbased_traceidratio");
      default -> {
        // What the others take is not written down anywhere.
      }
    }
  }

  private static void remote(String argument, FieldPath at, Findings findings) {
    for (String pair : pairs(argument)) {
      int equals = pair.indexOf('=');
      String key = pair.substring(0, Math.max(equals, 0)).strip();
      String value = pair.substring(equals + 1).strip();
      Optional<String> problem =
          switch (key) {
            case "" ->
                Optional.of("has \"" + pair.strip() + "\", which is not of the form key=value");
            case ENDPOINT ->
                value.isEmpty() ? Optional.of("has an empty endpoint") : Optional.empty();
            case INTERVAL ->
                isCount(value)
                    ? Optional.empty()
                    : Optional.of(INTERVAL + " \"" + value + "\" is not a whole number");
            case RATE ->
                isRatio(value)
                    ? Optional.empty()
                    : Optional.of(RATE + " \"" + value + "\" is not a number from 0 to 1");
            default -> {
              findings.warning(
                  at,
                  "%s has the unknown key %s".formatted(at, key),
                  NearestName.of(key, REMOTE_KEYS).map(near -> "write " + near + ", or ").orElse("")
                      + "remove it; the sampler knows "
                      + String.join(", ", REMOTE_KEYS));
              yield Optional.empty();
            }
          };
      problem.ifPresent(what ->
          findings.error(
              at,
              at + " " + what,
              "write endpoint=http://collector:14250,pollingIntervalMs=5000,initialSamplingRate=0.25"));
    }
  }

  /**
   * The {@code key=value} pairs of a list. A comma within the endpoint's URL does not end it: what
   * follows has no {@code =}. Nor does a further {@code =}.
   */
  private static List<String> pairs(String argument) {
    List<String> pairs = new ArrayList<>();
    for (String piece : argument.split(",", -1)) {
      boolean goesOn =
          piece.indexOf('=') < 0
              && !pairs.isEmpty()
              && pairs.getLast().strip().startsWith(ENDPOINT + "=");
      if (goesOn) {
        pairs.add(pairs.removeLast() + "," + piece);
      } else {
        pairs.add(piece);
      }
    }
    return pairs;
  }

  private static boolean isRatio(String text) {
    return Decimal.parse(text)
        .filter(number -> number.signum() >= 0 && number.compareTo(BigDecimal.ONE) <= 0)
        .isPresent();
  }

  private static boolean isCount(String text) {
    return !text.isEmpty()
        && text.length() < 10
        && text.chars().allMatch(c -> c >= '0' && c <= '9');
  }
}
