package io.otelgraft.runtime.cli;

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
import io.otelgraft.runtime.cli.Workbench.Workload;
import java.util.ArrayList;
import java.util.List;

/** A decision about a workload in words. */
final class Explanation {

  private static final int WIDTH = 100;

  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";

  private final Workload workload;
  private final Decision decision;
  private final Style style;
  private final StringBuilder text = new StringBuilder();

  /** Of a workload. */
  Explanation(Workload workload, Style style) {
    this.workload = workload;
    this.decision = workload.decision();
    this.style = style;
  }

  /** Lines, the last of which ends in a line break. */
  String text() {
    line(style.bold(workload.template().toString()) + "  " + style.dim(workload.place()));
    outcome();
    if (decision.journal().edits().isEmpty()) {
      findings();
      return text.toString();
    }
    JsonNode spec = decision.pod().path("spec");
    spec.path("initContainers").forEach(container -> container("init container", container));
    spec.path("containers").forEach(container -> container("container", container));
    pod();
    findings();
    return text.toString();
  }

  private void outcome() {
    String message = decision.message();
    switch (decision.outcome()) {
      case INJECTED -> prose("  " + style.green("✓") + " ", "    ", message);
      case OBSERVED ->
          prose("  " + style.yellow("○") + " ", "    ", "only observed, left as it is: " + message);
      case REJECTED ->
          prose("  " + style.red("✗") + " ", "    ", "rejected (" + decision.reason() + ")");
      case UNCHANGED ->
          prose("  " + style.dim("·") + " ", "    ", "left as it is" + unchanged(message));
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
    line("");
    line(
        "  %s %s  %s"
            .formatted(
                added ? style.green("+ " + kind) : kind,
                style.bold(name),
                style.dim(container.path("image").asText())));
    if (edits.isEmpty() && overruled.isEmpty()) {
      line("    left as it is" + whyNotChosen(name));
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
        workload.template().request().facts().annotations().keySet().stream()
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
      line("");
      line("  " + style.bold("pod"));
      edits.forEach(this::edit);
    }
  }

  private void edit(Edit edit) {
    if (edit.part() == Part.CONTAINER) {
      why(edit.rule() + ", from " + edit.source());
      return;
    }
    boolean change = !edit.before().isMissingNode();
    String sign = change ? style.yellow("~") : style.green("+");
    String value = value(edit);
    String head = "    " + sign + " " + what(edit);
    if (edit.part() == Part.VARIABLE
        && edit.name().equals(ATTRIBUTES)
        && edit.value().isTextual()) {
      line(head);
      for (String attribute : value.split(",", -1)) {
        line("        " + attribute);
      }
    } else {
      line(value.isEmpty() ? head : head + " = " + value);
    }
    String was = change ? "; was " + compact(edit.before()) : "";
    why(edit.rule() + ", from " + edit.source() + was);
  }

  private void why(String reason) {
    line("        " + style.dim(reason));
  }

  private String what(Edit edit) {
    return switch (edit.part()) {
      case VARIABLE -> style.cyan(edit.name());
      case MOUNT -> "mount " + style.cyan(edit.name());
      case FIELD -> "field " + style.cyan(edit.name());
      case VOLUME -> "volume " + style.cyan(edit.name());
      case ANNOTATION -> "annotation " + style.cyan(edit.name());
      case CONTAINER -> edit.name();
    };
  }

  private static String value(Edit edit) {
    return switch (edit.part()) {
      case MOUNT -> "volume " + edit.value().path("name").asText();
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
    line("    " + style.dim("=") + " " + style.cyan(name) + " = " + kept);
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
    line("");
    line("  " + style.bold(heading));
    for (Finding finding : findings) {
      String mark = mark(finding.severity());
      String container = finding.container();
      boolean named = container.isEmpty() || finding.message().contains("container " + container);
      String about = named ? "" : container + ": ";
      prose("    " + mark + " ", "      ", about + finding.message());
      if (!finding.fix().isEmpty()) {
        prose("      → ", "        ", finding.fix());
      }
    }
  }

  private String mark(Severity severity) {
    return switch (severity) {
      case REFUSAL -> style.red("✗");
      case WARNING -> style.yellow("!");
      case NOTE -> style.dim("·");
    };
  }

  private void line(String line) {
    text.append(line).append('\n');
  }

  /** Words over several lines; one that is longer than a line has one of its own. */
  private void prose(String first, String indent, String words) {
    int column = indent.length();
    text.append(first);
    boolean start = true;
    for (String word : words.split(" ", -1)) {
      if (!start && column + 1 + word.length() > WIDTH) {
        text.append('\n').append(indent);
        column = indent.length();
        start = true;
      }
      text.append(start ? "" : " ").append(word);
      column += word.length() + (start ? 0 : 1);
      start = false;
    }
    text.append('\n');
  }
}
