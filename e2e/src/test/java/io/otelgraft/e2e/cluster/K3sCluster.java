package io.otelgraft.e2e.cluster;

import java.nio.file.Path;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** Starts k3s as it is published; it has to be pulled. */
final class K3sCluster {

  /** Names the image. */
  private static final String IMAGE = "graft.e2e.k3s";

  private K3sCluster() {}

  static Cluster start() {
    String image = System.getProperty(IMAGE, "rancher/k3s:v1.36.4-k3s1");
    K3sContainer node = new K3sContainer(DockerImageName.parse(image));
    node.start();
    return new NodeContainer(node, node.getKubeConfigYaml(), Path.of("kubectl"));
  }
}
