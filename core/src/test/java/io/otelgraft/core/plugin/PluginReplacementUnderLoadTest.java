package io.otelgraft.core.plugin;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.FileResources;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.fixtures.PluginJar;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plugins are replaced while pods are admitted. */
final class PluginReplacementUnderLoadTest {
  private static final int REPLACEMENTS = 200;
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final long MEGABYTE = 1 << 20;

  private static final String POD =
      """
      apiVersion: v1
      kind: Pod
      metadata:
        name: cart
        namespace: shop
        annotations: {instrumentation.opentelemetry.io/inject-quill: "true"}
      spec:
        containers: [{name: app, image: "app:1.2"}]
      """;

  private static final String INSTRUMENTATION =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: standard, namespace: shop}
      spec: {exporter: {endpoint: "http://collector:4318"}}
      """;

  /**
   * Names its generation in its image, in the default of a setting, when it examines and when it
   * injects, the last time from a class that is loaded when the first pod comes.
   */
  private static final byte[] PLUGIN =
      PluginJar.language("quill")
          .member(
              """
              private static final String GENERATION = Resource.read();
              private static final Setting<String> MARK =
                  Setting.text("mark").defaultsTo(GENERATION);
              """)
          .declaring(".section(\"quill\", MARK).image(\"example.org/quill\", GENERATION)")
          .member(
              """
              public void examine(Target target, Verdict verdict) {
                verdict.note(GENERATION);
              }

              public void inject(Injection in) {
                Agent agent = in.agent(AgentSource.directory(in.section().image(), "/agent"));
                for (Target target : in.targets()) {
                  Container container = in.edit(target);
                  agent.mountIn(container);
                  container.env()
                      .setIfAbsent("MARK", in.section().get(MARK).orElseThrow())
                      .setIfAbsent("LATE", Late.GENERATION);
                }
              }
              """)
          .source(
              "plugin.quill.Late",
              "class Late { static final String GENERATION = Resource.read(); }")
          .source(
              "plugin.quill.Resource",
              """
              class Resource {
                static String read() {
                  try (var stream = Resource.class.getResourceAsStream("/generation")) {
                    return new String(stream.readAllBytes());
                  } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                  }
                }
              }
              """)
          .bytes();

  @TempDir private Path folder;

  @Test
  void two_hundred_replacements_under_a_thousand_injections_a_second_disturb_none()
      throws Exception {
    Path jar = Files.write(folder.resolve("quill.jar"), generation(0));
    var loaders = new ArrayList<WeakReference<ClassLoader>>();
    var failures = new ConcurrentLinkedQueue<Throwable>();
    var generations = new ConcurrentHashMap<Long, String>();
    var injections = new AtomicInteger();
    long heapBefore = 0;

    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline();
        var requests = Executors.newVirtualThreadPerTaskExecutor();
        var clock = Executors.newSingleThreadScheduledExecutor()) {
      Admission admission = admission(plugins, deadline);
      Runnable request =
          () -> {
            try {
              Decision decision = admission.decide(request());
              String generation = generation(decision);
              String known = generations.putIfAbsent(decision.catalogue(), generation);
              assertThat(known).isIn(null, generation);
              injections.incrementAndGet();
            } catch (Throwable thrown) {
              failures.add(thrown);
            }
          };
      for (int i = 0; i < 1_000; i++) {
        request.run(); // So that the JVM has compiled what a thousand a second need.
      }
      var ticking = clock.scheduleAtFixedRate(() -> requests.execute(request), 0, 1, MILLISECONDS);

      for (int i = 1; i <= REPLACEMENTS; i++) {
        loaders.add(new WeakReference<>(only(plugins.current()).loader()));
        replace(jar, i, plugins);
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
    assertThat(generations).containsValue("0").containsValue("" + REPLACEMENTS);
  }

  private static Admission admission(Plugins plugins, Deadline deadline) {
    Settings settings = Settings.builder().build();
    var documents = Documents.read("scene", INSTRUMENTATION).list();
    var resources = FileResources.of(documents, "default", settings);
    return new Admission(plugins::current, resources, settings, deadline);
  }

  private static PodRequest request() {
    var pod = Documents.read("pod", POD).list().getFirst().tree();
    return PodTemplate.in(pod, "shop").getFirst().request();
  }

  /** The one generation that a decision names. */
  private static String generation(Decision decision) {
    assertThat(decision.outcome()).as(decision.message()).isEqualTo(Decision.Outcome.INJECTED);
    var named = new TreeSet<String>();
    decision.findings().forEach(finding -> named.add(finding.message()));
    JsonNode spec = decision.pod().path("spec");
    named.add(spec.at("/initContainers/0/image").asText().replace("example.org/quill:", ""));
    for (JsonNode variable : spec.at("/containers/0/env")) {
      if (List.of("MARK", "LATE").contains(variable.path("name").asText())) {
        named.add(variable.path("value").asText());
      }
    }
    assertThat(named).hasSize(1);
    return named.first();
  }

  /** Replaces the jar in one step, or writes it in two with a look at the half, in turn. */
  private static void replace(Path jar, int i, Plugins plugins) throws IOException {
    byte[] whole = generation(i);
    if (i % 2 == 0) {
      Path beside = Files.write(jar.resolveSibling(".quill.jar.new"), whole);
      Files.move(beside, jar, ATOMIC_MOVE);
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

  private static LoadedPlugin only(Catalogue catalogue) {
    return catalogue.languages().getFirst();
  }

  private static byte[] generation(int i) {
    return PluginJar.withFile(PLUGIN, "generation", "" + i);
  }

  private static long heapInUse() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private static void waitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
    }
  }
}
