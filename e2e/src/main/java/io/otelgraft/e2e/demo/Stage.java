package io.otelgraft.e2e.demo;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.AtExit;
import io.otelgraft.e2e.Directories;
import io.otelgraft.e2e.Graft;
import io.otelgraft.e2e.GraftServer;
import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.ObservingAgent;
import io.otelgraft.e2e.apiserver.Answer;
import io.otelgraft.e2e.apiserver.ApiServerStandIn;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.Image;
import io.otelgraft.e2e.kubelet.KubeletStandIn;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import io.otelgraft.e2e.otlp.OtlpEndpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * What runs while the story is told: Graft, what stands in for an API server and for a kubelet, and
 * an OTLP endpoint. Closing it stops all of it and removes its files; logs stay.
 */
final class Stage implements AutoCloseable {

  /** Where the examples send their telemetry. */
  private static final String COLLECTOR = "otel-collector.observability.svc.cluster.local";

  /** The agent that somebody built with the gRPC exporter as well. */
  static final String AGENT_WITH_GRPC = "registry.example.com/agent-python-grpc:1";

  private final Checkout checkout;
  private final Images images;
  private final List<Application> chain;
  private final List<Application> alone;
  private final Path logs;
  private final Graft graft;
  private final Path directory;
  private final Path resources;
  private final Path plugins;
  private final OtlpEndpoint collector;
  private final GraftServer server;
  private final ApiServerStandIn apiServer;
  private final KubeletStandIn.Builder kubelet = KubeletStandIn.builder();
  private final Map<Application, Integer> ports = new ConcurrentHashMap<>();
  private final Deque<RunningPod> pods = new ConcurrentLinkedDeque<>();
  private final Deque<Runnable> endings = new ConcurrentLinkedDeque<>();
  // Where the virtual machine ends before this is closed, its files would stay.
  private final AtExit atExit;

  /**
   * Starts all but the applications.
   *
   * @param images where the files of images come from
   * @param chain the applications, each of which asks the next
   * @param alone applications that are asked by themselves
   * @param logs the folder for logs
   */
  Stage(
      Checkout checkout, Images images, List<Application> chain, List<Application> alone, Path logs)
      throws IOException, InterruptedException {
    this.checkout = checkout;
    this.images = images;
    this.chain = chain;
    this.alone = alone;
    this.logs = Files.createDirectories(logs);
    this.graft = checkout.graft();
    this.directory = Files.createTempDirectory("graft-demo-");
    endings.push(() -> Directories.delete(directory));
    atExit = AtExit.run(this::end);
    try {
      resources = Files.createDirectory(directory.resolve("resources"));
      copy("docs/examples/flask.yaml");
      copy("docs/examples/plugin/app.yaml");
      copy("e2e/manifests/instrumentation.yaml");
      plugins = Files.createDirectory(directory.resolve("plugins"));
      copyPlugins();
      collector = OtlpEndpoint.startOnStandardPorts();
      endings.push(collector::close);
      server =
          GraftServer.start(
              graft,
              resources,
              plugins,
              directory.resolve("certificate.pem"),
              this.logs.resolve("graft-serve.log"),
              settings().toArray(String[]::new));
      endings.push(server::close);
      apiServer =
          ApiServerStandIn.withWebhook(
              "pods.otelgraft.io", server.podWebhook(), server.certificate());
      kubelet.host(COLLECTOR, collector.ip());
      for (Application application : chain.reversed()) {
        provide(application);
      }
      alone.forEach(this::provide);
      if (chain.contains(Application.FLASK)) {
        kubelet.image(AGENT_WITH_GRPC, images.pythonAgentWithGrpc());
      }
    } catch (IOException | InterruptedException | RuntimeException e) {
      close();
      throw e;
    }
  }

  private void provide(Application application) {
    application
        .agent()
        .ifPresent(agent -> kubelet.image(agent.image(), agent.files().apply(images)));
    listen(application);
  }

  private void copy(String manifest) throws IOException {
    Path file = checkout.file(manifest);
    Files.copy(file, resources.resolve(file.getFileName()));
  }

  private void copyPlugins() throws IOException {
    try (Stream<Path> shipped = Files.list(graft.home().resolve("plugins"))) {
      for (Path jar : shipped.toList()) {
        Files.copy(jar, plugins.resolve(jar.getFileName()));
      }
    }
  }

