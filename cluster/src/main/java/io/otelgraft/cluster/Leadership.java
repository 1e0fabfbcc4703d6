package io.otelgraft.cluster;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.kubernetes.client.extended.leaderelection.LeaderElectionConfig;
import io.kubernetes.client.extended.leaderelection.LeaderElector;
import io.kubernetes.client.extended.leaderelection.resourcelock.LeaseLock;
import io.kubernetes.client.openapi.ApiClient;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * One of several processes leads: who holds a {@code Lease}. Thread-safe.
 *
 * @see <a href="https://kubernetes.io/docs/concepts/architecture/leases/">Leases</a>
 */
public final class Leadership implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Leadership.class.getName());

  /** Those of Kubernetes' own controllers. */
  private static final Duration LEASE = Duration.ofSeconds(15);

  private static final Duration RENEW_DEADLINE = Duration.ofSeconds(10);
  private static final Duration RETRY = Duration.ofSeconds(2);

  private final Thread contest;
  private volatile LeaderElector elector;
  private volatile boolean closed;
  private volatile boolean leads;

  private Leadership(ApiClient client, String namespace, String lease, String identity) {
    contest =
        Thread.ofPlatform()
            .daemon()
            .name("leader-election")
            .unstarted(() -> contest(new LeaseLock(namespace, lease, identity, client)));
  }

  static Leadership contest(ApiClient client, String namespace, String lease, String identity) {
    Leadership leadership = new Leadership(client, namespace, lease, identity);
    leadership.contest.start();
    return leadership;
  }

  /** Whether this process leads. */
  public boolean leads() {
    return leads;
  }

  private void contest(LeaseLock lock) {
    while (!closed) {
      LeaderElector one =
          new LeaderElector(
              new LeaderElectionConfig(lock, LEASE, RENEW_DEADLINE, RETRY),
              thrown -> LOG.log(WARNING, "the lease cannot be had: " + thrown));
      elector = one;
      try {
        one.run(this::began, this::ended);
      } finally {
        // Who closes this has closed that, and given the lease back.
        if (!closed) {
          one.close();
        }
      }
      // The hooks run on other threads, and may have come in the wrong order.
      ended();
      LockSupport.parkNanos(RETRY.toNanos());
    }
  }

  private void began() {
    leads = true;
    LOG.log(INFO, "this replica leads");
  }

  private void ended() {
    if (leads) {
      leads = false;
      LOG.log(INFO, "this replica leads no longer");
    }
  }

  /** Gives the lease back if this process holds it, so that another need not wait for its end. */
  @Override
  public void close() {
    closed = true;
    LeaderElector last = elector;
    if (last != null) {
      last.close();
    }
    contest.interrupt();
  }
}
