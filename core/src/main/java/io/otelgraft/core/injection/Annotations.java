package io.otelgraft.core.injection;

/** The keys that users write. */
public final class Annotations {
  /** What all of the injection's annotations begin with. */
  public static final String PREFIX = "instrumentation.opentelemetry.io/";

  /** What the annotation that asks for a language begins with; the language's id follows. */
  public static final String INJECT = PREFIX + "inject-";

  /** How an annotation ends that names containers. */
  public static final String CONTAINER_NAMES_SUFFIX = "container-names";

  /** The containers of all languages. */
  public static final String CONTAINER_NAMES = PREFIX + CONTAINER_NAMES_SUFFIX;

  /** How agents get into the pod: {@code copy} or {@code image-volume}. */
  public static final String AGENT_DELIVERY = PREFIX + "agent-delivery";

  /** Has a pod instrumented although another agent is in it already: {@code true}; of pods only. */
  public static final String BESIDE_OTHER_AGENTS = PREFIX + "beside-other-agents";

  /** What the images of a pod set in their environment: lines of {@code [CONTAINER/]NAME=VALUE}. */
  public static final String IMAGE_ENV = PREFIX + "image-env";

  /** Graft's mark on a pod that it injected; the value is JSON. */
  public static final String MARK = "otelgraft.io/injected";

  /** What the annotation begins with that sets a resource attribute; the attribute follows. */
  public static final String RESOURCE_ATTRIBUTE = "resource.opentelemetry.io/";

  /** Set by the kubelet on what stands for a pod of its own, which admission cannot change. */
  public static final String MIRROR = "kubernetes.io/config.mirror";

  /** The container that {@code kubectl} takes when none is named. */
  public static final String DEFAULT_CONTAINER = "kubectl.kubernetes.io/default-container";

  /** Volumes that do not keep the cluster autoscaler from evicting the pod. */
  public static final String SAFE_TO_EVICT =
      "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes";

  private Annotations() {}
}