  /** All applications. */
  private List<Application> applications() {
    return Stream.concat(chain.stream(), alone.stream()).toList();
  }

  /** What an operator sets: agents that observe others are off by default. */
  private List<String> settings() {
    List<String> observed =
        applications().stream().filter(Application::isObserved).map(Application::language).toList();
    return observed.isEmpty()
        ? List.of()
        : List.of("enabled-languages=" + String.join(",", observed));
  }

  /**
   * Gives an application that is not started yet a port of its own, and the address of the next.
   */
  synchronized void listen(Application application) {
    int port = Greeter.freePort();
    Image image =
        application.files().apply(images).withEnv(application.port(), Integer.toString(port));
    int next = chain.indexOf(application) + 1;
    if (next > 0 && next < chain.size()) {
      image = image.withEnv("NEXT", "http://127.0.0.1:" + ports.get(chain.get(next)));
    }
    kubelet.image(application.image(), image);
    for (String file : application.objects()) {
      kubelet.object(Manifests.object(checkout.text(file).replace("8080", Integer.toString(port))));
    }
    ports.put(application, port);
  }

  /** The folder with Graft's resources, which it watches. */
  Path resources() {
    return resources;
  }

  /** The folder with Graft's plugins, which it watches. */
  Path plugins() {
    return plugins;
  }

  /** The jar that plugins are compiled against. */
  Path spi() {
    return graft.home().resolve("lib/graft-spi.jar");
  }

  /** A folder for whatever is needed until the end. */
  Path directory() {
    return directory;
  }

  GraftServer server() {
    return server;
  }

  OtlpEndpoint collector() {
    return collector;
  }

  /** Creates a pod of a workload. */
  Answer create(ObjectNode workload) throws IOException, InterruptedException {
    return apiServer.create(workload);
  }

  /** What Graft says about workloads, from the same resources and plugins, an entry for each. */
  List<JsonNode> explain(List<ObjectNode> workloads) {
    List<String> options =
        new ArrayList<>(
            List.of("--resources", resources.toString(), "--plugins", plugins.toString()));
    settings().forEach(setting -> options.addAll(List.of("--set", setting)));
    return graft.explain(workloads, options.toArray(String[]::new));
  }

  /** What Graft says about the Deployment of each application. */
  Map<Application, JsonNode> explain() {
    List<Application> all = applications();
    List<JsonNode> explained = explain(all.stream().map(this::deployment).toList());
    return IntStream.range(0, all.size()).boxed().collect(toMap(all::get, explained::get));
  }

  /**
   * An application that runs.
   *
   * @param refusal what its agent says when it cannot observe it here; else empty
   */
  record Started(Greeter greeter, Optional<String> refusal) {}

  /** Starts the pod of an application, and waits for an agent that has to find it. */
  Started run(Application application, ObjectNode pod) {
    KubeletStandIn node;
    int port;
    synchronized (this) {
      node = kubelet.build();
      port = ports.get(application);
    }
    RunningPod running = node.run(pod);
    pods.push(running);
    return new Started(
        new Greeter(running, port),
        application.isObserved() ? ObservingAgent.in(running).awaitAttached() : Optional.empty());
  }

  /** The Deployment of an application. */
  ObjectNode deployment(Application application) {
    return Manifests.only("Deployment", Manifests.objects(checkout.text(application.manifest())));
  }

  private void keepLogs(RunningPod pod) {
    for (RunningContainer container : pod.containers()) {
      String name = pod.pod().at("/metadata/name").asText() + "." + container.name() + ".log";
      try {
        Files.writeString(logs.resolve(name), container.log());
      } catch (IOException | UncheckedIOException e) {
        // The virtual machine is ending, and the pod's own ending was faster.
      }
    }
  }

  /** Ends the pods, all at once as each takes its time, then what they need, the latest first. */
  private void end() {
    try (ExecutorService ending = Executors.newVirtualThreadPerTaskExecutor()) {
      for (RunningPod pod = pods.poll(); pod != null; pod = pods.poll()) {
        RunningPod running = pod;
        ending.execute(() -> {
          try (running) {
            keepLogs(running);
          }
        });
      }
    }
    Runnable ending = endings.poll();
    while (ending != null) {
      ending.run();
      ending = endings.poll();
    }
  }

  @Override
  public void close() {
    end();
    atExit.close();
  }
}
