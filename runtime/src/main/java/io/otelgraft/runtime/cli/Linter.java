package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Admission;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Position;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Finding.Severity;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.NearestName;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.runtime.cli.Diagnostic.Level;
import io.otelgraft.runtime.cli.Workbench.Workload;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Finds what is wrong with manifests: all that the webhook would say, with its place, and the slips
 * that the webhook never sees, because they keep a pod from being asked about.
 */
final class Linter {

  static final String MISPLACED = "AnnotationMisplaced";
  static final String UNKNOWN = "AnnotationUnknown";
  static final String NOT_TEXT = "AnnotationNotText";
  static final String WITHOUT_EFFECT = "AnnotationWithoutEffect";
  static final String UNCHECKED = "InstrumentationUnchecked";
  static final String QUESTIONABLE = "InstrumentationQuestionable";
  static final String NO_OBJECT = "NotAnObject";

  /** What is told at a place of its own, or is good to know and told by explain. */
  private static final Set<String> TOLD_ELSEWHERE =
      Set.of(
          Reasons.UNKNOWN_LANGUAGE,
          Reasons.PLUGIN_MISSING,
          Reasons.CONTAINER_NOT_FOUND,
          Reasons.INSTRUMENTATION_INVALID);

  /** What is a note where a pod is admitted, and worth a warning to who writes it. */
  private static final Set<String> TOLD_BEFOREHAND =
      Set.of(Reasons.INSTRUMENTATION_SHARED, Reasons.EMPTY_ITEM_POSSIBLE);

  private final Workbench workbench;
  private final Admission admission;
  private final Set<String> keys;
  private final boolean resourcesAreKnown;
  private final List<Diagnostic> found = new ArrayList<>();

  /** Of a workbench's manifests. */
  Linter(Workbench workbench) {
    this.workbench = workbench;
    this.admission = workbench.admission();
    this.keys = workbench.catalogue().annotations();
    resourcesAreKnown =
        workbench.documents().stream().anyMatch(document -> hasInstrumentation(document.tree()));
  }

  private static boolean hasInstrumentation(JsonNode object) {
    if (object.path("kind").asText().equals(Instrumentation.KIND)) {
      return true;
    }
    for (JsonNode item : object.path("items")) {
      if (hasInstrumentation(item)) {
        return true;
      }
    }
    return false;
  }

  /** All that is found, in the order of files, lines and columns. */
  List<Diagnostic> lint() {
    for (Problem problem : workbench.resources().problems(workbench.catalogue())) {
      resource(problem);
    }
    for (Document document : Manifests.documents(workbench.manifests())) {
      ObjectNode tree = document.tree();
      object(document, JsonPointer.empty(), tree);
      for (Workload workload : workbench.workloads(document, tree, admission)) {
        template(workload);
      }
    }
    List<String> files = workbench.documents().stream().map(Document::name).distinct().toList();
    found.sort(
        Comparator.comparingInt((Diagnostic one) -> files.indexOf(one.file()))
            .thenComparingInt(Diagnostic::line)
            .thenComparingInt(Diagnostic::column));
    return List.copyOf(found);
  }

  private void resource(Problem problem) {
    Problem.Place place = problem.place().orElseThrow();
    found.add(
        new Diagnostic(
            problem.isError() ? Level.ERROR : Level.WARNING,
            problem.isError() ? Reasons.INSTRUMENTATION_INVALID : QUESTIONABLE,
            place.file(),
            place.line(),
            place.column(),
            problem.message(),
            problem.fix()));
  }

  private void object(Document document, JsonPointer at, JsonNode object) {
    String kind = object.path("kind").asText();
    if (kind.isEmpty() || object.path("apiVersion").asText().isEmpty()) {
      add(
          document,
          at,
          Level.WARNING,
          NO_OBJECT,
          "there is no "
              + (kind.isEmpty() ? "kind" : "apiVersion")
              + ", so the API server does not take this for an object",
          "write apiVersion and kind");
      return;
    }
    if (kind.endsWith("List") && object.path("items").isArray()) {
      for (int i = 0; i < object.path("items").size(); i++) {
        object(document, at.appendProperty("items").appendIndex(i), object.path("items").get(i));
      }
      return;
    }
    if (kind.equals("Namespace")) {
      annotations(document, at, object, false);
    } else if (!kind.equals("Pod") && !kind.equals(Instrumentation.KIND)) {
      misplaced(document, at, object, kind);
      JsonPointer job = JsonPointer.compile("/spec/jobTemplate");
      misplaced(document, at.append(job), object.at(job), kind);
    }
  }

