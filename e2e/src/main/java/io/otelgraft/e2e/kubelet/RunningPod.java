package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.AtExit;
import io.otelgraft.e2e.Directories;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A pod whose containers are processes of this machine. Closing it ends them and removes its files.
 */
public final class RunningPod implements AutoCloseable {

  /** How long an init container may take: the biggest agent has 19,000 files to copy. */
  private static final Duration INIT_DEADLINE = Duration.ofMinutes(2);

  private final JsonNode pod;
  private final Node node;
  private final Map<String, Image> images;
  private final Map<String, String> hosts;
  private final ApiObjects objects;
  private final ContainerEnvironment environment;
  private final Path directory;
  private final Map<String, RunningContainer> containers = new LinkedHashMap<>();
  private Optional<ProcessNamespace> processes = Optional.empty();
  // Where the virtual machine ends before the pod is closed, nobody else would end its processes.
  private final AtExit atExit;

  RunningPod(
      JsonNode pod,
      Node node,
      Map<String, Image> images,
      Map<String, String> hosts,
      ApiObjects objects) {
    this.pod = pod;
    this.node = node;
    this.images = images;
    this.hosts = hosts;
    this.objects = objects;
    try {
      this.directory = Files.createTempDirectory("graft-pod-");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    this.environment = new ContainerEnvironment(pod, node, objects, directory.resolve("volumes"));
    atExit = AtExit.run(this::end);
  }

  void start() {
    PodVolumes volumes = new PodVolumes(pod, node, objects, images, directory.resolve("volumes"));
    try {
      if (pod.at("/spec/shareProcessNamespace").asBoolean()) {
        processes = Optional.of(ProcessNamespace.start());
      }
      for (JsonNode spec : pod.path("spec").path("initContainers")) {
        RunningContainer container = start(spec, volumes);
        boolean sidecar = spec.path("restartPolicy").asText().equals("Always");
        int code = sidecar ? 0 : container.awaitExit(INIT_DEADLINE);
        if (code != 0) {
          throw new PodFailedException(
              "Init:Error: init container %s, %s, ended with %d:%n%s"
                  .formatted(container.name(), container.command(), code, container.log()));
        }
      }
      for (JsonNode spec : pod.path("spec").path("containers")) {
        start(spec, volumes);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private RunningContainer start(JsonNode spec, PodVolumes volumes) throws IOException {
    String name = spec.path("name").asText();
    String reference = spec.path("image").asText();
    Image image = images.get(reference);
    if (image == null) {
      throw new PodFailedException(
          "ErrImagePull: container %s: no image %s; there are %s"
              .formatted(name, reference, images.keySet()));
    }
    Map<String, String> fromPod = environment.of(spec);
    Map<String, String> all = new LinkedHashMap<>(image.env());
    all.put("HOSTNAME", podName());
    all.putAll(fromPod);
    List<String> command = command(spec, image, fromPod);
    if (command.isEmpty()) {
      throw new PodFailedException(
          "RunContainerError: container " + name + ": no command specified");
    }
    Path own = Files.createDirectories(directory.resolve("containers").resolve(name));
    RunningContainer container =
        RunningContainer.start(
            name,
            command,
            all,
            spec.path("workingDir").asText(image.workingDirectory()),
            Capabilities.command(spec.at("/securityContext/capabilities")),
            root(spec, image, fromPod, volumes, own),
            processes,
            own);
    containers.put(name, container);
    return container;
  }

  /**
   * Kubernetes' rule for {@code command} and {@code args} over an image's {@code ENTRYPOINT} and
   * {@code CMD}.
   */
  private static List<String> command(JsonNode spec, Image image, Map<String, String> variables) {
    List<String> command = expanded(spec.path("command"), variables);
    List<String> args = expanded(spec.path("args"), variables);
    List<String> words = new ArrayList<>(command.isEmpty() ? image.entrypoint() : command);
    words.addAll(args.isEmpty() && command.isEmpty() ? image.command() : args);
    return words;
  }

  private static List<String> expanded(JsonNode words, Map<String, String> variables) {
    return ApiObjects.items(words).stream()
        .map(word -> VariableReferences.expand(word.asText(), variables))
        .toList();
  }

  private ContainerRoot root(
      JsonNode spec, Image image, Map<String, String> variables, PodVolumes volumes, Path own)
      throws IOException {
    ContainerRoot root = ContainerRoot.ofThisMachine();
    root.overlay(image.root());
    root.bind(
        Files.writeString(own.resolve("hosts"), hostsFile()),
        Path.of("/etc/hosts"),
        Access.READ_ONLY);
    // A mount inside another must come after it.
    List<JsonNode> mounts = ApiObjects.items(spec.path("volumeMounts"));
    mounts.sort(
        Comparator.comparingInt(mount -> Path.of(mount.path("mountPath").asText()).getNameCount()));
    for (JsonNode mount : mounts) {
      PodVolumes.Volume volume = volumes.named(mount.path("name").asText());
      Path source = subPath(mount, volume, variables);
      root.bind(
          source,
          Path.of("/").resolve(mount.path("mountPath").asText()),
          volume.access() == Access.WRITABLE && mount.path("readOnly").asBoolean()
              ? Access.READ_ONLY
              : volume.access());
    }
    return root;
  }

  private static Path subPath(
      JsonNode mount, PodVolumes.Volume volume, Map<String, String> variables) throws IOException {
    String below =
        mount.has("subPathExpr")
            ? VariableReferences.expand(mount.path("subPathExpr").asText(), variables)
            : mount.path("subPath").asText();
    Path path = volume.path().resolve(below);
    if (volume.access() != Access.WRITABLE && !Files.exists(path)) {
      throw new PodFailedException(
          "CreateContainerError: no " + below + " in volume " + mount.path("name").asText());
    }
    if (!Files.exists(path)) {
      Files.createDirectories(path);
    }
    return path;
  }

  private String hostsFile() {
    StringBuilder lines = new StringBuilder("127.0.0.1 localhost\n");
    lines.append(node.ip()).append(' ').append(podName()).append('\n');
    for (JsonNode alias : pod.path("spec").path("hostAliases")) {
      for (JsonNode name : alias.path("hostnames")) {
        lines.append(alias.path("ip").asText()).append(' ').append(name.asText()).append('\n');
      }
    }
    hosts.forEach((name, ip) -> lines.append(ip).append(' ').append(name).append('\n'));
    return lines.toString();
  }

  private String podName() {
    return pod.at("/metadata/name").asText();
  }

  /** The pod as it runs: with the name, uid and node that were filled in. */
  public JsonNode pod() {
    return pod;
  }

  /**
   * A container or init container of this pod.
   *
   * @throws IllegalArgumentException when the pod has none of that name
   */
  public RunningContainer container(String name) {
    RunningContainer container = containers.get(name);
    if (container == null) {
      throw new IllegalArgumentException("no container " + name + " among " + containers.keySet());
    }
    return container;
  }

  /** Its containers and init containers that have been started, in that order. */
  public List<RunningContainer> containers() {
    return List.copyOf(containers.values());
  }

  /** Where the pod's files are. */
  Path directory() {
    return directory;
  }

  private void stop() {
    Duration grace = Duration.ofSeconds(pod.at("/spec/terminationGracePeriodSeconds").asLong(30));
    containers.values().forEach(RunningContainer::terminate);
    containers.values().forEach(container -> container.kill(grace));
    processes.ifPresent(ProcessNamespace::close);
  }

  private synchronized void end() {
    stop();
    Directories.delete(directory);
  }

  @Override
  public void close() {
    end();
    atExit.close();
  }
}
