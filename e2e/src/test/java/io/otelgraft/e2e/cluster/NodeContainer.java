package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.opentest4j.TestAbortedException;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** A cluster whose only node is a container, with containerd and its client {@code ctr} in it. */
final class NodeContainer implements Cluster {

  private static final String API_SERVER = "kube-apiserver";

  private final GenericContainer<?> node;
  private final Path directory;
  private final Kubectl kubectl;
  private final Set<String> loaded = new HashSet<>();

  /**
   * A cluster in a container that runs.
   *
   * @param kubeconfig its administrator's, with an address that leads to it from here
   */
  NodeContainer(GenericContainer<?> node, String kubeconfig, Path kubectl) {
    this.node = node;
    try {
      this.directory = Files.createTempDirectory("graft-cluster-");
      Path file = directory.resolve("kubeconfig");
      Files.writeString(file, kubeconfig);
      this.kubectl = new Kubectl(kubectl, file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Kubectl kubectl() {
    return kubectl;
  }

  @Override
  public synchronized String load(ContainerImage image) {
    if (loaded.add(image.reference())) {
      String there = "/" + image.archive().getFileName();
      node.copyFileToContainer(MountableFile.forHostPath(image.archive()), there);
      run("ctr", "--namespace=k8s.io", "images", "import", there);
      run("rm", there);
    }
    return image.reference();
  }

  @Override
  public void restartApiServer() {
    if (!runs("pidof", API_SERVER)) {
      throw new TestAbortedException(
          "could not run here: the API server is not a process of its own");
    }
    run("killall", "-KILL", API_SERVER);
  }

  @Override
  public void kill(JsonNode pod) {
    for (JsonNode container : pod.at("/status/containerStatuses")) {
      String id = container.path("containerID").asText().replaceFirst(".*//", "");
      run("ctr", "--namespace=k8s.io", "tasks", "kill", "--signal=SIGKILL", id);
    }
  }

  private boolean runs(String... command) {
    return execute(command).getExitCode() == 0;
  }

  private void run(String... command) {
    ExecResult result = execute(command);
    if (result.getExitCode() != 0) {
      throw new IllegalStateException(
          "%s on the node: %s%s"
              .formatted(String.join(" ", command), result.getStdout(), result.getStderr()));
    }
  }

  private ExecResult execute(String... command) {
    try {
      return node.execInContainer(UTF_8, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while the node works", e);
    }
  }

  @Override
  public void close() {
    node.stop();
    io.otelgraft.e2e.Directories.delete(directory);
  }
}
