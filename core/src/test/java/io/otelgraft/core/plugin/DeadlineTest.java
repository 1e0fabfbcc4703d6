package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.spi.Injection;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A plugin that does not come back costs its language, and neither the caller nor the process. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
final class DeadlineTest {
  private static final Duration SHORT = Duration.ofMillis(500);
  private static final Duration LONG = Duration.ofSeconds(30);
  private static final int THREADS = 2;

  private static final int CARRIERS = 1;

  private final Deadline deadline = new Deadline(THREADS, new Semaphore(CARRIERS));

  @AfterEach
  void end() {
    deadline.close();
  }

  @Test
  void the_result_is_what_was_computed() throws Exception {
    assertThat(deadline.<String>run(LONG, () -> "result")).isEqualTo("result");
    assertThat(deadline.<String>run(LONG, () -> null)).isNull();
  }

  @Test
  void a_virtual_caller_has_it_computed_on_a_virtual_thread_that_inherits_nothing()
      throws Exception {
    assertThat(deadline.<Boolean>run(LONG, () -> Thread.currentThread().isVirtual())).isFalse();

    var inherited = new InheritableThreadLocal<String>();
    var loader = new ClassLoader() {};
    virtually(() -> {
      inherited.set("the caller's");
      Thread.currentThread().setContextClassLoader(loader);
      deadline.run(
          LONG,
          () -> {
            assertThat(Thread.currentThread().isVirtual()).isTrue();
            assertThat(inherited.get()).isNull();
            assertThat(Thread.currentThread().getContextClassLoader()).isNotSameAs(loader);
            return null;
          });
      return null;
    });
  }

  @Test
  void carriers_are_lent_again_only_when_none_is_lost() throws Exception {
    var end = new CountDownLatch(1);
    LoadedPlugin loop = plugin(injection -> spinUntil(() -> end.getCount() == 0));
    Callable<Boolean> computedVirtually =
        () -> deadline.run(LONG, () -> Thread.currentThread().isVirtual());

    assertThatThrownBy(() -> virtually(() -> deadline.run(SHORT, injecting(loop))))
        .hasRootCauseInstanceOf(PluginFailure.class)
        .hasMessageContaining("did not return within 500 ms");
    assertThat(deadline.runaways()).isEqualTo(1);
    assertThat(virtually(computedVirtually)).isFalse();

    end.countDown();
    spinUntil(() -> deadline.runaways() == 0);
    assertThat(virtually(computedVirtually)).isTrue();
    assertThat(loop.quarantined()).isFalse();
  }

