package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.Marks;
import io.otelgraft.core.admission.PodRequest;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.injection.Finding.Severity;
import io.otelgraft.core.injection.PodFacts;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.core.resource.Settings.Convention;
import io.otelgraft.runtime.migration.Part.Kind;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Compares what the OpenTelemetry Operator gives pods with what Graft gives them. The operator is
 * stood in for by Graft under {@code compatibility: operator}, and by the pods that it injected
 * where they are at hand. Which setting keeps what is found by trying each.
 */
public final class Migration {
  private static final String UNEXPLAINED =
      "no setting keeps it: the resource, the operator's version or its configuration was another"
          + " when the pod was made";

  private static final JsonNode NOTHING = MissingNode.getInstance();

  private final Catalogue catalogue;
  private final Function<String, Optional<NamespaceFacts>> namespaces;
  private final Function<Map<String, String>, Admission> admissions;
  private final Admission graft;
  private final Admission operator;
  private final Admission careless;
  private final Map<Map<String, String>, Admission> single = new LinkedHashMap<>();

  /**
   * Compares with these.
   *
   * @param catalogue the plugins
   * @param namespaces what is known of a namespace
   * @param with decides with plugins under the user's settings, with these beside them, by name
   */
  public Migration(
      Catalogue catalogue,
      Function<String, Optional<NamespaceFacts>> namespaces,
      BiFunction<Catalogue, Map<String, String>, Admission> with) {
    this.catalogue = catalogue;
    this.namespaces = namespaces;
    this.admissions = settings -> with.apply(catalogue, settings);
    this.graft = admissions.apply(Map.of());
    Map<String, String> preset = Settings.preset(Convention.OPERATOR);
    this.operator = admissions.apply(preset);
    this.careless = with.apply(catalogue.unexamined(), preset);
    preset.forEach((name, value) -> {
      Map<String, String> one = Map.of(name, value);
      single.put(one, admissions.apply(one));
    });
  }

  /**
   * What was compared.
   *
   * @param workloads one for each workload that asks for something, in the order given; of pods
   *     that differ in the same way, one for all
   * @param unmatched pods that the operator injected and of which it cannot be told what they were
   *     before
   */
  public record Result(List<WorkloadMigration> workloads, List<PodTemplate> unmatched) {}

  /**
   * A pod or workload to compare.
   *
   * @param template its pod template
   * @param controlled whether something else made it, of which it is told in its stead
   */
  public record Candidate(PodTemplate template, boolean controlled) {}

  /** Compares all workloads and pods of these. */
  public Result of(List<Candidate> candidates) {
    List<PodTemplate> templates = candidates.stream().map(Candidate::template).toList();
    LivePods live = new LivePods(templates, catalogue);
    IdentityHashMap<PodTemplate, Integer> order = new IdentityHashMap<>();
    templates.forEach(template -> order.put(template, order.size()));
    List<PodTemplate> unmatched = new ArrayList<>();
    Map<WorkloadMigration, List<String>> ofPods = new LinkedHashMap<>();
    Set<PodTemplate> running = Collections.newSetFromMap(new IdentityHashMap<>());
    for (PodTemplate pod : templates.stream().filter(live::isInjected).toList()) {
      Optional<ObjectNode> original = live.original(pod);
      if (original.isEmpty()) {
        unmatched.add(pod);
      } else {
        PodTemplate workload = live.workload(pod);
        running.add(workload);
        ofPods
            .computeIfAbsent(live(workload, pod, original.get()), _ -> new ArrayList<>())
            .add(pod.name());
      }
    }
    List<WorkloadMigration> all = new ArrayList<>();
    ofPods.forEach((one, pods) -> all.add(one.of(pods)));
    for (Candidate candidate : candidates) {
      PodTemplate template = candidate.template();
      if (!candidate.controlled() && !live.isInjected(template) && !running.contains(template)) {
        foretold(template).ifPresent(all::add);
      }
    }
    all.sort(Comparator.comparingInt(one -> order.get(one.workload())));
    return new Result(List.copyOf(all), List.copyOf(unmatched));
  }

