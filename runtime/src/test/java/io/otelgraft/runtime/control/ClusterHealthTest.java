package io.otelgraft.runtime.control;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.Informer;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.Health.State;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class ClusterHealthTest {
  private static final Duration STALE = Duration.ofMinutes(5);

  private final StandIn cluster = new StandIn();
  private Informer namespaces;

  @AfterEach
  void close() {
    namespaces.close();
    cluster.close();
  }

  private void follow() {
    namespaces = cluster.server().follow(ApiResource.NAMESPACES, () -> {});
  }

  /** How it is some time from now. */
  private ClusterHealth in(Duration time) {
    return new ClusterHealth(List.of(namespaces), STALE, () -> Instant.now().plus(time));
  }

  private Health health() {
    return in(Duration.ZERO).health();
  }

  @Test
  void until_all_was_read_once_the_replica_is_not_ready() {
    cluster.lists(StandIn.NAMESPACES);
    cluster.api().hold();
    follow();
    assertThat(health()).isEqualTo(Health.failed("not read yet: namespaces"));

    cluster.api().release();
    eventually(() -> assertThat(health()).isEqualTo(Health.OK));
  }

  @Test
  void that_it_cannot_be_read_is_told_with_why() {
    cluster
        .api()
        .on("GET " + StandIn.NAMESPACES, 403, "{\"message\": \"namespaces is forbidden\"}");
    follow();

    eventually(() -> assertThat(health().message()).contains("not read yet: namespaces (403"));
    assertThat(health().state()).isEqualTo(State.FAILED);
  }

  @Test
  void a_cut_is_told_once_it_lasts_and_takes_no_replica_out_of_service() {
    cluster.lists(StandIn.NAMESPACES);
    follow();
    eventually(
        () -> assertThat(namespaces.isFilled() && namespaces.cutOffSince().isEmpty()).isTrue());
    assertThat(in(Duration.ofDays(1)).staleness()).isZero();

    cluster.api().breakWatch();
    cluster.api().close();
    eventually(() -> assertThat(namespaces.cutOffSince()).isPresent());

    assertThat(health()).isEqualTo(Health.OK);
    Health later = in(STALE.plusMinutes(1)).health();
    assertThat(later.state()).isEqualTo(State.DEGRADED);
    assertThat(later.message())
        .startsWith(
            "the API server tells nothing of namespaces since " + namespaces.cutOffSince().get());
    assertThat(in(STALE).staleness()).isBetween(STALE, STALE.plusMinutes(1));
  }
}
