package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Owner;
import io.otelgraft.core.injection.PodFacts;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * How many pods there are of each Instrumentation, and of how many workloads: those that its newest
 * generation was injected into, those of an older one, and those that ask for it and went without.
 * Taken from the pods' metadata, one after the other; of a pod nothing is kept but the count.
 */
final class Census {

  /** In which way a pod has to do with an Instrumentation. */
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
  private final Map<String, Map<Standing, Tally>> tallies = new HashMap<>();

  /**
   * @param generation that of an Instrumentation, by {@code namespace/name}; empty if there is none
   * @param inNamespace the names of a namespace's Instrumentations
   */
  Census(Function<String, Optional<Long>> generation, Function<String, List<String>> inNamespace) {
    this.generation = generation;
    this.inNamespace = inNamespace;
  }

  /** Counts a pod, given its metadata at least. */
  void count(ObjectNode pod) {
    String namespace = pod.path("metadata").path("namespace").asText();
    PodFacts facts = PodFacts.of(pod, namespace);
    PodMark mark = PodMark.of(pod);
    String workload = workload(facts);
    mark.generations()
        .forEach((reference, injected) ->
            generation
                .apply(reference)
                .ifPresent(newest ->
                    add(
                        reference,
                        injected.equals(newest) ? Standing.INJECTED : Standing.OUTDATED,
                        workload)));
    if (mark.generations().isEmpty()) {
      asked(facts).forEach(reference -> add(reference, Standing.NOT_INJECTED, workload));
    }
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

  /** The Instrumentations that a pod asks for by its own annotations. */
  private Set<String> asked(PodFacts facts) {
    Set<String> references = new HashSet<>();
    facts
        .annotations()
        .forEach((key, value) -> {
          if (key.startsWith(Annotations.INJECT)
              && !key.endsWith(Annotations.CONTAINER_NAMES_SUFFIX)) {
            reference(value.strip(), facts.namespace()).ifPresent(references::add);
          }
        });
    return references;
  }

  private Optional<String> reference(String value, String namespace) {
    if (value.isEmpty() || value.equalsIgnoreCase("false")) {
      return Optional.empty();
    }
    if (value.equalsIgnoreCase("true")) {
      List<String> names = new ArrayList<>(inNamespace.apply(namespace));
      return names.size() == 1 ? Optional.of(namespace + "/" + names.getFirst()) : Optional.empty();
    }
    String reference = value.contains("/") ? value : namespace + "/" + value;
    return generation.apply(reference).map(_ -> reference);
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
