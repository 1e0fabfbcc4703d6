package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.plugin.Deadline;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;

/**
 * Whether there is a thread left that can decide. Threads that do not come back from a decision are
 * replaced, but not without end; when none is left, a restart is what helps. To be slow or busy is
 * no reason: a restart would make that worse.
 */
public final class DecisionHealth implements HealthCheck {

  private final Deadline deadline;

  /** Looks at the threads of this. */
  public DecisionHealth(Deadline deadline) {
    this.deadline = deadline;
  }

  @Override
  public String name() {
    return "decisions";
  }

  @Override
  public Health health() {
    return deadline.exhausted()
        ? Health.failed(
            "none of the threads that decide has come back; %d are lost"
                .formatted(deadline.runaways()))
        : Health.OK;
  }
}
