package io.otelgraft.core.admission;

import static io.otelgraft.core.admission.Scene.inject;
import static io.otelgraft.core.admission.Scene.pod;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.PluginJar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins are replaced while pods are admitted. */
final class ReplacementTest {
  private static final int REPLACEMENTS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  /** Says its generation in a setting's default, in examine and in inject. */
  private static final byte[] PLUGIN =
      PluginJar.language("quill")
          .member(
              """
              private static final String GENERATION = read();

              private static String read() {
                try (var stream = Provider.class.getResourceAsStream("/generation")) {
                  return new String(stream.readAllBytes());
                } catch (java.io.IOException e) {
                  throw new IllegalStateException(e);
                }
              }

              private static final Setting<String> MARK =
                  Setting.text("mark").describe("The generation.").defaultsTo(GENERATION);
              """)
          .declaring(".section(\"quill\", MARK)")
          .member(
              """
              public void examine(Target target, Verdict verdict) {
                verdict.note(GENERATION);
              }

              public void inject(Injection in) {
                for (Target target : in.targets()) {
                  in.edit(target).env()
                      .setIfAbsent("SECTION", in.section().get(MARK).orElseThrow())
                      .setIfAbsent("INJECT", GENERATION);
                }
              }
              """)
          .bytes();

  @TempDir private Path folder;

  @Test
  void each_of_a_thousand_decisions_a_second_is_made_by_one_generation() throws Exception {
    replace(0);
    Settings settings = Settings.standard();
    FileResources resources =
        FileResources.of(
            Documents.read("scene", Scene.INSTRUMENTATION).list(), "default", settings);
    PodRequest request =
        PodTemplate.in(Scene.tree(pod(inject("quill", "true"))), "shop").getFirst().request();
    var wrong = new ConcurrentLinkedQueue<String>();
    var decisions = new AtomicInteger();
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline();
        var requests = Executors.newVirtualThreadPerTaskExecutor();
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      Admission admission = new Admission(plugins::current, resources, settings, deadline);
      Runnable decide =
          () -> {
            Decision decision = admission.decide(request);
            Set<String> generations = generations(decision);
            if (decision.outcome() != Outcome.INJECTED || generations.size() != 1) {
              wrong.add(decision.outcome() + " " + decision.message() + " by " + generations);
            }
            decisions.incrementAndGet();
          };
      var ticking = clock.scheduleAtFixedRate(() -> requests.execute(decide), 0, 1, MILLISECONDS);

      for (int i = 1; i <= REPLACEMENTS; i++) {
        replace(i);
        plugins.reload();
        int seen = decisions.get();
        waitUntil(() -> decisions.get() > seen + 5);
      }
      ticking.cancel(false);

      assertThat(wrong).isEmpty();
      assertThat(generations(admission.decide(request)))
          .containsExactly("generation " + REPLACEMENTS);
    }
  }

  /** Every generation that a decision shows a trace of. */
  private static Set<String> generations(Decision decision) {
    Set<String> generations = new TreeSet<>();
    decision.findings().forEach(finding -> generations.add(finding.message()));
    for (JsonNode entry : decision.pod().at("/spec/containers/0/env")) {
      if (Set.of("SECTION", "INJECT").contains(entry.path("name").asText())) {
        generations.add(entry.path("value").asText());
      }
    }
    return generations;
  }

  private void replace(int i) throws IOException {
    Path beside =
        Files.write(
            folder.resolve(".quill.jar.new"),
            PluginJar.withFile(PLUGIN, "generation", "generation " + i));
    Files.move(beside, folder.resolve("quill.jar"), ATOMIC_MOVE);
  }

  private static void waitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
      LockSupport.parkNanos(MILLISECONDS.toNanos(1));
    }
  }
}
