package io.otelgraft.spi;

/**
 * What injected parts need of a pod beyond what any container may do. Where the pod, its
 * namespace's pod security level or the operator forbids it, Graft stands down with a reason before
 * the plugin is asked. New needs may be added: have a default where you switch.
 *
 * @since 1.0, experimental
 */
public enum Need {
  /** A container that runs as user 0. */
  ROOT,
  /** A privileged container. */
  PRIVILEGED,
  /** Capabilities that the level {@code baseline} of pod security does not allow. */
  CAPABILITIES,
  /** The node's own kernel, from which sandboxed runtimes and user namespaces keep containers. */
  HOST_KERNEL,
  /** A volume of a path of the node. */
  HOST_PATH,
  /** One process namespace for all containers of the pod. */
  SHARED_PROCESSES,
  /**
   * An agent directory that can be written to; so the agent is copied, never mounted as an image.
   */
  WRITABLE_AGENT,
  /**
   * An agent directory from which native code is loaded or run; so the agent is copied, never
   * mounted as an image, for Kubernetes documents such mounts as {@code noexec}. Not for native
   * code that the agent does without.
   *
   * @see <a href="https://kubernetes.io/docs/concepts/storage/volumes/#image">image volumes</a>
   */
  EXECUTABLE_AGENT
}
