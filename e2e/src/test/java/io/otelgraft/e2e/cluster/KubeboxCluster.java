package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.github.dockerjava.api.DockerClient;
import com.github.dockerjava.api.exception.NotFoundException;
import com.github.dockerjava.api.model.Capability;
import com.github.dockerjava.api.model.HostConfig;
import io.otelgraft.e2e.images.ContainerImage;
import io.otelgraft.e2e.images.ContainerImages;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.ContainerLaunchException;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.containers.wait.strategy.Wait;
import org.testcontainers.utility.DockerImageName;

/** Starts the cluster that is built from source, see {@code e2e/cluster/kubebox}. */
final class KubeboxCluster {

  private static final int API_SERVER = 6443;
  private static final Duration START = Duration.ofMinutes(3);

  private KubeboxCluster() {}

  static Cluster start(ContainerImages images) {
    ContainerImage image = images.kubebox();
    loadIntoEngine(image);
    String host = DockerClientFactory.instance().dockerHostIpAddress();
    GenericContainer<?> node =
        new GenericContainer<>(DockerImageName.parse(image.reference()))
            .withExposedPorts(API_SERVER)
            .withCommand("--tls-san=" + host, "--deadline=" + START.toSeconds() + "s")
            .withCreateContainerCmdModifier(create -> grantRights(create.getHostConfig()))
            .waitingFor(
                Wait.forLogMessage("kubebox: ready.*", 1)
                    .withStartupTimeout(START.plusSeconds(10)));
    try {
      node.start();
    } catch (ContainerLaunchException e) {
      String log = node.getContainerId() == null ? "" : node.getLogs();
      node.stop();
      throw new IllegalStateException("the cluster does not start: " + log, e);
    }
    String kubeconfig =
        node.copyFileFromContainer(
            "/etc/kubernetes/admin.conf", stream -> new String(stream.readAllBytes(), UTF_8));
    String address = "https://" + host + ":" + node.getMappedPort(API_SERVER);
    return new NodeContainer(
        node, kubeconfig.replaceAll("(?m)(?<= server: ).*$", address), images.kubectl());
  }

  /** All capabilities but one, as e2e/cluster/up: not every machine can give --privileged. */
  private static void grantRights(HostConfig config) {
    config
        .withCapAdd(Capability.ALL)
        .withCapDrop(Capability.SYS_RESOURCE)
        .withCgroupnsMode("private")
        .withDeviceCgroupRules(List.of("a *:* rwm"))
        .withSecurityOpts(List.of("seccomp=unconfined", "apparmor=unconfined"));
  }

  private static void loadIntoEngine(ContainerImage image) {
    DockerClient docker = DockerClientFactory.lazyClient();
    try {
      docker.inspectImageCmd(image.reference()).exec();
    } catch (NotFoundException absent) {
      try (InputStream archive = Files.newInputStream(image.archive())) {
        docker.loadImageCmd(archive).exec();
      } catch (IOException e) {
        throw new UncheckedIOException(image.archive().toString(), e);
      }
    }
  }
}
