package io.otelgraft.runtime.control;

import io.otelgraft.cluster.Informer;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Whether what is known of the cluster is what is there. Until all was read once, pods would be
 * judged by half of it: then the replica is not ready. Afterwards a cut is told once it has lasted,
 * and takes no replica out of service: another would know no better, and nobody is rejected for
 * what cannot be confirmed.
 */
final class ClusterHealth implements HealthCheck {

  private final List<Informer> informers;
  private final Duration staleAfter;
  private final InstantSource clock;

  ClusterHealth(List<Informer> informers, Duration staleAfter, InstantSource clock) {
    this.informers = List.copyOf(informers);
    this.staleAfter = staleAfter;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "cluster";
  }

  @Override
  public Health health() {
    List<String> unread = new ArrayList<>();
    List<String> stale = new ArrayList<>();
    for (Informer informer : informers) {
      String trouble = informer.trouble().map(why -> " (" + why + ")").orElse("");
      Optional<Instant> since = informer.cutOffSince();
      if (!informer.isFilled()) {
        unread.add(informer.resource() + trouble);
      } else if (since.isPresent() && since.get().plus(staleAfter).isBefore(clock.instant())) {
        stale.add(informer.resource() + " since " + since.get() + trouble);
      }
    }
    if (!unread.isEmpty()) {
      return Health.failed("not read yet: " + String.join(", ", unread));
    }
    return stale.isEmpty()
        ? Health.OK
        : Health.degraded("the API server tells nothing of " + String.join(", ", stale));
  }

  /** For how long at least one kind has not been told of; zero while all are. */
  Duration staleness() {
    Instant now = clock.instant();
    return informers.stream()
        .flatMap(informer -> informer.cutOffSince().stream())
        .map(since -> Duration.between(since, now))
        .max(Duration::compareTo)
        .orElse(Duration.ZERO);
  }
}
