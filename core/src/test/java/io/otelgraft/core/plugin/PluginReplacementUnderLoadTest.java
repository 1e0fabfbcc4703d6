package io.otelgraft.core.plugin;

import static io.otelgraft.core.plugin.Generations.only;
import static io.otelgraft.core.plugin.Generations.waitUntil;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins are replaced while pods are admitted. */
final class PluginReplacementUnderLoadTest {
  private static final int REPLACEMENTS = 200;
  private static final long MEGABYTE = 1 << 20;

  @TempDir private Path folder;

  @Test
  void two_hundred_replacements_under_up_to_a_thousand_injections_a_second_disturb_none()
      throws Exception {
    Path jar = Files.write(folder.resolve("quill.jar"), Generations.jar(0));
    var loaders = new ArrayList<WeakReference<ClassLoader>>();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var generations = new ConcurrentHashMap<Long, Integer>();
    var injections = new AtomicInteger();
    var inPlace = new AtomicInteger();
    long heapBefore = 0;

    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline();
        var requests = Executors.newVirtualThreadPerTaskExecutor();
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      Admission admission = Generations.admission(plugins::current, deadline);
      Runnable request =
          () -> {
            try {
              int atLeast = inPlace.get();
              Decision decision = admission.decide(Generations.request());
              int generation = Generations.of(decision);
              assertThat(generation)
                  .as("of a request that began after a replacement")
                  .isGreaterThanOrEqualTo(atLeast);
              assertThat(generations.putIfAbsent(decision.catalogue(), generation))
                  .as("of another request with the same catalogue")
                  .isIn(null, generation);
              injections.incrementAndGet();
            } catch (Throwable thrown) {
              failures.add(thrown);
            }
          };
      for (int i = 0; i < 1_000; i++) {
        request.run(); // So that the JVM has compiled what a thousand a second need.
      }
      // As many at a time as a machine can take that is busy otherwise: a stall is no disturbance.
      var room = new Semaphore(32);
      Runnable tick =
          () -> {
            if (room.tryAcquire()) {
              requests.execute(() -> {
                request.run();
                room.release();
              });
            }
          };
      var ticking = clock.scheduleAtFixedRate(tick, 0, 1, MILLISECONDS);

      for (int i = 1; i <= REPLACEMENTS; i++) {
        loaders.add(new WeakReference<>(only(plugins.current()).loader()));
        replace(jar, i, plugins);
        inPlace.set(i);
        int injected = injections.get();
        waitUntil(() -> injections.get() > injected + 5 || !failures.isEmpty());
        if (i == REPLACEMENTS / 10) {
          heapBefore = heapInUse();
        }
      }

      ticking.cancel(false);

      waitUntil(() -> {
        System.gc();
        return loaders.stream().allMatch(loader -> loader.get() == null);
      });
      long limit = heapBefore + 8 * MEGABYTE;
      waitUntil(() -> heapInUse() < limit); // What requests left behind goes in its own time.
    }
    assertThat(failures).isEmpty();
    assertThat(generations).containsValue(0).containsValue(REPLACEMENTS);
  }

  /** Replaces the jar in one step, or writes it in two with a look at the half, in turn. */
  private static void replace(Path jar, int i, Plugins plugins) throws IOException {
    byte[] whole = Generations.jar(i);
    if (i % 2 == 0) {
      Generations.moveInto(jar, whole);
    } else {
      List<LoadedPlugin> before = plugins.current().languages();
      Files.write(jar, Arrays.copyOf(whole, whole.length * (i % 10) / 10));
      Catalogue meanwhile = plugins.reload();
      assertThat(meanwhile.languages()).isEqualTo(before);
      assertThat(meanwhile.refused()).asString().contains("the one loaded before goes on");
      Files.write(jar, whole);
    }
    Catalogue after = plugins.reload();
    assertThat(after.refused()).isEmpty();
    assertThat(only(after).language().imageVersion()).contains("" + i);
  }

  private static long heapInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }
}
