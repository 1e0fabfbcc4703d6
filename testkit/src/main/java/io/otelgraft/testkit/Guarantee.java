package io.otelgraft.testkit;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.PatchOperation;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.ListVariable;
import io.otelgraft.spi.Need;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * What Graft promises of each pod that it decides about. Each is judged by what came and what
 * became of it, never by how.
 */
@SuppressWarnings("ImmutableEnumChecker") // the checks are references to static methods
enum Guarantee {
  NOTHING_FAILS(
      "the pod is injected, left alone, or rejected with what to do", Guarantee::failures),
  NOTHING_ELSE_CHANGES(
      "nothing changes but the accepted containers and what is added for them",
      Guarantee::strayEdits),
  JOURNAL_TELLS_ALL("every change is told in the journal", Guarantee::untold),
  USER_WINS("what the pod's author set stays or is extended", UserEnv::losses),
  LEAVES_WHAT_EXISTS("a pod that exists is left as it is", Guarantee::lateChanges),
  STAYS_VALID("a valid pod stays valid", Guarantee::newProblems),
  KEEPS_QOS("the quality of service class stays", Guarantee::lostQos),
  KEEPS_SECURITY("a restricted pod stays restricted", Guarantee::lostSecurity),
  STARTS_AS_NON_ROOT(
      "where containers are not to be root, what is added has a user that is not",
      AddedRules::unstartable),
  WITHIN_LIMITS("what is added keeps to the namespace's LimitRange", AddedRules::overLimits),
  KEEPS_STORAGE(
      "what is added takes nothing of the ephemeral storage that the pod may use, or it is told",
      AddedRules::lostStorage),
  STAYS_EVICTABLE("a pod can be evicted as before", AddedRules::unevictable),
  ONCE("what was injected is not injected again", Guarantee::secondChanges),
  SAME_BYTES(
      "the same pod becomes the same bytes, in whatever order plugins are found",
      Guarantee::otherBytes);

  private static final String INIT = "spec.initContainers";
  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";

  /** What a language may need where a pod is restricted. */
  private static final Set<Need> ALLOWED = Set.of(Need.WRITABLE_AGENT, Need.EXECUTABLE_AGENT);

  private static final Set<String> FAILURES = Set.of(Reasons.GRAFT_FAILED, Reasons.PLUGIN_FAILED);

  private final String promise;
  private final Function<Trial, List<String>> check;

  Guarantee(String promise, Function<Trial, List<String>> check) {
    this.promise = promise;
    this.check = check;
  }

  /** How it is broken, a sentence each; empty if it holds. */
  List<String> breaches(Trial trial) {
    return check.apply(trial);
  }

  /** Each that is broken, with how. */
  static List<String> allBreaches(Trial trial) {
    List<String> breaches = new ArrayList<>();
    for (Guarantee guarantee : values()) {
      guarantee.breaches(trial).forEach(breach -> breaches.add(guarantee + ": " + breach));
    }
    return breaches;
  }

  @Override
  public String toString() {
    return promise;
  }

  private static List<String> failures(Trial trial) {
    return failures(trial.decision());
  }

  /** How a decision fails, whatever it is about. */
  static List<String> failures(Decision decision) {
    List<String> breaches = new ArrayList<>();
    if (FAILURES.contains(decision.reason())) {
      breaches.add(decision.message());
    }
    for (Finding finding : decision.findings()) {
      if (FAILURES.contains(finding.reason())) {
        breaches.add(finding.message());
      }
      if (finding.severity() == Finding.Severity.REFUSAL && finding.fix().isEmpty()) {
        breaches.add("a refusal without what to do: " + finding.message());
      }
    }
    if (decision.reason().isEmpty() || decision.message().isEmpty()) {
      breaches.add("a decision without a reason: " + decision.outcome());
    }
    if (decision.outcome() != Outcome.INJECTED && !decision.patch().isEmpty()) {
      breaches.add("a patch, although the pod is " + decision.outcome());
    }
    return breaches;
  }

