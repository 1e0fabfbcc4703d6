package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.Greeter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/**
 * Applications that run, each of which asks the next.
 *
 * @param greeters in the order in which they ask
 * @param silent those among them that report nothing, as their agents cannot observe them here
 */
record Chain(SequencedMap<Application, Greeter> greeters, Set<Application> silent) {

  /** An application that asks nobody. */
  static Chain of(Application application, Greeter greeter) {
    return new Chain(new LinkedHashMap<>(Map.of(application, greeter)), Set.of());
  }

  /** The same with another pod of an application. */
  Chain with(Application application, Greeter greeter) {
    SequencedMap<Application, Greeter> changed = new LinkedHashMap<>(greeters);
    changed.put(application, greeter);
    return new Chain(changed, silent);
  }

  /** Who is asked by nobody of them. */
  Greeter first() {
    return greeters.firstEntry().getValue();
  }

  /** Those that report what they are asked. */
  List<Application> reporting() {
    return greeters.keySet().stream().filter(one -> !silent.contains(one)).toList();
  }

  /** Whether the first takes one of ten requests, else all. */
  boolean isSampled() {
    return greeters.containsKey(Application.FLASK);
  }

  /** The services whose requests to the next one are reported by themselves alone. */
  Set<String> unanswered() {
    Set<String> services = new HashSet<>();
    List<Application> order = new ArrayList<>(greeters.keySet());
    for (int next = 1; next < order.size(); next++) {
      if (silent.contains(order.get(next))) {
        services.add(greeters.get(order.get(next - 1)).deployment());
      }
    }
    return services;
  }
}
