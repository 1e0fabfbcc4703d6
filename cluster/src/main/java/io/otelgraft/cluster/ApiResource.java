package io.otelgraft.cluster;

import java.util.Objects;

/**
 * A kind of object as the API serves it.
 *
 * @param group the API group; the empty string for the core group
 * @param version for example {@code v1}
 * @param plural its name in paths, for example {@code pods}
 * @param kind for example {@code Pod}
 * @param namespaced whether its objects stand in namespaces
 * @see <a href="https://kubernetes.io/docs/reference/using-api/api-concepts/">API concepts</a>
 */
public record ApiResource(
    String group, String version, String plural, String kind, boolean namespaced) {

  public static final ApiResource NAMESPACES = cluster("", "v1", "namespaces", "Namespace");
  public static final ApiResource NODES = cluster("", "v1", "nodes", "Node");
  public static final ApiResource PODS = namespaced("", "v1", "pods", "Pod");
  public static final ApiResource REPLICA_SETS =
      namespaced("apps", "v1", "replicasets", "ReplicaSet");
  public static final ApiResource JOBS = namespaced("batch", "v1", "jobs", "Job");
  public static final ApiResource SECRETS = namespaced("", "v1", "secrets", "Secret");
  public static final ApiResource LIMIT_RANGES = namespaced("", "v1", "limitranges", "LimitRange");
  public static final ApiResource EVENTS = namespaced("events.k8s.io", "v1", "events", "Event");
  public static final ApiResource MUTATING_WEBHOOKS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "mutatingwebhookconfigurations",
          "MutatingWebhookConfiguration");
  public static final ApiResource VALIDATING_WEBHOOKS =
      cluster(
          "admissionregistration.k8s.io",
          "v1",
          "validatingwebhookconfigurations",
          "ValidatingWebhookConfiguration");
  public static final ApiResource DEFINITIONS =
      cluster(
          "apiextensions.k8s.io", "v1", "customresourcedefinitions", "CustomResourceDefinition");

  public ApiResource {
    Objects.requireNonNull(group, "group");
    Objects.requireNonNull(version, "version");
    Objects.requireNonNull(plural, "plural");
    Objects.requireNonNull(kind, "kind");
  }

  /** One whose objects stand in namespaces. */
  public static ApiResource namespaced(String group, String version, String plural, String kind) {
    return new ApiResource(group, version, plural, kind, true);
  }

  private static ApiResource cluster(String group, String version, String plural, String kind) {
    return new ApiResource(group, version, plural, kind, false);
  }

  /** {@code apiVersion} of its objects. */
  public String apiVersion() {
    return group.isEmpty() ? version : group + "/" + version;
  }

  /** The path of all objects, or of those in a namespace if that is not empty. */
  String path(String namespace) {
    return (group.isEmpty() ? "/api/" : "/apis/" + group + "/")
        + version
        + (namespace.isEmpty() ? "" : "/namespaces/" + namespace)
        + "/"
        + plural;
  }

  /** {@code pods} or {@code deployments.apps}, as rules and messages name it. */
  @Override
  public String toString() {
    return group.isEmpty() ? plural : plural + "." + group;
  }
}
