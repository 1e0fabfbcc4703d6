package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Supplier;

/**
 * Whether the Instrumentations are known as they are. What is wrong with them is told and takes no
 * replica out of service: another would know no better, what was valid stays in force, and nobody
 * is rejected for what cannot be read.
 */
public final class ResourceHealth implements HealthCheck {

  private static final int MOST_NAMES = 5;

  private final Supplier<Map<String, Lookup>> instrumentations;
  private final Supplier<List<String>> unreadable;

  /**
   * Looks at what is known now, and from now on.
   *
   * @param instrumentations all by {@code namespace/name}
   * @param unreadable what could not be read, a line each
   */
  public ResourceHealth(
      Supplier<Map<String, Lookup>> instrumentations, Supplier<List<String>> unreadable) {
    this.instrumentations = instrumentations;
    this.unreadable = unreadable;
  }

  @Override
  public String name() {
    return "resources";
  }

  @Override
  public Health health() {
    List<String> troubles = new ArrayList<>(unreadable.get());
    Map<String, Lookup> all = instrumentations.get();
    tell(InstrumentationState.INVALID, "not valid: ", all, troubles);
    tell(
        InstrumentationState.OUTDATED,
        "changed to something that is not valid, so that its last valid generation is in force: ",
        all,
        troubles);
    return troubles.isEmpty() ? Health.OK : Health.degraded(String.join("; ", troubles));
  }

  private static void tell(
      InstrumentationState state, String lead, Map<String, Lookup> all, List<String> troubles) {
    TreeSet<String> names = new TreeSet<>();
    all.forEach((name, known) -> {
      if (InstrumentationState.of(known) == state) {
        names.add(name);
      }
    });
    if (!names.isEmpty()) {
      int more = names.size() - MOST_NAMES;
      troubles.add(
          lead
              + String.join(", ", names.stream().limit(MOST_NAMES).toList())
              + (more > 0 ? " and " + more + " more" : ""));
    }
  }
}
