package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Resources.Lookup;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;

/** How an Instrumentation is. */
enum InstrumentationState {
  /** Its newest generation is in force. */
  ACCEPTED,
  /** Its newest generation is not valid; the last one that was is in force. */
  OUTDATED,
  /** No generation was ever valid. */
  INVALID;

  static InstrumentationState of(Lookup known) {
    return switch (known) {
      case Accepted accepted -> accepted.ofNewer().isEmpty() ? ACCEPTED : OUTDATED;
      case Invalid _, Absent _ -> INVALID;
    };
  }

  /** How many there are of each state, zeros included. */
  static Map<InstrumentationState, Integer> count(Collection<Lookup> known) {
    Map<InstrumentationState, Integer> counts = new EnumMap<>(InstrumentationState.class);
    for (InstrumentationState state : values()) {
      counts.put(state, 0);
    }
    known.forEach(one -> counts.merge(of(one), 1, Integer::sum));
    return counts;
  }
}
