package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.otlp.Received;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Requests to a greeter, until one of them is seen as a trace. */
final class Requests {

  /** Of so many, the specification's sampler takes none once in seventy times. */
  private static final int A_ROUND = 40;

  private static final int ROUNDS = 5;

  /** The agents send at least every five seconds. */
  private static final Duration ARRIVAL = Duration.ofSeconds(8);

  private final Received<ReceivedSpan> spans;
  private final Greeter to;
  private final int services;
  private final boolean isSampled;
  private int sent;

  /**
   * No requests yet.
   *
   * @param to who is asked, and asks the others
   * @param services how many it is with those
   * @param isSampled whether the one that is asked takes one of ten requests, else all
   */
  Requests(Received<ReceivedSpan> spans, Greeter to, int services, boolean isSampled) {
    this.spans = spans;
    this.to = to;
    this.services = services;
    this.isSampled = isSampled;
  }

  /** Who is asked. */
  Greeter to() {
    return to;
  }

  /** Sends as many as are likely to be taken one of, and gives the last answer. */
  String send() throws InterruptedException {
    String answer = to.greet("you");
    sent++;
    for (int more = 1; isSampled && more < A_ROUND; more++) {
      answer = to.greet("you");
      sent++;
    }
    return answer;
  }

  /**
   * Waits for the first whole trace that crosses all services, and sends more if none comes.
   *
   * @throws DemoFailure when none comes of those either, or all do though they are sampled
   */
  Trace awaitTrace() throws InterruptedException {
    IllegalStateException none = null;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0) {
        send();
      }
      try {
        Trace trace = spans.await("no trace of " + services + " services", this::whole, ARRIVAL);
        DemoFailure.unless(
            !isSampled || traces() < sent, "all of %d requests are sampled".formatted(sent));
        return trace;
      } catch (IllegalStateException e) {
        none = e;
      }
    }
    throw new DemoFailure(
        "none of %d requests to %s ended in a trace of %d services"
            .formatted(sent, pod(), services),
        none);
  }

  /** How many were sent, and what came of them so far. */
  String account() {
    return isSampled
        ? "%d requests sent; the example's sampler takes one of ten; traces so far: %d; the first:"
            .formatted(sent, traces())
        : sent + " request sent:";
  }

  private Optional<Trace> whole(List<ReceivedSpan> arrived) {
    return Trace.of(arrived).stream()
        .filter(trace -> trace.isWhole() && trace.services().size() == services)
        .filter(trace -> isFirst(trace.root().orElseThrow()))
        .findFirst();
  }

  private long traces() {
    return spans.all().stream().filter(this::isFirst).count();
  }

  private boolean isFirst(ReceivedSpan span) {
    return span.parentSpanId().isEmpty() && pod().equals(span.resource().get("k8s.pod.name"));
  }

  private String pod() {
    return to.pod().pod().at("/metadata/name").asText();
  }
}