  private static List<String> strayEdits(Trial trial) {
    if (!trial.isInjected()) {
      return List.of();
    }
    Set<String> added = trial.added();
    Set<String> editable = new HashSet<>(trial.targets());
    added.forEach(path -> editable.add(trial.after().at(path).path("name").asText()));
    List<String> breaches = new ArrayList<>();
    for (Edit edit : trial.edits()) {
      boolean inside = added.stream().anyMatch(path -> edit.path().startsWith(path + "/"));
      if (!edit.container().isEmpty() && !editable.contains(edit.container())) {
        breaches.add(edit.path() + " of " + edit.container() + ", which was not to be injected");
      } else if (!inside && !isAllowed(edit, trial.languages())) {
        breaches.add(edit.path() + " was " + edit.before() + " and is " + edit.value());
      }
    }
    return breaches;
  }

  private static boolean isAllowed(Edit edit, List<Language> languages) {
    return switch (edit.part()) {
      case CONTAINER, VOLUME -> edit.before().isMissingNode();
      case MOUNT -> true;
      case ANNOTATION ->
          edit.name().equals(Annotations.MARK) || edit.name().equals(Annotations.SAFE_TO_EVICT);
      case VARIABLE ->
          edit.before().isMissingNode()
              || edit.name().equals(ATTRIBUTES)
              || isListVariable(edit.name(), languages);
      case FIELD ->
          edit.container().isEmpty()
              ? edit.name().equals("imagePullSecrets")
                  || (edit.name().equals("shareProcessNamespace")
                      && languages.stream()
                          .anyMatch(l -> l.needs().contains(Need.SHARED_PROCESSES)))
              : edit.name().equals("command") && endsWith(edit.value(), edit.before());
    };
  }

  private static boolean isListVariable(String name, List<Language> languages) {
    return languages.stream()
        .flatMap(language -> language.listVariables().stream())
        .map(ListVariable::name)
        .anyMatch(name::equals);
  }

  /** A command may be wrapped, which leaves it as the end of the new one. */
  private static boolean endsWith(JsonNode words, JsonNode end) {
    int offset = words.size() - end.size();
    if (offset < 0 || end.isEmpty()) {
      return false;
    }
    for (int i = 0; i < end.size(); i++) {
      if (!words.get(offset + i).equals(end.get(i))) {
        return false;
      }
    }
    return true;
  }

  private static List<String> untold(Trial trial) {
    List<String> breaches = new ArrayList<>(Undo.remainder(trial));
    List<Edit> edits = trial.edits();
    for (PatchOperation operation : trial.decision().patch()) {
      if (edits.stream().noneMatch(edit -> isToldBy(operation, edit))) {
        breaches.add("no edit tells of the patch's " + operation.toJson());
      }
    }
    return breaches;
  }

  private static boolean isToldBy(PatchOperation operation, Edit edit) {
    // What moves is removed first; where it stood is not where the journal finds it.
    return operation.op().equals("remove")
        ? !edit.before().isMissingNode() && parent(edit.path()).equals(parent(operation.path()))
        : (edit.path() + "/").startsWith(operation.path() + "/");
  }

  private static String parent(String path) {
    return JsonPointer.compile(path).head().toString();
  }

  private static List<String> lateChanges(Trial trial) {
    boolean late = trial.request().operation() != Operation.CREATE;
    return late && trial.decision().outcome() != Outcome.UNCHANGED
        ? List.of(trial.decision().outcome() + ": " + trial.decision().message())
        : List.of();
  }

