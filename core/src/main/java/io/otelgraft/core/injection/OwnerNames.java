package io.otelgraft.core.injection;

import io.otelgraft.core.injection.Owner.Kind;
import java.util.Map;
import java.util.Optional;

/** What the names of owners tell about who made them. */
final class OwnerNames {
  /**
   * A CronJob's controller ends a Job's name in the scheduled time, in minutes since 1970. The
   * numbers from here to the last of eight digits are the years 2019 to 2160; dates written as
   * {@code 20260131} lie below, so that they are not taken for it.
   */
  private static final int FIRST_SCHEDULED_MINUTE = 26_000_000;

  private static final int SCHEDULED_MINUTE_DIGITS = 8;

  private OwnerNames() {}

  static Optional<Owner> controllerOf(
      Owner owner, Map<String, String> labels, Map<String, String> annotations) {
    Optional<Kind> kind = owner.known();
    if (kind.isEmpty()) {
      return Optional.empty();
    }
    return switch (kind.get()) {
      case REPLICA_SET ->
          hashed(Kind.DEPLOYMENT, owner.name(), labels.get("pod-template-hash"))
              .or(() ->
                  hashed(Kind.ROLLOUT, owner.name(), labels.get("rollouts-pod-template-hash")));
      case JOB -> cronJob(owner.name());
      case REPLICATION_CONTROLLER ->
          Optional.ofNullable(annotations.get("openshift.io/deployment-config.name"))
              .map(name -> Owner.named(Kind.DEPLOYMENT_CONFIG, name));
      default -> Optional.empty();
    };
  }

  private static Optional<Owner> hashed(Kind kind, String replicaSet, String hash) {
    if (hash == null || hash.isEmpty() || !replicaSet.endsWith(hash)) {
      return Optional.empty();
    }
    int dash = replicaSet.length() - hash.length() - 1;
    return dash > 0 && replicaSet.charAt(dash) == '-'
        ? Optional.of(Owner.named(kind, replicaSet.substring(0, dash)))
        : Optional.empty();
  }

  private static Optional<Owner> cronJob(String job) {
    int dash = job.length() - SCHEDULED_MINUTE_DIGITS - 1;
    if (dash <= 0 || job.charAt(dash) != '-') {
      return Optional.empty();
    }
    int minute = 0;
    for (int i = dash + 1; i < job.length(); i++) {
      char c = job.charAt(i);
      if (c < '0' || c > '9') {
        return Optional.empty();
      }
      minute = minute * 10 + (c - '0');
    }
    return minute >= FIRST_SCHEDULED_MINUTE
        ? Optional.of(Owner.named(Kind.CRON_JOB, job.substring(0, dash)))
        : Optional.empty();
  }
}
