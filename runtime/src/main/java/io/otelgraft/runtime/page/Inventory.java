package io.otelgraft.runtime.page;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Resources.Lookup;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * What decisions rest on, as it is now.
 *
 * @param catalogue gives the plugins
 * @param lookups gives all Instrumentations by {@code namespace/name}
 * @param unreadable gives what cannot be read and therefore is as it was before, a line each
 */
public record Inventory(
    Supplier<Catalogue> catalogue,
    Supplier<Map<String, Lookup>> lookups,
    Supplier<List<String>> unreadable) {

  /** What an Instrumentation does. */
  enum State {
    /** Its newest generation is in force. */
    ACCEPTED,
    /** Its newest generation is not valid, the last one that was is in force. */
    OUTDATED,
    /** No generation was ever valid: it is not in force. */
    INVALID
  }

  /**
   * An Instrumentation.
   *
   * @param reference {@code namespace/name}
   * @param generation of what is in force; empty if nothing is, or if it comes from a file
   * @param problems why the newest generation is not in force; empty if it is
   */
  record Entry(String reference, OptionalLong generation, State state, List<Problem> problems) {

    private static Entry of(Accepted accepted) {
      Instrumentation instrumentation = accepted.instrumentation();
      return new Entry(
          instrumentation.reference(),
          instrumentation.generation() == 0
              ? OptionalLong.empty()
              : OptionalLong.of(instrumentation.generation()),
          accepted.ofNewer().isEmpty() ? State.ACCEPTED : State.OUTDATED,
          accepted.ofNewer());
    }
  }

  /** All Instrumentations, by namespace and name. */
  List<Entry> instrumentations() {
    List<Entry> entries = new ArrayList<>();
    new TreeMap<>(lookups.get())
        .forEach((reference, lookup) -> {
          switch (lookup) {
            case Accepted accepted -> entries.add(Entry.of(accepted));
            case Invalid(List<Problem> problems) ->
                entries.add(new Entry(reference, OptionalLong.empty(), State.INVALID, problems));
            case Absent _ -> {
              // Not one of those that are there.
            }
          }
        });
    return entries;
  }
}