  private static List<String> newProblems(Trial trial) {
    if (!trial.isInjected()) {
      return List.of();
    }
    List<String> known = new ArrayList<>(problems(trial, trial.before()));
    Set<String> ofContainers = new HashSet<>();
    known.forEach(problem -> ofContainers.add(ofAnyContainer(problem)));
    List<String> fresh = new ArrayList<>();
    for (String problem : problems(trial, trial.after())) {
      // A clone has what is wrong with the container that it copies.
      boolean copied = problem.startsWith(INIT) && ofContainers.contains(ofAnyContainer(problem));
      if (!known.remove(problem) && !copied) {
        fresh.add(problem);
      }
    }
    return fresh;
  }

  private static String ofAnyContainer(String problem) {
    return problem.startsWith(INIT)
        ? "spec.containers" + problem.substring(INIT.length())
        : problem;
  }

  /** What an API server would refuse; places in lists are left out, as they move. */
  private static List<String> problems(Trial trial, ObjectNode pod) {
    return validity(trial, withoutUnknownFields(trial, pod)).stream()
        .map(problem -> problem.toString().replaceAll("\\[\\d+]", "[]"))
        .toList();
  }

  /** An API server drops the fields that it does not know, unless it is told to be strict. */
  private static ObjectNode withoutUnknownFields(Trial trial, ObjectNode pod) {
    ObjectNode known = pod.deepCopy();
    for (Problem problem : validity(trial, pod)) {
      if (problem.kind() == Problem.Kind.UNKNOWN_FIELD) {
        JsonPointer unknown = JsonPointer.compile(problem.pointer());
        if (known.at(unknown.head()) instanceof ObjectNode parent) {
          parent.remove(unknown.last().getMatchingProperty());
        }
      }
    }
    return known;
  }

  /** What an API server would refuse about a pod of the trial. */
  static List<Problem> validity(Trial trial, ObjectNode pod) {
    return isPod(trial) ? PodValidity.ofPod(pod) : PodValidity.ofTemplate(pod);
  }

  private static boolean isPod(Trial trial) {
    return trial.story().template().kind().equals("Pod");
  }

  private static boolean isValid(Trial trial, ObjectNode pod) {
    return validity(trial, withoutUnknownFields(trial, pod)).isEmpty();
  }

  private static List<String> lostQos(Trial trial) {
    if (!trial.story().settings().keepQosClass() || !isValid(trial, trial.before())) {
      return List.of();
    }
    QosClass was = QosClass.of(trial.before());
    QosClass is = QosClass.of(trial.after());
    return was == is ? List.of() : List.of("the class was " + was + " and is " + is);
  }

  private static List<String> lostSecurity(Trial trial) {
    boolean needs =
        trial.languages().stream().anyMatch(language -> !ALLOWED.containsAll(language.needs()));
    if (needs || !isValid(trial, trial.before())) {
      return List.of();
    }
    List<String> breaches = new ArrayList<>();
    for (PodSecurity.Level level : PodSecurity.Level.values()) {
      if (PodSecurity.violations(trial.before(), level).isEmpty()) {
        breaches.addAll(PodSecurity.violations(trial.after(), level));
      }
    }
    return breaches;
  }

  private static List<String> secondChanges(Trial trial) {
    if (!trial.isInjected()) {
      return List.of();
    }
    Trial second = trial.story().with(trial.available(), trial.after());
    return second.decision().reason().equals(Reasons.ALREADY_INJECTED)
            && second.decision().outcome() == Outcome.UNCHANGED
        ? List.of()
        : List.of(second.decision().outcome() + ": " + second.decision().message());
  }

  private static List<String> otherBytes(Trial trial) {
    Trial second = trial.story().with(trial.available().inReverse(), trial.request());
    boolean same =
        Arrays.equals(Json.write(trial.after()), Json.write(second.after()))
            && Arrays.equals(patch(trial), patch(second))
            && trial.decision().findings().equals(second.decision().findings());
    return same ? List.of() : List.of("it became " + trial.after() + " and then " + second.after());
  }

  private static byte[] patch(Trial trial) {
    return Json.write(Reviewer.patch(trial.decision().patch()));
  }
}
