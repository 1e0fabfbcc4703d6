package io.otelgraft.runtime.explanation;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Annotations;
import io.otelgraft.core.injection.Edit;
import io.otelgraft.core.injection.Edit.Part;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Finding.Severity;
import io.otelgraft.core.injection.Overruled;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.explanation.Phrase.Tone;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A decision about a pod, or about the pods of a workload, in words. */
public final class Explanation {

  private static final int WIDTH = 100;

  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";

  private final Decision decision;
  private final List<Phrase> phrases = new ArrayList<>();

  private Explanation(Decision decision) {
    this.decision = decision;
  }

  /**
   * Tells a decision: what becomes of each container and of the pod, why, and what there is to know
   * beside.
   *
   * @return lines, the last of which ends in a line break
   */
  public static List<Phrase> of(Decision decision) {
    Explanation explanation = new Explanation(decision);
    explanation.tell();
    return List.copyOf(explanation.phrases);
  }

  private void tell() {
    outcome();
    if (decision.journal().edits().isEmpty()) {
      findings();
      return;
    }
    JsonNode spec = decision.pod().path("spec");
    spec.path("initContainers").forEach(container -> container("init container", container));
    spec.path("containers").forEach(container -> container("container", container));
    pod();
    findings();
  }

  private void outcome() {
    String message = decision.message();
    switch (decision.outcome()) {
      case INJECTED -> prose("  ", good("✓"), message);
      case OBSERVED -> prose("  ", doubtful("○"), "only observed, left as it is: " + message);
      case REJECTED -> prose("  ", bad("✗"), "rejected (" + decision.reason() + ")");
      case UNCHANGED -> prose("  ", dim("·"), "left as it is" + unchanged(message));
    }
  }

  /** Why nothing is done; findings follow, and are not said twice. */
  private String unchanged(String message) {
    return decision.findings().stream().anyMatch(finding -> finding.message().equals(message))
        ? " (" + decision.reason() + ")"
        : ": " + message + " (" + decision.reason() + ")";
  }

  private void container(String kind, JsonNode container) {
    String name = container.path("name").asText();
    List<Edit> edits = edits(name);
    List<Overruled> overruled =
        decision.journal().overruled().stream()
            .filter(one -> one.container().equals(name))
            .toList();
    boolean added = edits.stream().anyMatch(edit -> edit.part() == Part.CONTAINER);
    line();
    line(
        plain("  "),
        added ? good("+ " + kind) : plain(kind),
        plain(" "),
        strong(name),
        plain("  "),
        dim(container.path("image").asText()));
    if (edits.isEmpty() && overruled.isEmpty()) {
      line(plain("    left as it is" + whyNotChosen(name)));
    }
    for (Edit edit : edits) {
      edit(edit);
    }
    for (Overruled one : overruled) {
      kept(container, one);
    }
  }

  private String whyNotChosen(String name) {
    if (decision.findings().stream().anyMatch(finding -> finding.container().equals(name))) {
      return ", see below";
    }
    boolean named =
        decision.pod().path("metadata").path("annotations").properties().stream()
            .map(Map.Entry::getKey)
            .anyMatch(key ->
                key.startsWith(Annotations.PREFIX)
                    && key.endsWith(Annotations.CONTAINER_NAMES_SUFFIX));
    return named
        ? ": the annotations do not name it"
        : ": without an annotation that names containers, one is instrumented";
  }

  private List<Edit> edits(String container) {
    return decision.journal().edits().stream()
        .filter(edit -> edit.container().equals(container))
        .toList();
  }

  private void pod() {
    List<Edit> edits = edits("");
    if (!edits.isEmpty()) {
      line();
      line(plain("  "), strong("pod"));
      edits.forEach(this::edit);
    }
  }

  private void edit(Edit edit) {
    if (edit.part() == Part.CONTAINER) {
      why(edit.rule() + ", from " + edit.source());
      return;
    }
    boolean change = !edit.before().isMissingNode();
    Phrase sign = change ? doubtful("~") : good("+");
    String value = value(edit);
    if (edit.part() == Part.VARIABLE
        && edit.name().equals(ATTRIBUTES)
        && edit.value().isTextual()) {
      line(plain("    "), sign, plain(" "), name(edit.name()));
      for (String attribute : value.split(",", -1)) {
        line(plain("        " + attribute));
      }
    } else {
      line(
          plain("    "),
          sign,
          plain(" " + kind(edit.part())),
          name(edit.name()),
          plain(value.isEmpty() ? "" : " = " + value));
    }
    String was = change ? "; was " + compact(edit.before()) : "";
    why(edit.rule() + ", from " + edit.source() + was);
  }