  private Case caseOf(PodRequest request) {
    return new Case(
        request.pod(),
        request.facts(),
        namespaces.apply(request.facts().namespace()),
        operator.decide(request),
        catalogue);
  }

  /** What a workload's next pods get: from the operator, and from Graft. */
  private Optional<WorkloadMigration> foretold(PodTemplate template) {
    PodRequest request = template.request();
    Case one = caseOf(request);
    Decision after = graft.decide(request);
    if (Set.of(Reasons.NOT_ANNOTATED, Reasons.ALREADY_INJECTED).contains(after.reason())) {
      boolean saysNo =
          KnownDifference.NAMESPACE_FIRST.foretold(one)
              && after.reason().equals(Reasons.NOT_ANNOTATED);
      if (!saysNo) {
        return Optional.empty();
      }
    }
    List<Explained> explained = new ArrayList<>();
    for (KnownDifference known : KnownDifference.values()) {
      if (known.foretold(one)) {
        explained.add(new Explained(known, List.of()));
      }
    }
    Optional<OutcomeChange> outcome = outcome(request, one.preset(), after);
    List<Difference> differences =
        outcome.isPresent()
            ? List.of()
            : differences(request, one, one.parts(), one.parts(), after);
    return Optional.of(migration(template, outcome, differences, explained, after));
  }

  /** What a running pod has, and what it would get from Graft. */
  private WorkloadMigration live(PodTemplate workload, PodTemplate pod, ObjectNode original) {
    PodRequest request = PodRequest.create(original, PodFacts.of(original, pod.namespace()));
    Case one = caseOf(request);
    Decision after = graft.decide(request);
    List<Difference> differences = new ArrayList<>();
    Map<KnownDifference, List<Difference>> explained = new LinkedHashMap<>();
    Optional<OutcomeChange> outcome = Optional.empty();
    Map<Part, JsonNode> running = PodParts.of(pod.tree());
    Explanations explanations = new Explanations(one, running, operator, careless);
    if (after.outcome() == Outcome.INJECTED) {
      for (Difference difference :
          differences(request, one, running, explanations.expected(), after)) {
        Optional<KnownDifference> known =
            difference.keep().isEmpty() || explanations.isOperatorDefault(difference)
                ? explanations.of(difference)
                : Optional.empty();
        known.ifPresentOrElse(
            why -> explained.computeIfAbsent(why, _ -> new ArrayList<>()).add(difference),
            () -> differences.add(difference));
      }
    } else {
      Optional<KnownDifference> known = explanations.ofInjection();
      if (known.isPresent() && one.preset().outcome() != Outcome.INJECTED) {
        explained.put(known.get(), List.of());
      } else {
        outcome =
            Optional.of(
                new OutcomeChange(
                    "injected",
                    words(after),
                    keep(request, decision -> decision.outcome() == Outcome.INJECTED)));
      }
    }
    return migration(
        workload,
        outcome,
        differences,
        explained.entrySet().stream()
            .map(entry -> new Explained(entry.getKey(), entry.getValue()))
            .toList(),
        after);
  }

  private static WorkloadMigration migration(
      PodTemplate workload,
      Optional<OutcomeChange> outcome,
      List<Difference> differences,
      List<Explained> explained,
      Decision after) {
    return new WorkloadMigration(
        workload,
        List.of(),
        outcome,
        differences,
        explained,
        after.findings().stream()
            .filter(finding -> finding.severity() == Severity.WARNING)
            .toList());
  }

  private Optional<OutcomeChange> outcome(PodRequest request, Decision before, Decision after) {
    return isSame(before, after)
        ? Optional.empty()
        : Optional.of(
            new OutcomeChange(
                words(before), words(after), keep(request, decision -> isSame(before, decision))));
  }

  private static boolean isSame(Decision one, Decision other) {
    return one.outcome() == other.outcome() && one.injected().equals(other.injected());
  }

