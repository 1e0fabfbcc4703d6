package io.otelgraft.runtime.server;

import java.util.function.BooleanSupplier;

/**
 * Whether the server is about to stop: what it has begun it ends, and nothing more is to come.
 *
 * @param begun whether that is so
 */
record Stopping(BooleanSupplier begun) implements HealthCheck {

  @Override
  public String name() {
    return "shutdown";
  }

  @Override
  public Health health() {
    return begun.getAsBoolean() ? Health.failed("the process is shutting down") : Health.OK;
  }
}