  /** Annotations on a workload instead of its pod template: nobody reads them there. */
  private void misplaced(Document document, JsonPointer at, JsonNode object, String kind) {
    for (Map.Entry<String, JsonNode> entry : annotationsOf(object).properties()) {
      if (isSwitch(entry.getKey()) || keys.contains(entry.getKey())) {
        String template = template(kind);
        add(
            document,
            annotation(at, entry.getKey()),
            Level.ERROR,
            MISPLACED,
            entry.getKey() + " has no effect on the metadata of a " + kind + ": it is read on pods",
            template.isEmpty()
                ? "move it to the pod template of the workload, or to its Namespace"
                : "move it to " + template + ".metadata.annotations");
      }
    }
    for (Map.Entry<String, JsonNode> entry : object.at("/metadata/labels").properties()) {
      label(document, at, entry.getKey());
    }
  }

  private void label(Document document, JsonPointer at, String key) {
    if (isSwitch(key)) {
      add(
          document,
          at.append(JsonPointer.compile("/metadata/labels")).appendProperty(key),
          Level.ERROR,
          MISPLACED,
          key + " is a label here and has no effect: it is read from annotations",
          "move it to the annotations of the pod template");
    }
  }

  private static String template(String kind) {
    return switch (kind) {
      case "CronJob" -> "spec.jobTemplate.spec.template";
      case "Deployment",
          "StatefulSet",
          "DaemonSet",
          "ReplicaSet",
          "ReplicationController",
          "DeploymentConfig",
          "Job",
          "Rollout" ->
          "spec.template";
      default -> "";
    };
  }

  private void template(Workload workload) {
    PodTemplate template = workload.template();
    Document document = workload.document();
    JsonPointer at = JsonPointer.compile(template.pointer());
    annotations(document, at, template.tree(), true);
    for (Map.Entry<String, JsonNode> entry : template.tree().at("/metadata/labels").properties()) {
      label(document, at, entry.getKey());
    }
    containerNames(document, at, template.tree());
    Decision decision = workload.decision();
    for (Finding finding : decision.findings()) {
      finding(workload, at, finding);
    }
    if (decision.findings().isEmpty()) {
      leftAlone(workload, at, decision);
    }
  }

  private void annotations(Document document, JsonPointer at, JsonNode object, boolean onPod) {
    for (Map.Entry<String, JsonNode> entry : annotationsOf(object).properties()) {
      String key = entry.getKey();
      JsonPointer place = annotation(at, key);
      if (key.startsWith(Annotations.PREFIX) && !keys.contains(key)) {
        unknown(document, place, key, onPod);
      } else if (!key.startsWith(Annotations.PREFIX) && endsInSwitch(key)) {
        add(
            document,
            place,
            Level.WARNING,
            UNKNOWN,
            key + " is not an annotation that Graft reads",
            "write " + Annotations.PREFIX + key.substring(key.lastIndexOf('/') + 1));
      }
      if (keys.contains(key) && !entry.getValue().isTextual()) {
        add(
            document,
            place,
            Level.ERROR,
            NOT_TEXT,
            "the value of %s is %s, and the API server takes strings only"
                .formatted(key, entry.getValue()),
            "write it in quotes: \"" + entry.getValue().asText() + "\"");
      }
    }
  }

  private void unknown(Document document, JsonPointer place, String key, boolean onPod) {
    boolean certain = onPod && isSwitch(key) && workbench.catalogue().refused().isEmpty();
    Optional<String> nearest = NearestName.of(key, keys);
    add(
        document,
        place,
        certain ? Level.ERROR : Level.WARNING,
        isSwitch(key) ? Reasons.UNKNOWN_LANGUAGE : UNKNOWN,
        isSwitch(key)
            ? key + " asks for a language that no plugin provides"
            : "no plugin reads the annotation " + key,
        nearest
            .map(name -> "did you mean " + name + "?")
            .orElse("graft plugins lists the languages"));
  }

  /** Whether a key would ask for a language, but for what stands before the slash. */
  private boolean endsInSwitch(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    return key.contains("/")
        && keys.contains(Annotations.PREFIX + name)
        && isSwitch(Annotations.PREFIX + name);
  }

  private static boolean isSwitch(String key) {
    return key.startsWith(Annotations.INJECT) && !key.endsWith(Annotations.CONTAINER_NAMES_SUFFIX);
  }

