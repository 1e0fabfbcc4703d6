package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/**
 * Runs pods as processes of this machine. It stands in for the kubelet and the container runtime
 * where there is no cluster; it is not one.
 *
 * <p>What the pod says is done exactly as it says it: volumes and mounts at their absolute paths
 * (each container has a mount namespace and a root directory of its own), init containers in their
 * order with the commands that they have, the environment with the kubelet's order and {@code
 * $(NAME)} expansion, command, arguments, working directory. So what starts here with an injected
 * pod would start with it in a cluster.
 *
 * <p>What it leaves out: containers share this machine's network, user and tools ({@code /usr} and
 * the like, read-only), and its processes unless they share those of their pod; images are
 * directories ({@link Image}); probes, lifecycle hooks, restarts and resource limits are not
 * applied, nor are security contexts but for capabilities of a container that drops all others, and
 * there are no Services.
 *
 * <p>It needs Linux, and either root or unprivileged user namespaces.
 */
public final class KubeletStandIn {

  private final Node node;
  private final Map<String, Image> images;
  private final Map<String, String> hosts;
  private final ApiObjects objects;

  private KubeletStandIn(Builder builder) {
    this.node = builder.node;
    this.images = Map.copyOf(builder.images);
    this.hosts = Map.copyOf(builder.hosts);
    this.objects = new ApiObjects(builder.objects);
  }

  /** A stand-in without images and objects, on a node that is reachable from this machine only. */
  public static Builder builder() {
    return new Builder();
  }

  /**
   * Runs the init containers of a pod to their end, one after the other, and starts its containers.
   * The pod is not changed; a name made from {@code generateName}, the namespace {@code default}, a
   * uid and the node are filled in where it has none, as the API server and the scheduler would.
   *
   * @param pod of {@code v1}
   * @return the pod, with its containers started but perhaps not yet ready
   * @throws PodFailedException when the pod cannot run: an init container failed, an image, volume
   *     or object is missing
   * @throws IllegalStateException when this machine does not let the stand-in work; the message
   *     says what is needed
   */
  public RunningPod run(JsonNode pod) {
    RunningPod running = new RunningPod(bound(pod), node, images, hosts, objects);
    try {
      running.start();
      return running;
    } catch (RuntimeException e) {
      running.close();
      throw e;
    }
  }

  private ObjectNode bound(JsonNode pod) {
    if (!pod.path("kind").asText().equals("Pod")) {
      throw new IllegalArgumentException("a Pod is needed; this is of kind " + pod.path("kind"));
    }
    ObjectNode bound = pod.deepCopy();
    ObjectNode metadata = bound.withObject("/metadata");
    UUID uid = UUID.randomUUID();
    if (!metadata.has("name")) {
      metadata.put(
          "name", metadata.path("generateName").asText("pod-") + uid.toString().substring(0, 5));
    }
    defaultTo(metadata, "namespace", "default");
    defaultTo(metadata, "uid", uid.toString());
    defaultTo(bound.withObject("/spec"), "nodeName", node.name());
    defaultTo(bound.withObject("/spec"), "serviceAccountName", "default");
    return bound;
  }

  private static void defaultTo(ObjectNode object, String field, String value) {
    if (!object.has(field)) {
      object.put(field, value);
    }
  }

  /** What a stand-in has at hand. */
  public static final class Builder {

    private Node node = Node.loopback();
    private final Map<String, Image> images = new LinkedHashMap<>();
    private final Map<String, String> hosts = new LinkedHashMap<>();
    private final List<JsonNode> objects = new ArrayList<>();

    private Builder() {}

    /** The node that pods are told they run on. */
    public Builder node(Node node) {
      this.node = node;
      return this;
    }

    /**
     * An image that pods may use.
     *
     * @param reference exactly as pods write it
     */
    public Builder image(String reference, Image image) {
      images.put(reference, image);
      return this;
    }

    /**
     * A ConfigMap or Secret that pods may refer to. One without a namespace is in every namespace.
     */
    public Builder object(JsonNode object) {
      objects.add(object);
      return this;
    }

    /** A name that pods can look up, as the cluster's DNS would answer. */
    public Builder host(String name, String ip) {
      hosts.put(name, ip);
      return this;
    }

    /** The stand-in. */
    public KubeletStandIn build() {
      return new KubeletStandIn(this);
    }
  }
}
