package io.otelgraft.runtime.server;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * What is answered on the port of health and metrics.
 *
 * @param readiness what has to be well for reviews to be sent here: {@code /readyz}
 * @param liveness what a restart mends when it is not well: {@code /livez}
 * @param metrics what {@code /metrics} answers
 */
public record Management(
    List<HealthCheck> readiness, List<HealthCheck> liveness, Supplier<Scrape> metrics) {
  public Management {
    readiness = List.copyOf(readiness);
    liveness = List.copyOf(liveness);
  }

  /** The same, ready only if this is well, too. */
  Management and(HealthCheck check) {
    return new Management(
        Stream.concat(readiness.stream(), Stream.of(check)).toList(), liveness, metrics);
  }
}