  private static String words(Decision decision) {
    return switch (decision.outcome()) {
      case INJECTED, OBSERVED -> decision.message();
      case UNCHANGED -> "left as it is: " + decision.message();
      case REJECTED -> "rejected: " + decision.message();
    };
  }

  /** The first setting under which something holds; else all that it takes, else none. */
  private Map<String, String> keep(PodRequest request, Predicate<Decision> holds) {
    for (Map.Entry<Map<String, String>, Admission> trial : single.entrySet()) {
      if (holds.test(trial.getValue().decide(request))) {
        return trial.getKey();
      }
    }
    return holds.test(operator.decide(request))
        ? Map.of("compatibility", Convention.OPERATOR.value())
        : Map.of();
  }

  /**
   * What differs in parts that either of both injected.
   *
   * @param before the pod that the operator gives
   * @param expected the pod that it is known to give, as far as Graft can do as it does
   * @param decision what Graft gives
   */
  private List<Difference> differences(
      PodRequest request,
      Case one,
      Map<Part, JsonNode> before,
      Map<Part, JsonNode> expected,
      Decision decision) {
    Map<Part, JsonNode> original = PodParts.of(request.pod());
    Map<Part, JsonNode> preset = one.parts();
    Map<Part, JsonNode> after = PodParts.of(decision.pod());
    Set<Part> all = new LinkedHashSet<>(after.keySet());
    all.addAll(before.keySet());
    List<Difference> differences = new ArrayList<>();
    for (Part part : all) {
      JsonNode was = value(before, part);
      JsonNode is = value(after, part);
      boolean injected =
          !value(original, part).equals(value(preset, part))
              || !value(original, part).equals(is)
              || !value(original, part).equals(value(expected, part))
              || (Explanations.isSetOverTheUsers(part) && !value(original, part).equals(was))
              || (!original.containsKey(part) && isOperators(part));
      // What belongs to a container that only one of them has goes without saying.
      boolean implied =
          part.kind() != Kind.CONTAINER
              && !part.container().isEmpty()
              && hasContainer(before, part) != hasContainer(after, part);
      if (injected && !implied && !was.equals(is)) {
        differences.add(difference(request, part, was, is));
      }
    }
    differences.sort(Comparator.comparing(difference -> difference.part().kind()));
    return differences;
  }

  private static JsonNode value(Map<Part, JsonNode> parts, Part part) {
    return parts.getOrDefault(part, NOTHING);
  }

  private static boolean hasContainer(Map<Part, JsonNode> parts, Part part) {
    return parts.keySet().stream()
        .anyMatch(one -> one.kind() == Kind.CONTAINER && one.container().equals(part.container()));
  }

  /** Whether a part that a pod did not ask for is the operator's, by its name. */
  private boolean isOperators(Part part) {
    return switch (part.kind()) {
      case SERVICE, ATTRIBUTE -> true;
      case VARIABLE -> part.name().startsWith("OTEL_");
      case MOUNT, VOLUME ->
          part.name().startsWith("opentelemetry-auto-instrumentation")
              || part.name().startsWith("otel-");
      case CONTAINER -> Marks.isOperatorContainer(part.container(), catalogue);
      case FIELD -> false;
    };
  }

  private Difference difference(PodRequest request, Part part, JsonNode was, JsonNode is) {
    Map<String, String> keep =
        keep(request, decision -> value(PodParts.of(decision.pod()), part).equals(was));
    if (keep.isEmpty() && part.kind() == Kind.CONTAINER) {
      keep = keepImage(request, part, was);
    }
    return new Difference(part, was, is, keep, keep.isEmpty() ? UNEXPLAINED : "");
  }

  /** The agent's image that keeps what a pod has, unless the resource names another. */
  private Map<String, String> keepImage(PodRequest request, Part part, JsonNode was) {
    return catalogue.languages().stream()
        .map(plugin -> Map.of("images." + plugin.id(), was.asText()))
        .filter(images ->
            value(PodParts.of(admissions.apply(images).decide(request).pod()), part).equals(was))
        .findFirst()
        .orElseGet(Map::of);
  }
}