  private void containerNames(Document document, JsonPointer at, JsonNode template) {
    Set<String> there = new TreeSet<>();
    for (String list : List.of("initContainers", "containers")) {
      template.path("spec").path(list).forEach(one -> there.add(one.path("name").asText()));
    }
    for (Map.Entry<String, JsonNode> entry : annotationsOf(template).properties()) {
      if (!keys.contains(entry.getKey())
          || !entry.getKey().endsWith(Annotations.CONTAINER_NAMES_SUFFIX)) {
        continue;
      }
      for (String item : entry.getValue().asText().split(",", -1)) {
        String name = item.strip();
        if (!name.isEmpty() && !there.contains(name)) {
          add(
              document,
              annotation(at, entry.getKey()),
              Level.ERROR,
              Reasons.CONTAINER_NOT_FOUND,
              "%s names %s, and the pod has no such container".formatted(entry.getKey(), name),
              NearestName.of(name, there)
                  .map(nearest -> "did you mean " + nearest + "?")
                  .orElse("name one of: " + String.join(", ", there)));
        }
      }
    }
  }

  private void finding(Workload workload, JsonPointer at, Finding finding) {
    boolean isNote =
        finding.severity() == Severity.NOTE && !TOLD_BEFOREHAND.contains(finding.reason());
    if (isNote || TOLD_ELSEWHERE.contains(finding.reason())) {
      return;
    }
    JsonPointer place = place(workload, at, finding);
    if (finding.reason().equals(Reasons.INSTRUMENTATION_NOT_FOUND) && !resourcesAreKnown) {
      add(
          workload.document(),
          place,
          Level.NOTE,
          UNCHECKED,
          "there is no Instrumentation in what came with -f or --resources, so it cannot be said"
              + " whether %s is injected".formatted(workload.template()),
          "name the files that have them with --resources");
      return;
    }
    add(
        workload.document(),
        place,
        finding.severity() == Severity.REFUSAL ? Level.ERROR : Level.WARNING,
        finding.reason(),
        workload.template() + ": " + finding.message(),
        finding.fix());
  }

  /** The container or the annotation that a finding is about, else the object. */
  private static JsonPointer place(Workload workload, JsonPointer at, Finding finding) {
    JsonNode template = workload.template().tree();
    for (String list : List.of("initContainers", "containers")) {
      JsonNode containers = template.path("spec").path(list);
      for (int i = 0; i < containers.size() && !finding.container().isEmpty(); i++) {
        if (containers.get(i).path("name").asText().equals(finding.container())) {
          return at.appendProperty("spec").appendProperty(list).appendIndex(i);
        }
      }
    }
    String key = Annotations.INJECT + finding.language();
    return annotationsOf(template).has(key) ? annotation(at, key) : workload.object();
  }

  /** Annotations on a pod that is left alone, of which its author may not know. */
  private void leftAlone(Workload workload, JsonPointer at, Decision decision) {
    Optional<String> own =
        workload.template().request().facts().annotations().keySet().stream()
            .filter(keys::contains)
            .sorted()
            .findFirst();
    boolean expected =
        decision.outcome() != Decision.Outcome.UNCHANGED
            || decision.reason().equals(Reasons.ALREADY_INJECTED);
    if (own.isEmpty() || expected) {
      return;
    }
    String value = workload.template().request().facts().annotations().get(own.get());
    if (isSwitch(own.get()) && decision.reason().equals(Reasons.NOT_ANNOTATED)) {
      // Switched off, which is what it is for.
      if (value.isBlank() || value.strip().equalsIgnoreCase("false")) {
        return;
      }
    }
    add(
        workload.document(),
        annotation(at, own.get()),
        Level.WARNING,
        decision.reason().equals(Reasons.NOT_ANNOTATED) ? WITHOUT_EFFECT : decision.reason(),
        own.get() + " has no effect: " + decision.message(),
        "");
  }

  private static JsonNode annotationsOf(JsonNode object) {
    return object.path("metadata").path("annotations");
  }

  private static JsonPointer annotation(JsonPointer object, String key) {
    return object.appendProperty("metadata").appendProperty("annotations").appendProperty(key);
  }

  private void add(
      Document document, JsonPointer at, Level level, String rule, String message, String fix) {
    Position position = document.position(at);
    found.add(
        new Diagnostic(
            level, rule, document.name(), position.line(), position.column(), message, fix));
  }
}
