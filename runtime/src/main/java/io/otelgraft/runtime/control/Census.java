package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Asked;
import io.otelgraft.core.injection.Owner;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.runtime.control.PodMark.By;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How many pods there are of each Instrumentation, and of how many workloads: those that its newest
 * generation was injected into, those of an older one, and those that ask for it, or whose
 * namespace does, and went without. A pod counts once for each: where a language of several is
 * missing, as one that went without. Taken from the pods' metadata, one after the other; of a pod
 * nothing is kept but the count.
 */
final class Census {

  /** In which way a pod has to do with an Instrumentation; of several, the last one counts. */
  enum Standing {
    INJECTED("injected"),
    OUTDATED("outdated"),
    NOT_INJECTED("notInjected");

    private final String field;

    Standing(String field) {
      this.field = field;
    }

    /** Its name in the status. */
    String field() {
      return field;
    }
  }

  /** The pods and workloads of one standing. */
  private static final class Tally {
    private int pods;
    private final Set<String> workloads = new HashSet<>();
  }

  private final Function<String, Optional<Long>> generation;
  private final Function<String, List<String>> inNamespace;
  private final Function<String, Optional<NamespaceFacts>> namespaces;
  private final Map<String, Map<Standing, Tally>> tallies = new HashMap<>();

  /**
   * @param generation that of an Instrumentation, by {@code namespace/name}; empty if there is none
   * @param inNamespace the names of a namespace's Instrumentations
   * @param namespaces what is known of a namespace
   */
  Census(
      Function<String, Optional<Long>> generation,
      Function<String, List<String>> inNamespace,
      Function<String, Optional<NamespaceFacts>> namespaces) {
    this.generation = generation;
    this.inNamespace = inNamespace;
    this.namespaces = namespaces;
  }

  /** Counts a pod, given its metadata at least. */
  void count(ObjectNode pod) {
    String namespace = pod.path("metadata").path("namespace").asText();
    PodFacts facts = PodFacts.of(pod, namespace);
    Map<String, Standing> standings = new HashMap<>();
    Map<String, By> injected = PodMark.of(pod).languages();
    injected
        .values()
        .forEach(by ->
            generation
                .apply(by.instrumentation())
                .ifPresent(newest ->
                    raise(
                        by.instrumentation(),
                        by.generation() == newest ? Standing.INJECTED : Standing.OUTDATED,
                        standings)));
    for (Asked asked : Asked.of(facts, namespaces.apply(namespace))) {
      if (!injected.containsKey(asked.id())) {
        reference(asked, namespace)
            .ifPresent(reference -> raise(reference, Standing.NOT_INJECTED, standings));
      }
    }
    String workload = workload(facts);
    standings.forEach((reference, standing) -> add(reference, standing, workload));
  }

  private static void raise(String reference, Standing to, Map<String, Standing> standings) {
    standings.merge(reference, to, (one, other) -> one.compareTo(other) > 0 ? one : other);
  }

  private static String workload(PodFacts facts) {
    String name =
        facts.owners().isEmpty()
            ? "Pod/" + facts.name().orElse("")
            : named(facts.owners().getLast());
    return facts.namespace() + "/" + name;
  }

  private static String named(Owner owner) {
    return owner.kind() + "/" + owner.name();
  }

  /** The Instrumentation that is asked for; empty if there is none, or which is not said. */
  private Optional<String> reference(Asked asked, String namespace) {
    Optional<String> named = Optional.of(asked.value());
    if (asked.namesNone()) {
      List<String> names = inNamespace.apply(namespace);
      named = names.size() == 1 ? Optional.of(names.getFirst()) : asked.fallback();
    }
    return named
        .map(name -> name.contains("/") ? name : namespace + "/" + name)
        .filter(reference -> generation.apply(reference).isPresent());
  }

  private void add(String reference, Standing standing, String workload) {
    Tally tally =
        tallies
            .computeIfAbsent(reference, _ -> new HashMap<>())
            .computeIfAbsent(standing, _ -> new Tally());
    tally.pods++;
    tally.workloads.add(workload);
  }

  int pods(String reference, Standing standing) {
    return tally(reference, standing).map(tally -> tally.pods).orElse(0);
  }

  int workloads(String reference, Standing standing) {
    return tally(reference, standing).map(tally -> tally.workloads.size()).orElse(0);
  }

  private Optional<Tally> tally(String reference, Standing standing) {
    return Optional.ofNullable(tallies.getOrDefault(reference, Map.of()).get(standing));
  }
}
