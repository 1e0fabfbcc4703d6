package io.otelgraft.e2e.demo;

import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/**
 * The spans of one trace that have arrived.
 *
 * @param id 32 hexadecimal digits
 * @param spans in the order of their start
 */
record Trace(String id, List<ReceivedSpan> spans) {

  /** All traces that spans belong to, in the order in which the first span of each came. */
  static List<Trace> of(List<ReceivedSpan> spans) {
    Map<String, List<ReceivedSpan>> traces = new LinkedHashMap<>();
    for (ReceivedSpan span : spans) {
      traces.computeIfAbsent(span.traceId(), id -> new ArrayList<>()).add(span);
    }
    List<Trace> all = new ArrayList<>();
    traces.forEach((id, members) -> {
      members.sort(Comparator.comparingLong(span -> span.span().getStartTimeUnixNano()));
      all.add(new Trace(id, members));
    });
    return all;
  }

  /** The span that has no parent; empty if it has not arrived. */
  Optional<ReceivedSpan> root() {
    return spans.stream().filter(span -> span.parentSpanId().isEmpty()).findFirst();
  }

  /**
   * Whether all of it has arrived: the root, the parent of each span, and the spans of whoever
   * answered a request. The applications here ask each other only, and so all have spans.
   *
   * @param unanswered the services that ask one which reports nothing
   */
  boolean isWhole(Set<String> unanswered) {
    Set<String> ids = spans.stream().map(ReceivedSpan::spanId).collect(Collectors.toSet());
    Set<String> parents =
        spans.stream().map(ReceivedSpan::parentSpanId).collect(Collectors.toSet());
    return spans.stream()
            .allMatch(span -> span.parentSpanId().isEmpty() || ids.contains(span.parentSpanId()))
        && spans.stream()
            .filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_CLIENT)
            .filter(span -> !unanswered.contains(span.service()))
            .allMatch(span -> parents.contains(span.spanId()));
  }

  /** The services that it crosses, from the root on, each once. */
  List<String> services() {
    List<String> services = new ArrayList<>();
    walk((depth, span) -> {
      if (!services.contains(span.service())) {
        services.add(span.service());
      }
    });
    return services;
  }

  /** Visits each span that the root leads to, parents first, with its depth: 0 for the root. */
  void walk(BiConsumer<Integer, ReceivedSpan> visitor) {
    root().ifPresent(root -> walk(root, 0, visitor));
  }

  private void walk(ReceivedSpan span, int depth, BiConsumer<Integer, ReceivedSpan> visitor) {
    visitor.accept(depth, span);
    for (ReceivedSpan child : spans) {
      if (child.parentSpanId().equals(span.spanId())) {
        walk(child, depth + 1, visitor);
      }
    }
  }
}
