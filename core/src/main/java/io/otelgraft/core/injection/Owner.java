package io.otelgraft.core.injection;

import java.util.Optional;

/**
 * What owns a pod, directly or through another owner.
 *
 * @param kind for example {@code ReplicaSet}
 * @param name its name
 * @param uid its UID, where it is known
 */
public record Owner(String kind, String name, Optional<String> uid) {
  static final String DEPLOYMENT = "Deployment";
  static final String ROLLOUT = "Rollout";
  static final String DEPLOYMENT_CONFIG = "DeploymentConfig";
  static final String REPLICA_SET = "ReplicaSet";
  static final String REPLICATION_CONTROLLER = "ReplicationController";
  static final String STATEFUL_SET = "StatefulSet";
  static final String DAEMON_SET = "DaemonSet";
  static final String CRON_JOB = "CronJob";
  static final String JOB = "Job";

  /** An owner of which only the name is known. */
  static Owner named(String kind, String name) {
    return new Owner(kind, name, Optional.empty());
  }
}
