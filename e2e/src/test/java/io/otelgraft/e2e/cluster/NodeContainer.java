package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.otelgraft.e2e.images.ContainerImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import org.testcontainers.containers.Container.ExecResult;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.MountableFile;

/** A cluster whose only node is a container, with containerd and its client {@code ctr} in it. */
final class NodeContainer implements Cluster {

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

  private void run(String... command) {
    try {
      ExecResult result = node.execInContainer(UTF_8, command);
      if (result.getExitCode() != 0) {
        throw new IllegalStateException(
            "%s on the node: %s%s"
                .formatted(String.join(" ", command), result.getStdout(), result.getStderr()));
      }
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
