package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.ContainerImage;
import io.otelgraft.e2e.images.ContainerImages;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What injection costs a pod: the greeters, measured as they are and with their real agents. Those
 * have the settings that they come with.
 */
final class Impact {

  /** What is injected. */
  enum Language {
    JAVA("Java", 6, "agent-java/build", "^version=(.*)"),
    PYTHON("Python", 3, "agent-python/requirements.lock", "^opentelemetry-distro==(\\S+)"),
    NODEJS("Node.js", 3, "agent-nodejs/package.json", "auto-instrumentations-node\": \"([^\"]+)"),
    GO("Go (eBPF)", 3, "agent-go/build", "^version=v(.*)");

    private final String title;
    private final int warmUp;
    private final Path recipe;
    private final Pattern version;

    Language(String title, int warmUp, String recipe, String version) {
      this.title = title;
      this.warmUp = warmUp;
      this.recipe = Path.of("images", recipe);
      this.version = Pattern.compile(version, Pattern.MULTILINE);
    }

    /** What people call it. */
    String title() {
      return title;
    }

    /** So many seconds of requests pass until it has compiled most of what it runs. */
    int warmUp() {
      return warmUp;
    }

    /** The version of its agent, from the recipe of that one's image. */
    String version() {
      Matcher found = version.matcher(Manifests.text(recipe));
      if (!found.find()) {
        throw new IllegalStateException("%s has no %s".formatted(recipe, version));
      }
      return found.group(1);
    }

    private String section() {
      return name().toLowerCase(Locale.ROOT);
    }

    /** The ways in which its agent comes to an application. */
    List<Delivery> deliveries() {
      return this == GO ? List.of(Delivery.SIDECAR) : List.of(Delivery.COPY, Delivery.IMAGE_VOLUME);
    }

    private ContainerImage app(ContainerImages images) {
      return switch (this) {
        case JAVA -> images.javaApp();
        case PYTHON -> images.flaskApp();
        case NODEJS -> images.expressApp();
        case GO -> images.goApp();
      };
    }

    private ContainerImage agent(ContainerImages images) {
      return switch (this) {
        case JAVA -> images.javaAgent();
        case PYTHON -> images.pythonAgent();
        case NODEJS -> images.nodejsAgent();
        case GO -> images.goAgent();
      };
    }
  }

  /** How an agent comes to its application. */
  enum Delivery {
    /** There is none: the pod is not injected. */
    NONE("not injected"),
    COPY("copy"),
    IMAGE_VOLUME("image volume"),
    SIDECAR("sidecar");

    private final String title;

    Delivery(String title) {
      this.title = title;
    }

    String title() {
      return title;
    }
  }

  /** How many requests are sampled. */
  enum Sampled {
    NONE("0"),
    TENTH("0.1"),
    ALL("1");

    private final String ratio;

    Sampled(String ratio) {
      this.ratio = ratio;
    }

    /** In percent. */
    long percent() {
      return Math.round(100 * Double.parseDouble(ratio));
    }