  private void why(String reason) {
    line(plain("        "), dim(reason));
  }

  private static String kind(Part part) {
    return switch (part) {
      case MOUNT -> "mount ";
      case FIELD -> "field ";
      case VOLUME -> "volume ";
      case ANNOTATION -> "annotation ";
      case VARIABLE, CONTAINER -> "";
    };
  }

  private static String value(Edit edit) {
    return switch (edit.part()) {
      case MOUNT ->
          edit.value().isMissingNode()
              ? "no volume"
              : "volume " + edit.value().path("name").asText();
      case VOLUME -> compact(withoutName(edit.value()));
      default -> compact(edit.value());
    };
  }

  private static JsonNode withoutName(JsonNode volume) {
    return volume instanceof ObjectNode tree ? tree.deepCopy().without("name") : volume;
  }

  private static String compact(JsonNode value) {
    if (value.path("fieldRef").has("fieldPath")) {
      return "field " + value.path("fieldRef").path("fieldPath").asText();
    }
    return value.isTextual() ? value.textValue() : value.toString();
  }

  private void kept(JsonNode container, Overruled overruled) {
    String name = overruled.variable().name();
    String kept = "its value";
    for (JsonNode variable : container.path("env")) {
      if (variable.path("name").asText().equals(name)) {
        kept =
            compact(variable.has("valueFrom") ? variable.get("valueFrom") : variable.path("value"));
      }
    }
    line(plain("    "), dim("="), plain(" "), name(name), plain(" = " + kept));
    JsonNode entry = overruled.variable().entry();
    String loser = compact(entry.has("valueFrom") ? entry.get("valueFrom") : entry.path("value"));
    why("from %s, before %s from %s".formatted(overruled.winner(), loser, overruled.source()));
  }

  private void findings() {
    List<Finding> unseen = new ArrayList<>();
    List<Finding> others = new ArrayList<>();
    for (Finding finding : decision.findings()) {
      (finding.reason().equals(Reasons.IMAGE_ENV_UNSEEN) ? unseen : others).add(finding);
    }
    section(decision.outcome() == Outcome.REJECTED ? "what it needs" : "findings", others);
    section("what admission cannot see", unseen);
  }

  private void section(String heading, List<Finding> findings) {
    if (findings.isEmpty()) {
      return;
    }
    line();
    line(plain("  "), strong(heading));
    for (Finding finding : findings) {
      String container = finding.container();
      boolean named = container.isEmpty() || finding.message().contains("container " + container);
      String about = named ? "" : container + ": ";
      prose("    ", mark(finding.severity()), about + finding.message());
      if (!finding.fix().isEmpty()) {
        prose("      ", plain("→"), finding.fix());
      }
    }
  }

  private static Phrase mark(Severity severity) {
    return switch (severity) {
      case REFUSAL -> bad("✗");
      case WARNING -> doubtful("!");
      case NOTE -> dim("·");
    };
  }

  private static Phrase plain(String text) {
    return new Phrase(Tone.PLAIN, text);
  }

  private static Phrase strong(String text) {
    return new Phrase(Tone.STRONG, text);
  }

  private static Phrase dim(String text) {
    return new Phrase(Tone.DIM, text);
  }

  private static Phrase good(String text) {
    return new Phrase(Tone.GOOD, text);
  }

  private static Phrase doubtful(String text) {
    return new Phrase(Tone.DOUBTFUL, text);
  }

  private static Phrase bad(String text) {
    return new Phrase(Tone.BAD, text);
  }

  private static Phrase name(String text) {
    return new Phrase(Tone.NAME, text);
  }

  private void line(Phrase... line) {
    phrases.addAll(List.of(line));
    phrases.add(plain("\n"));
  }

  /**
   * Words behind a mark, over several lines of which all begin behind it; a word that is longer
   * than a line has one of its own.
   */
  private void prose(String indent, Phrase mark, String words) {
    String inner = indent + "  ";
    int column = inner.length();
    StringBuilder text = new StringBuilder(" ");
    boolean start = true;
    for (String word : words.split(" ", -1)) {
      if (!start && column + 1 + word.length() > WIDTH) {
        text.append('\n').append(inner);
        column = inner.length();
        start = true;
      }
      text.append(start ? "" : " ").append(word);
      column += word.length() + (start ? 0 : 1);
      start = false;
    }
    line(plain(indent), mark, plain(text.toString()));
  }
}
