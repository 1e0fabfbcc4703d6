package io.otelgraft.runtime.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.core.plugin.Deadline;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import jdk.management.VirtualThreadSchedulerMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What loops for ever takes no carrier from the others. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class VirtualThreadsTest {
  private static final VirtualThreadSchedulerMXBean SCHEDULER =
      ManagementFactory.getPlatformMXBean(VirtualThreadSchedulerMXBean.class);
  private static final int CARRIERS = SCHEDULER.getParallelism();
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);

  private final AtomicBoolean ended = new AtomicBoolean();
  private final Deadline deadline = new Deadline(4 * CARRIERS, new VirtualThreads());

  @AfterEach
  void end() {
    ended.set(true);
    deadline.close();
    awaitCarriers(CARRIERS);
  }

  private Void loop() {
    while (!ended.get()) {
      Thread.onSpinWait();
    }
    return null;
  }

  private static void awaitCarriers(int wanted) {
    while (SCHEDULER.getParallelism() != wanted) {
      Thread.onSpinWait();
    }
  }

  @Test
  void callers_of_loops_on_all_carriers_go_on_in_time_and_so_do_others() throws Exception {
    int loops = 3 * CARRIERS;
    try (ExecutorService connections = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Duration>> waits = new ArrayList<>();
      long start = System.nanoTime();
      for (int i = 0; i < loops; i++) {
        waits.add(
            connections.submit(() -> {
              assertThatThrownBy(() -> deadline.run(SHORT, this::loop))
                  .isInstanceOf(TimeoutException.class);
              return Duration.ofNanos(System.nanoTime() - start);
            }));
      }
      Future<String> other = connections.submit(() -> deadline.run(LONG, () -> "served"));

      assertThat(other.get()).isEqualTo("served");
      for (Future<Duration> wait : waits) {
        assertThat(wait.get()).isLessThan(Duration.ofSeconds(2));
      }
    }
    assertThat(deadline.runaways()).isPositive();
  }

  @Test
  void a_carrier_is_there_for_each_thread_that_does_not_come_back_for_as_long_as_it_does_not() {
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> deadline.run(SHORT, this::loop))
          .isInstanceOf(Deadline.Overrun.class);
    }

    awaitCarriers(CARRIERS + 2);
    ended.set(true);
    awaitCarriers(CARRIERS);
    assertThat(deadline.runaways()).isZero();
  }

  @Test
  void what_is_quick_runs_on_the_carriers_that_there_are() throws Exception {
    for (int i = 0; i < 1_000; i++) {
      assertThat(deadline.<Boolean>run(LONG, () -> Thread.currentThread().isVirtual())).isTrue();
    }

    assertThat(SCHEDULER.getParallelism()).isEqualTo(CARRIERS);
  }
}
