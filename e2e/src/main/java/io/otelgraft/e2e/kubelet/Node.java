package io.otelgraft.e2e.kubelet;

/**
 * The node that pods are told they run on.
 *
 * @param name what {@code spec.nodeName} says
 * @param ip what {@code status.hostIP} says; pods here share the machine's network, so it is their
 *     {@code status.podIP} as well
 */
public record Node(String name, String ip) {

  /** A node of this machine, reachable from this machine only. */
  public static Node loopback() {
    return new Node("node-1", "127.0.0.1");
  }
}
