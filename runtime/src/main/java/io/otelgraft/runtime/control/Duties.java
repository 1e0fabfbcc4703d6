package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Looks after duties, one after the other, until closed. One that fails is tried again the next
 * time; it is told once until it succeeds, and in {@code /readyz} all the while, where it takes no
 * replica out of service: admission goes on without.
 */
final class Duties implements HealthCheck, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Duties.class.getName());
  private static final Duration PERIOD = Duration.ofSeconds(5);

  /** How soon a replica that begins to lead does what is the leader's. */
  private static final Duration LOOK = Duration.ofMillis(250);

  private final List<Duty> duties;
  private final BooleanSupplier leads;
  private final Map<String, String> failures = new ConcurrentHashMap<>();
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("duties").factory());

  // Of that thread.
  private long next = System.nanoTime();
  private boolean led;

  private Duties(List<Duty> duties, BooleanSupplier leads) {
    this.duties = List.copyOf(duties);
    this.leads = leads;
  }

  static Duties begin(List<Duty> duties, BooleanSupplier leads) {
    Duties begun = new Duties(duties, leads);
    var _ =
        begun.thread.scheduleWithFixedDelay(begun::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    return begun;
  }

  private void look() {
    boolean leading = leads.getAsBoolean();
    if (leading != led || System.nanoTime() - next >= 0) {
      led = leading;
      fulfil(leading);
      next = System.nanoTime() + PERIOD.toNanos();
    }
  }

  private void fulfil(boolean leading) {
    for (Duty duty : duties) {
      try {
        duty.fulfil(leading);
        if (failures.remove(duty.name()) != null) {
          LOG.log(INFO, duty.name() + ": as it should be again");
        }
      } catch (RuntimeException e) {
        String why = e.getMessage() == null ? e.toString() : e.getMessage();
        if (!why.equals(failures.put(duty.name(), why))) {
          LOG.log(WARNING, duty.name() + ": " + why + "; it is tried again");
        }
      }
    }
  }

  /** How many did not succeed the last time. */
  int failing() {
    return failures.size();
  }

  @Override
  public String name() {
    return "duties";
  }

  @Override
  public Health health() {
    if (failures.isEmpty()) {
      return Health.OK;
    }
    return Health.degraded(
        String.join(
            "; ",
            new TreeMap<>(failures)
                .entrySet().stream()
                    .map(failure -> failure.getKey() + ": " + failure.getValue())
                    .toList()));
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }
}