    private String instrumentation() {
      return "sampled-" + name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A pod that was measured.
   *
   * @param sampled how many requests were; of no meaning without an agent
   * @param spans how many reached the Collector
   */
  record Run(Language language, Delivery delivery, Sampled sampled, MeasuredPod pod, long spans) {

    /** How many spans reached the Collector for each request. */
    double spansPerRequest() {
      return (double) spans / pod.requests();
    }
  }

  private static final int PORT = 8080;
  private static final Duration LOOK = Duration.ofMillis(200);
  private static final Duration SETTLED = Duration.ofMillis(1500);

  private final Cluster cluster;
  private final ContainerImages images;
  private final Namespace namespace;
  private final Collector collector;
  private final Shop shop;
  private final Meter meter;
  private final List<Run> runs = new ArrayList<>();
  private final Map<Language, Long> imageSizes = new EnumMap<>(Language.class);

  private Impact(Cluster cluster, ContainerImages images, Namespace namespace) {
    this.cluster = cluster;
    this.images = images;
    this.namespace = namespace;
    this.collector = Collector.startCounting(cluster, images, namespace, Shop.SOON);
    this.shop = Shop.open(cluster, namespace, collector);
    this.meter = Meter.start(cluster, images, namespace);
  }

  /**
   * Measures, in a cluster of one node with Graft.
   *
   * @param languages what is measured
   * @param sampled how many requests are sampled; each is measured once in each way of delivery,
   *     beside a pod that is not injected
   * @param load how pods are asked, if the language needs no more to warm up
   */
  static Impact measure(
      Cluster cluster,
      ContainerImages images,
      Namespace namespace,
      List<Language> languages,
      List<Sampled> sampled,
      Function<Language, Meter.Load> load) {
    Impact impact = new Impact(cluster, images, namespace);
    for (Sampled each : sampled) {
      impact.instrument(each, languages);
    }
    for (Language language : languages) {
      // Turn by turn: what changes on the machine meanwhile hits all of them.
      for (Sampled each : sampled) {
        impact.run(language, Delivery.NONE, each, load.apply(language));
        for (Delivery delivery : language.deliveries()) {
          impact.run(language, delivery, each, load.apply(language));
        }
      }
      impact.imageSizes.put(language, impact.imageSize(language));
    }
    return impact;
  }

  private void instrument(Sampled sampled, List<Language> languages) {
    ObjectNode instrumentation =
        Manifests.object(
            """
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: %s}
            spec:
              exporter: {endpoint: "%s"}
              propagators: [tracecontext, baggage]
              sampler: {type: parentbased_traceidratio, argument: "%s"}
              env:
              # At full load a batch leaves when it is full. This is for the last one.
              - {name: OTEL_BSP_SCHEDULE_DELAY, value: '1000'}
            """
                .formatted(sampled.instrumentation(), shop.endpoint(), sampled.ratio));
    for (Language language : languages) {
      instrumentation
          .withObject("/spec/" + language.section())
          .put("image", cluster.load(language.agent(images)));
    }
    if (languages.contains(Language.GO)) {
      instrumentation.withObject("/spec/go").set("securityContext", Shop.rightsOfGo());
    }
    namespace.apply(instrumentation.toString());
    namespace.await(
        "instrumentation",
        sampled.instrumentation(),
        state -> Namespace.isTrue(state, "Ready"),
        Shop.SOON);
  }

  private void run(Language language, Delivery delivery, Sampled sampled, Meter.Load load) {
    long before = collector.spans();
    MeasuredPod measured = meter.measure(pod(language, delivery, sampled), PORT, load);
    long spans = delivery == Delivery.NONE ? 0 : settled() - before;
    Run run = new Run(language, delivery, sampled, measured, spans);
    runs.add(run);
    System.out.println(run);
    meter.remove(name(language));
  }

  /** How many spans the Collector has, once it gets no more. */
  private long settled() {
    long spans;
    long last = System.nanoTime();
    do {
      spans = collector.spans();
      LockSupport.parkNanos(LOOK.toNanos());
      if (collector.spans() != spans) {
        last = System.nanoTime();
      }
    } while (System.nanoTime() - last < SETTLED.toNanos());
    return spans;
  }

  private static String name(Language language) {
    return "greeter-" + language.section();
  }

  private ObjectNode pod(Language language, Delivery delivery, Sampled sampled) {
    JsonNode template = shop.greeter(language.section(), language.app(images)).at("/spec/template");
    ObjectNode pod = Manifests.object("{apiVersion: v1, kind: Pod}");
    pod.setAll((ObjectNode) template);
    pod.withObject("/metadata").put("name", name(language));
    // On the node's network it can be asked before the API knows its address.
    pod.withObject("/spec").put("hostNetwork", true).put("dnsPolicy", "ClusterFirstWithHostNet");
    ObjectNode app = Manifests.container(pod, "app");
    app.remove("readinessProbe");
    for (JsonNode variable : app.path("env")) {
      if (variable.path("name").asText().equals("JAVA_TOOL_OPTIONS")) {
        ((ObjectNode) variable).put("value", "-Xmx128m -XX:+UseSerialGC");
      }
    }
    ObjectNode annotations = pod.withObject("/metadata/annotations");
    String prefix = "instrumentation.opentelemetry.io/";
    if (delivery == Delivery.NONE) {
      annotations.remove(prefix + "inject-" + language.section());
    } else {
      annotations.put(prefix + "inject-" + language.section(), sampled.instrumentation());
    }
    switch (delivery) {
      case COPY -> annotations.put(prefix + "agent-delivery", "copy");
      case IMAGE_VOLUME -> annotations.put(prefix + "agent-delivery", "image-volume");
      case NONE, SIDECAR -> {
        // Nothing is to be delivered.
      }
    }
    return pod;
  }

  /** As the node's container engine stores it, in bytes. */
  private long imageSize(Language language) {
    String reference = cluster.load(language.agent(images));
    for (JsonNode node :
        Manifests.object(cluster.kubectl().run("get", "nodes", "--output=yaml")).path("items")) {
      for (JsonNode image : node.at("/status/images")) {
        for (JsonNode name : image.path("names")) {
          if (name.asText().equals(reference)) {
            return image.path("sizeBytes").asLong();
          }
        }
      }
    }
    throw new IllegalStateException("no node says that it has " + reference);
  }

  /** What was measured, in its order. */
  List<Run> runs() {
    return List.copyOf(runs);
  }

  /** The languages that were measured. */
  List<Language> languages() {
    return List.copyOf(imageSizes.keySet());
  }

  /** The size of the agent's image as the node's container engine stores it, in bytes. */
  long imageSizeOf(Language language) {
    return imageSizes.get(language);
  }

  /** A figure of the pods of a language and delivery, however much they sampled. */
  Figure figure(Language language, Delivery delivery, ToDoubleFunction<MeasuredPod> measured) {
    return Figure.of(
        of(language, delivery).stream().map(run -> measured.applyAsDouble(run.pod())).toList());
  }

  /** The processor time for a request in seconds, in pods that are not injected. */
  Figure cpuPerRequest(Language language) {
    return Figure.of(
        of(language, Delivery.NONE).stream()
            .flatMap(run -> run.pod().cpuPerRequest().stream())
            .toList());
  }

  private List<Run> of(Language language, Delivery delivery) {
    return runs.stream()
        .filter(run -> run.language() == language && run.delivery() == delivery)
        .toList();
  }

  /** The pod that sampled so much. */
  Run run(Language language, Delivery delivery, Sampled sampled) {
    return of(language, delivery).stream()
        .filter(run -> run.sampled() == sampled)
        .findFirst()
        .orElseThrow();
  }
}
