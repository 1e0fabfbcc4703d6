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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** The generations of one plugin, and pods that show by which of them they were injected. */
final class Generations {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

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

  private Generations() {}

  /** The jar of a generation. */
  static byte[] jar(int generation) {
    return PluginJar.withFile(PLUGIN, "generation", "" + generation);
  }

  /** Puts a jar in the place of another in one step, as users are told to. */
  static void moveInto(Path jar, byte[] content) throws IOException {
    Path beside = Files.write(jar.resolveSibling("." + jar.getFileName() + ".new"), content);
    Files.move(beside, jar, ATOMIC_MOVE);
  }

  /** Decides about pods that ask for the plugin; on a machine that is busy, later. */
  static Admission admission(Supplier<Catalogue> catalogue, Deadline deadline) {
    Settings settings = Settings.builder().build();
    var documents = Documents.read("scene", INSTRUMENTATION).list();
    var resources = FileResources.of(documents, "default", settings);
    return new Admission(catalogue, resources, () -> settings, deadline, Patience.OF_A_COMMAND);
  }

  /** A pod that asks for the plugin. */
  static PodRequest request() {
    var pod = Documents.read("pod", POD).list().getFirst().tree();
    return PodTemplate.in(pod, "shop").getFirst().request();
  }

  /** The generation by which a pod was injected; fails if a decision has traces of two. */
  static int of(Decision decision) {
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
    return Integer.parseInt(named.first());
  }

  /** The only plugin of a catalogue. */
  static LoadedPlugin only(Catalogue catalogue) {
    return catalogue.languages().getFirst();
  }

  static void waitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
    }
  }
}
