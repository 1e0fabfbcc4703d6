package io.otelgraft.core.injection;

import java.util.Optional;

/**
 * What controls a pod, directly or through another owner.
 *
 * @param group the API group of its kind; the empty string for the core group
 * @param kind for example {@code ReplicaSet}
 * @param name its name
 * @param uid its UID, where it is known
 */
public record Owner(String group, String kind, String name, Optional<String> uid) {

  /** Kinds that are known to make pods, or to make what makes pods. */
  enum Kind {
    DEPLOYMENT("apps", "Deployment", "k8s.deployment"),
    ROLLOUT("argoproj.io", "Rollout", ""),
    DEPLOYMENT_CONFIG("apps.openshift.io", "DeploymentConfig", ""),
    REPLICA_SET("apps", "ReplicaSet", "k8s.replicaset"),
    REPLICATION_CONTROLLER("", "ReplicationController", "k8s.replicationcontroller"),
    STATEFUL_SET("apps", "StatefulSet", "k8s.statefulset"),
    DAEMON_SET("apps", "DaemonSet", "k8s.daemonset"),
    CRON_JOB("batch", "CronJob", "k8s.cronjob"),
    JOB("batch", "Job", "k8s.job");

    private static final Kind[] ALL = values();

    private final String group;
    private final String word;
    private final String attribute;

    Kind(String group, String word, String attribute) {
      this.group = group;
      this.word = word;
      this.attribute = attribute;
    }

    /** As Kubernetes writes it. */
    String word() {
      return word;
    }

    /**
     * What the keys of its attributes begin with; the empty string where the semantic conventions
     * have none.
     *
     * @see <a href="https://opentelemetry.io/docs/specs/semconv/resource/k8s/">Kubernetes in the
     *     semantic conventions</a>
     */
    String attribute() {
      return attribute;
    }
  }

  /** An owner of which only the name is known. */
  static Owner named(Kind kind, String name) {
    return new Owner(kind.group, kind.word, name, Optional.empty());
  }

  /** The owner that a workload's document stands for, which is told by the kind alone. */
  static Owner ofWorkload(String kind, String name) {
    for (Kind known : Kind.ALL) {
      if (known.word.equals(kind)) {
        return named(known, name);
      }
    }
    return new Owner("", kind, name, Optional.empty());
  }

  /** The kind; empty for one of another API, also where it has the same name. */
  Optional<Kind> known() {
    for (Kind known : Kind.ALL) {
      if (is(known)) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  boolean is(Kind known) {
    return known.word.equals(kind) && known.group.equals(group);
  }
}
