package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Resources.Lookup;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;
import java.util.function.Supplier;

/**
 * What a running Graft is made of, as it is whenever somebody asks.
 *
 * @param catalogue the plugins
 * @param instrumentations all Instrumentations by {@code namespace/name}
 * @param certificate when the certificate that is served can be trusted
 * @param lostThreads how many threads have not come back from a decision
 * @param cluster what it is in the cluster that it runs in; empty outside of any
 */
public record State(
    Supplier<Catalogue> catalogue,
    Supplier<Map<String, Lookup>> instrumentations,
    Supplier<Validity> certificate,
    IntSupplier lostThreads,
    Optional<InCluster> cluster) {

  /**
   * What one of the replicas in a cluster is.
   *
   * @param staleness for how long the API server has told nothing; zero while it tells
   * @param leads whether this replica writes for all
   * @param failingDuties how many duties did not succeed the last time
   */
  public record InCluster(
      Supplier<Duration> staleness, BooleanSupplier leads, IntSupplier failingDuties) {}
}
