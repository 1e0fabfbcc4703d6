package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImage;
import org.opentest4j.TestAbortedException;

/**
 * A Kubernetes cluster to test in. The system property {@code graft.e2e.cluster} says which:
 *
 * <ul>
 *   <li>{@code kubebox}, the default: one of one node that is built from source, see {@code
 *       e2e/cluster}; nothing is pulled
 *   <li>{@code k3s}: k3s as it is published, with the image {@code graft.e2e.k3s}
 *   <li>{@code kubeconfig}: one that runs already, at the current context of {@code KUBECONFIG}
 * </ul>
 */
interface Cluster extends AutoCloseable {

  /** Access as its administrator. */
  Kubectl kubectl();

  /**
   * Makes sure that pods can have the image, with any policy of pulling but {@code Always}.
   *
   * @return how a pod names it
   */
  String load(ContainerImage image);

  /**
   * Kills its API server, which comes back by itself.
   *
   * @throws TestAbortedException where that is not ours to do
   */
  void restartApiServer();

  /**
   * Kills the processes of a pod without a warning (SIGKILL), as a kernel does that is short of
   * memory. The kubelet starts its containers again.
   *
   * @param pod as the API server tells it
   * @throws TestAbortedException where that is not ours to do
   */
  void kill(JsonNode pod);

  /** Ends the cluster, if it was started for the tests. */
  @Override
  void close();
}