  @Test
  void who_finds_all_carriers_taken_is_served_by_a_platform_thread() throws Exception {
    var end = new CountDownLatch(1);
    var busy = new CountDownLatch(CARRIERS);
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Callable<Void> taking =
          () ->
              deadline.run(
                  LONG,
                  () -> {
                    busy.countDown();
                    return spinUntil(() -> end.getCount() == 0);
                  });
      List<Future<Void>> taken =
          Stream.generate(() -> clients.submit(taking)).limit(CARRIERS).toList();
      busy.await();

      assertThat(virtually(() -> deadline.run(LONG, () -> Thread.currentThread().isVirtual())))
          .isFalse();

      end.countDown();
      for (Future<Void> one : taken) {
        one.get();
      }
    }
  }

  /** Two of them are in a process: what one may lend, the other may not lend as well. */
  @Test
  void one_carrier_is_left_whoever_lends_the_others() throws Exception {
    int all =
        Integer.getInteger(
            "jdk.virtualThreadScheduler.parallelism", Runtime.getRuntime().availableProcessors());
    var end = new CountDownLatch(1);
    var busy = new CountDownLatch(all);
    try (var one = new Deadline(all);
        var other = new Deadline(all);
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var virtual = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < all; i++) {
        Deadline lending = i % 2 == 0 ? one : other;
        virtual.add(
            clients.submit(() ->
                lending.run(
                    LONG,
                    () -> {
                      busy.countDown();
                      spinUntil(() -> end.getCount() == 0);
                      return Thread.currentThread().isVirtual();
                    })));
      }
      busy.await();
      end.countDown();
      int lent = 0;
      for (Future<Boolean> each : virtual) {
        lent += each.get() ? 1 : 0;
      }
      assertThat(lent).isEqualTo(all - 1);
    }
  }

  private static <T> T virtually(Callable<T> work) throws Exception {
    try (ExecutorService caller = Executors.newVirtualThreadPerTaskExecutor()) {
      return caller.submit(work).get();
    }
  }

  @Test
  void what_the_computation_throws_is_thrown_to_the_caller() {
    var exception = new IllegalStateException("boom");
    var error = new AssertionError("boom");

    assertThatThrownBy(() -> deadline.run(LONG, throwing(exception))).isSameAs(exception);
    assertThatThrownBy(() -> deadline.run(LONG, throwing(error))).isSameAs(error);
  }

  @Test
  void a_failing_plugin_fails_through_it() {
    LoadedPlugin plugin =
        plugin(injection -> {
          throw new IllegalStateException("boom");
        });

    assertThatThrownBy(() -> deadline.run(LONG, injecting(plugin)))
        .isInstanceOf(PluginFailure.class)
        .hasMessageContaining("boom");
  }

  @Test
  void a_loop_without_an_end_in_a_jar_ends_within_two_seconds(@TempDir Path folder)
      throws Exception {
    PluginJar.language("loop")
        .member("public void inject(Injection in) { while (true) {} }")
        .in(folder);
    PluginJar.language("fine").in(folder);
    Catalogue catalogue = Plugins.load(folder);
    LoadedPlugin loop = catalogue.language("loop").orElseThrow();
    LoadedPlugin fine = catalogue.language("fine").orElseThrow();
    long start = System.nanoTime();

    var failure =
        catchThrowableOfType(PluginFailure.class, () -> deadline.run(SHORT, injecting(loop)));
    String decision =
        deadline.run(
            SHORT,
            () -> {
              fine.inject(null);
              return "without loop";
            });

    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(2));
    assertThat(failure)
        .hasMessageContaining("loop.jar")
        .hasMessageContaining("did not return within 500 ms");
    assertThat(failure.language()).isEqualTo("loop");
    assertThat(decision).isEqualTo("without loop");
    assertThat(loop.quarantined()).isTrue();
    assertThat(fine.quarantined()).isFalse();
    assertThat(deadline.runaways()).isEqualTo(1);
  }

  @Test
  void threads_that_do_not_come_back_leave_the_others_their_place() throws Exception {
    var end = new CountDownLatch(1);
    var plugins = new ArrayList<LoadedPlugin>();
    for (int i = 0; i < 3 * THREADS; i++) {
      plugins.add(plugin(injection -> spinUntil(() -> end.getCount() == 0)));
    }
    for (LoadedPlugin plugin : plugins) {
      assertThatThrownBy(() -> deadline.run(SHORT, injecting(plugin)))
          .isInstanceOf(PluginFailure.class);
    }

    assertThat(deadline.runaways()).isEqualTo(plugins.size());
    assertThat(deadline.<String>run(LONG, () -> "served")).isEqualTo("served");

    end.countDown();
    spinUntil(() -> deadline.runaways() == 0);
  }

  @Test
  void threads_are_replaced_until_so_many_are_lost_that_a_new_process_is_better() throws Exception {
    var end = new CountDownLatch(1);
    try (var small = new Deadline(1, new Semaphore(0))) {
      for (int lost = 0; lost < 65; lost++) {
        assertThat(small.exhausted()).as("after %d", lost).isFalse();
        LoadedPlugin plugin = plugin(_ -> awaitThroughInterrupts(end));
        assertThatThrownBy(() -> small.run(Duration.ofMillis(50), injecting(plugin)))
            .isInstanceOf(PluginFailure.class);
      }

      assertThat(small.exhausted()).isTrue();
      assertThatThrownBy(() -> small.run(SHORT, () -> "served"))
          .isInstanceOf(TimeoutException.class);

      end.countDown();
      assertThat(small.<String>run(LONG, () -> "served")).isEqualTo("served");
    }
  }

  private static void awaitThroughInterrupts(CountDownLatch end) {
    while (end.getCount() > 0) {
      try {
        end.await();
      } catch (InterruptedException e) {
        // A plugin that does not listen.
      }
    }
  }

  @Test
  void a_storm_on_a_looping_plugin_costs_no_more_threads_than_were_inside() throws Exception {
    var end = new CountDownLatch(1);
    LoadedPlugin loop = plugin(injection -> spinUntil(() -> end.getCount() == 0));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      var answers = new ArrayList<Future<Boolean>>();
      for (int i = 0; i < 1_000; i++) {
        Callable<Boolean> client =
            () -> {
              try {
                deadline.run(SHORT, injecting(loop));
                return false;
              } catch (PluginFailure | TimeoutException e) {
                return deadline.run(LONG, () -> true);
              }
            };
        answers.add(clients.submit(client));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get(10, TimeUnit.SECONDS)).isTrue();
      }
      assertThat(deadline.runaways()).isBetween(1, THREADS + CARRIERS);
      end.countDown();
    }
  }

  @Test
  void a_plugin_that_was_only_slow_comes_back() throws Exception {
    var end = new CountDownLatch(1);
    LoadedPlugin slow = plugin(injection -> spinUntil(() -> end.getCount() == 0));
    assertThatThrownBy(() -> deadline.run(SHORT, injecting(slow)))
        .isInstanceOf(PluginFailure.class);
    assertThat(slow.quarantined()).isTrue();
    assertThatThrownBy(() -> slow.inject(null))
        .hasMessageContaining("is set aside: it did not return within 500 ms");

    end.countDown();
    spinUntil(() -> !slow.quarantined());

    deadline.run(LONG, injecting(slow));
    assertThat(slow.failures()).isEqualTo(1);
    spinUntil(() -> deadline.runaways() == 0);
  }

  @Test
  void a_plugin_that_waits_is_interrupted_and_counts_once() {
    LoadedPlugin waiting =
        plugin(injection -> {
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });

    assertThatThrownBy(() -> deadline.run(SHORT, injecting(waiting)))
        .hasMessageContaining("did not return within");

    spinUntil(() -> deadline.runaways() == 0);
    assertThat(waiting.failures()).isEqualTo(1);
    assertThat(waiting.quarantined()).isFalse();
  }

  @Test
  void after_its_deadline_a_computation_calls_no_further_plugin() {
    var computed = new AtomicReference<Throwable>();
    LoadedPlugin next = plugin(injection -> {});
    var end = new CountDownLatch(1);

    assertThatThrownBy(() ->
            deadline.run(
                SHORT,
                () -> {
                  spinUntil(() -> end.getCount() == 0);
                  try {
                    next.inject(null);
                    computed.set(new AssertionError("the plugin was called"));
                  } catch (PluginFailure e) {
                    computed.set(e);
                  }
                  return null;
                }))
        .isInstanceOf(TimeoutException.class);
    end.countDown();

    spinUntil(() -> computed.get() != null);
    assertThat(computed.get()).hasMessageContaining("the deadline is over");
    assertThat(next.failures()).isZero();
  }

  @Test
  void threads_that_are_stuck_outside_of_any_plugin_leave_the_others_their_place()
      throws Exception {
    var end = new CountDownLatch(1);
    for (int i = 0; i < 2 * THREADS; i++) {
      assertThatThrownBy(() -> deadline.run(SHORT, () -> spinUntil(() -> end.getCount() == 0)))
          .isInstanceOf(Deadline.Overrun.class)
          .hasMessage("not done within 500 ms");
    }

    assertThat(deadline.runaways()).isEqualTo(2 * THREADS);
    assertThat(deadline.<String>run(LONG, () -> "served")).isEqualTo("served");

    end.countDown();
    spinUntil(() -> deadline.runaways() == 0);
  }

  @Test
  void what_found_no_thread_in_time_is_never_computed_and_costs_none() throws Exception {
    var end = new CountDownLatch(1);
    var started = new CountDownLatch(THREADS + CARRIERS);
    var computed = new AtomicReference<String>();
    Callable<Void> busy =
        () ->
            deadline.run(
                LONG,
                () -> {
                  started.countDown();
                  return spinUntil(() -> end.getCount() == 0);
                });
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Void>> others =
          Stream.generate(() -> clients.submit(busy)).limit(THREADS + CARRIERS).toList();
      started.await();

      assertThatThrownBy(() -> deadline.run(SHORT, () -> computed.getAndSet("late")))
          .isExactlyInstanceOf(TimeoutException.class);

      assertThat(deadline.runaways()).isZero();
      end.countDown();
      for (Future<Void> other : others) {
        other.get();
      }
    }
    assertThat(deadline.<String>run(LONG, () -> "after it")).isEqualTo("after it");
    assertThat(computed).hasNullValue();
  }

  @Test
  void a_plugin_that_came_to_a_thread_when_little_time_was_left_is_not_blamed() throws Exception {
    var limit = Duration.ofSeconds(2);
    var end = new CountDownLatch(1);
    LoadedPlugin slow = plugin(injection -> spinUntil(() -> end.getCount() == 0));
    var started = new CountDownLatch(1);
    try (var single = new Deadline(1, new Semaphore(0));
        ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Void> before =
          clients.submit(() ->
              single.run(
                  LONG,
                  () -> {
                    started.countDown();
                    long late = System.nanoTime() + limit.toNanos() * 49 / 50;
                    return spinUntil(() -> System.nanoTime() > late);
                  }));
      started.await();

      assertThatThrownBy(() -> single.run(limit, injecting(slow)))
          .isExactlyInstanceOf(TimeoutException.class);

      end.countDown();
      spinUntil(before::isDone);
    }
    assertThat(slow.failures()).isZero();
    assertThat(slow.quarantined()).isFalse();
  }

  @Test
  void an_interrupted_caller_gets_its_result_and_stays_interrupted() throws Exception {
    Thread.currentThread().interrupt();

    String result = deadline.run(LONG, () -> "result");

    assertThat(Thread.interrupted()).isTrue();
    assertThat(result).isEqualTo("result");
  }

  private static LoadedPlugin plugin(Consumer<Injection> inject) {
    return Catalogue.of(
            new LanguagePlugin() {
              @Override
              public Language language() {
                return Language.named("x").build();
              }

              @Override
              public void inject(Injection injection) {
                inject.accept(injection);
              }
            })
        .languages()
        .getFirst();
  }

  private static Supplier<Void> injecting(LoadedPlugin plugin) {
    return () -> {
      plugin.inject(null);
      return null;
    };
  }

  private static Supplier<Void> throwing(Throwable thrown) {
    return () -> {
      if (thrown instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) thrown;
    };
  }

  private static Void spinUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      Thread.onSpinWait();
    }
    return null;
  }
}
