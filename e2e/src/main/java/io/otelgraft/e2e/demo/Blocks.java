package io.otelgraft.e2e.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import io.otelgraft.e2e.apiserver.PodTemplates;
import io.otelgraft.e2e.demo.PodDiff.Line;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** How what happened looks on the screen. */
final class Blocks {

  /** Columns of prose. */
  private static final int WIDTH = 100;

  /** Columns of a reason, beside what it is the reason of. */
  private static final int REASON = 56;

  private static final String PREFIX = "instrumentation.opentelemetry.io/";

  private final Screen screen;

  /** Entries that have been shown: in a pod after the first, they are named only. */
  private final Set<JsonNode> shown = new HashSet<>();

  Blocks(Screen screen) {
    this.screen = screen;
  }

  /**
   * A pod that was injected: what it has more, and why.
   *
   * @param explained what {@code graft explain -o json} says about the same workload
   * @throws DemoFailure when the explanation is not about what was done
   */
  void admission(String what, ObjectNode workload, Admitted admitted, JsonNode explained) {
    screen.line(
        "%s: %s %s"
            .formatted(
                what,
                explained.path("message").asText(),
                screen.dim("(answered in " + milliseconds(admitted.took()) + ")")));
    screen.line("");
    List<Line> lines = PodDiff.between(PodTemplates.pod(workload), admitted.pod());
    Map<String, String> reasons = reasons(explained, admitted.pod());
    List<List<String>> rows = new ArrayList<>();
    Set<JsonNode> now = new HashSet<>();
    List<String> before = new ArrayList<>();
    String said = "";
    for (Line line : lines) {
      boolean isVariable = line.isAdded() && isVariable(line.pointer());
      if (isVariable && shown.contains(line.value())) {
        before.add(line.value().path("name").asText());
        continue;
      }
      if (isVariable) {
        now.add(line.value());
      } else if (!isVariable(line.pointer())) {
        asAbove(before, rows);
      }
      String text = (line.isAdded() ? "+ " : "  ") + line.text();
      String reason = reasons.getOrDefault(line.pointer(), "");
      rows.add(
          List.of(
              line.isAdded() ? screen.green(text) : text,
              reason.isEmpty() || reason.equals(said)
                  ? ""
                  : screen.dim("# " + Screen.shortened(reason, REASON))));
      said = reason;
    }
    asAbove(before, rows);
    shown.addAll(now);
    screen.table(rows);
    admitted.warnings().forEach(this::warning);
  }

  private static boolean isVariable(String pointer) {
    return pointer.matches("/spec/(initContainers|containers)/\\d+/env/\\d+(/.*)?");
  }

  /** Names variables of a container, instead of showing them again. */
  private void asAbove(List<String> names, List<List<String>> rows) {
    if (names.isEmpty()) {
      return;
    }
    rows.add(List.of(screen.green("+     # and as above:")));
    wrapped(String.join(", ", names), 70)
        .forEach(line -> rows.add(List.of(screen.green("+     #   " + line.strip()))));
    names.clear();
  }

  /** Why each edit was made, by the place of what it added. */
  private static Map<String, String> reasons(JsonNode explained, JsonNode pod) {
    Map<String, String> reasons = new HashMap<>();
    for (JsonNode injected : explained.path("injected")) {
      String of = " of " + injected.path("instrumentation").asText();
      for (JsonNode edit : explained.path("edits")) {
        String path = edit.path("path").asText();
        DemoFailure.unless(
            !pod.at(path).isMissingNode(), "explained, and not in the pod: %s".formatted(edit));
        reasons.put(
            path,
            "%s (%s)"
                .formatted(
                    edit.path("rule").asText(), edit.path("source").asText().replace(of, "")));
      }
    }
    return reasons;
  }

  /**
   * A pod that was rejected, as kubectl prints it; for a workload, what {@code kubectl describe}
   * says about its pods.
   */
  void rejection(ObjectNode workload, String file, Rejected rejected) {
    JsonNode annotations = PodTemplates.pod(workload).at("/metadata/annotations");
    annotations
        .properties()
        .forEach(annotation -> {
          if (annotation.getKey().startsWith(PREFIX)) {
            screen.line(annotation.getKey() + ": " + annotation.getValue());
          }
        });
    screen.line("");
    boolean isPod = workload.path("kind").asText().equals("Pod");
    String told = isPod ? rejected.fromKubectl(file) : rejected.fromReplicaSet();
    wrapped(told, WIDTH).forEach(line -> screen.line(screen.red(line)));
  }

  private void warning(String text) {
    screen.line("");
    wrapped("Warning: " + text, WIDTH).forEach(line -> screen.line(screen.yellow(line)));
  }

  private static List<String> wrapped(String text, int width) {
    List<String> lines = new ArrayList<>();
    StringBuilder line = new StringBuilder();
    for (String word : text.split("\\s+", -1)) {
      if (!line.isEmpty() && line.length() + 1 + word.length() > width) {
        lines.add(line.toString());
        line = new StringBuilder("  ");
      } else if (!line.isEmpty()) {
        line.append(' ');
      }
      line.append(word);
    }
    lines.add(line.toString());
    return lines;
  }

  /** What a stand-in for an agent shows of itself. */
  void standIn(List<String> loaded, List<String> said) {
    screen.line("");
    if (!loaded.isEmpty()) {
      screen.line("its process has loaded");
      loaded.forEach(file -> screen.line("  " + screen.cyan(file)));
    }
    screen.line("its log says");
    said.forEach(line -> screen.line("  " + line));
  }

  /** A trace as a tree, and its services. */
  void trace(Trace trace) {
    screen.line("");
    screen.line("trace " + screen.cyan(trace.id()));
    List<List<String>> rows = new ArrayList<>();
    trace.walk((depth, span) ->
        rows.add(
            List.of(
                (depth == 0 ? "" : " ".repeat(2 * depth - 2) + "└ ") + screen.bold(span.service()),
                span.span().getName(),
                kind(span),
                milliseconds(
                    Duration.ofNanos(
                        span.span().getEndTimeUnixNano() - span.span().getStartTimeUnixNano())))));
    screen.table(rows);
    services(trace);
  }

  /** Who the services of a trace are, in what their spans say. */
  void services(Trace trace) {
    screen.line("");
    List<List<String>> services = new ArrayList<>();
    services.add(
        List.of(
            screen.dim("service.name"),
            screen.dim("telemetry.sdk.language"),
            screen.dim("k8s.deployment.name"),
            screen.dim("k8s.pod.name"),
            screen.dim("sent over")));
    for (String service : trace.services()) {
      ReceivedSpan span =
          trace.spans().stream()
              .filter(one -> one.service().equals(service))
              .findFirst()
              .orElseThrow();
      Map<String, String> resource = span.resource();
      services.add(
          List.of(
              screen.bold(service),
              resource.getOrDefault("telemetry.sdk.language", "?"),
              resource.getOrDefault("k8s.deployment.name", "?"),
              resource.getOrDefault("k8s.pod.name", "?"),
              span.protocol().toString()));
    }
    screen.table(services);
  }

  private static String kind(ReceivedSpan span) {
    return span.span().getKind().name().replace("SPAN_KIND_", "").toLowerCase(Locale.ROOT);
  }

  private static String milliseconds(Duration duration) {
    return "%.1f ms".formatted(duration.toNanos() / 1e6);
  }
}
