package io.otelgraft.runtime.control;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.runtime.control.LiveLook.Said;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LiveLookTest {
  private static final String IN_SHOP =
      "/apis/opentelemetry.io/v1alpha1/namespaces/shop/instrumentations";
  private static final String PODS = "/api/v1/namespaces/shop/pods";

  private final StandIn cluster = new StandIn();
  private final LiveLook live = new LiveLook(cluster.server());

  @AfterEach
  void close() {
    cluster.api().release();
    live.close();
    cluster.close();
  }

  @Test
  void those_who_ask_the_same_within_a_second_share_the_answer() {
    cluster.lists(IN_SHOP, "metadata: {name: main}");
    long start = System.nanoTime();
    for (int i = 0; i < 5; i++) {
      assertThat(live.instrumentationsIn("shop")).hasSize(1);
    }
    if (System.nanoTime() - start < Duration.ofMillis(900).toNanos()) {
      assertThat(cluster.asked("GET " + IN_SHOP)).isEqualTo(1);
    }

    cluster.lists(IN_SHOP);
    eventually(() -> assertThat(live.instrumentationsIn("shop")).isEmpty());
  }

  @Test
  void nobody_waits_longer_than_half_a_second() {
    cluster.lists(IN_SHOP);
    cluster.api().hold();
    long start = System.nanoTime();

    assertThatThrownBy(() -> live.instrumentationsIn("shop"))
        .isInstanceOf(RequestFailure.class)
        .hasMessageContaining("instrumentations in shop: there was no answer within PT0.5S");
    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isBetween(Duration.ofMillis(500), Duration.ofSeconds(10));
    assertThat(live.isMarkedIn("shop", "shop/main")).isEqualTo(Said.UNANSWERED);
    assertThat(live.isDefined("reed")).isEqualTo(Said.UNANSWERED);
  }

  @Test
  void so_many_questions_wait_and_the_next_is_told_at_once() throws Exception {
    cluster.api().hold();
    List<CompletableFuture<Said>> waiting = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      String language = "reed" + i;
      waiting.add(
          CompletableFuture.supplyAsync(
              () -> live.isDefined(language), Thread::startVirtualThread));
    }
    eventually(() -> assertThat(cluster.asked("GET " + StandIn.DEFINITION)).isEqualTo(8));

    assertThatThrownBy(() -> live.instrumentationsIn("shop"))
        .isInstanceOf(RequestFailure.class)
        .hasMessageContaining("too many questions");

    for (CompletableFuture<Said> one : waiting) {
      assertThat(one.get(10, TimeUnit.SECONDS)).isEqualTo(Said.UNANSWERED);
    }
    cluster.api().release();
    cluster.lists(IN_SHOP);
    eventually(() -> assertThat(live.instrumentationsIn("shop")).isEmpty());
  }

  @Test
  void a_mark_is_found_among_the_pods() {
    cluster.lists(
        PODS,
        "metadata: {name: a}",
        """
        metadata:
          name: b
          annotations:
            otelgraft.io/injected: '{"languages":{"quill":{"instrumentation":"shop/main","generation":2}}}'
        """);

    assertThat(live.isMarkedIn("shop", "shop/main")).isEqualTo(Said.YES);
    assertThat(live.isMarkedIn("shop", "shop/other")).isEqualTo(Said.NO);
  }

  @Test
  void a_refusal_is_no_answer() {
    cluster.api().on("GET " + PODS, 403, "{\"message\": \"pods is forbidden\"}");
    cluster.api().on("GET " + StandIn.DEFINITION, 503, "");

    assertThat(live.isMarkedIn("shop", "shop/main")).isEqualTo(Said.UNANSWERED);
    assertThat(live.isDefined("reed")).isEqualTo(Said.UNANSWERED);
  }
}
