package io.otelgraft.core.resource;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Resources that were read. */
final class Snapshot implements Resources {

  private static final Absent CONFIRMED = new Absent(Absence.CONFIRMED);
  private static final Absent UNCONFIRMED = new Absent(Absence.UNCONFIRMED);
  private static final InNamespace NOTHING = new InNamespace(Map.of(), List.of(), List.of());

  private final Map<String, InNamespace> instrumentations = new HashMap<>();
  private final Map<String, NamespaceFacts> namespaces;
  private final boolean complete;

  private record InNamespace(
      Map<String, Lookup> byName, List<Instrumentation> usable, List<String> names) {

    static InNamespace of(Map<String, Lookup> byName) {
      List<Instrumentation> usable = new ArrayList<>();
      for (Lookup lookup : byName.values()) {
        if (lookup instanceof Accepted accepted) {
          usable.add(accepted.instrumentation());
        }
      }
      usable.sort(Comparator.comparing(Instrumentation::name));
      return new InNamespace(
          Map.copyOf(byName), List.copyOf(usable), byName.keySet().stream().sorted().toList());
    }
  }

  /**
   * Of instrumentations by namespace and name, and namespaces by name.
   *
   * @param complete whether what is not among them is certainly not there
   */
  Snapshot(
      Map<String, Map<String, Lookup>> instrumentations,
      Map<String, NamespaceFacts> namespaces,
      boolean complete) {
    instrumentations.forEach(
        (namespace, byName) -> this.instrumentations.put(namespace, InNamespace.of(byName)));
    this.namespaces = Map.copyOf(namespaces);
    this.complete = complete;
  }

  private InNamespace namespaced(String namespace) {
    return instrumentations.getOrDefault(namespace, NOTHING);
  }

  @Override
  public Lookup find(String namespace, String name) {
    return namespaced(namespace).byName.getOrDefault(name, complete ? CONFIRMED : UNCONFIRMED);
  }

  @Override
  public List<Instrumentation> in(String namespace) {
    return namespaced(namespace).usable;
  }

  @Override
  public List<String> names(String namespace) {
    return namespaced(namespace).names;
  }

  @Override
  public Optional<NamespaceFacts> namespace(String name) {
    return Optional.ofNullable(namespaces.get(name));
  }

  @Override
  public boolean complete() {
    return complete;
  }
}
