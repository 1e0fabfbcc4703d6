package io.otelgraft.e2e.demo;

import io.otelgraft.e2e.Greeter;
import io.otelgraft.e2e.otlp.Received;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Requests to the first of a chain, until one of them is seen as a trace. */
final class Requests {

  /** Of so many, the specification's sampler takes none once in seventy times. */
  private static final int A_ROUND = 40;

  private static final int ROUNDS = 5;

  /** The agents send at least every five seconds. */
  private static final Duration ARRIVAL = Duration.ofSeconds(8);

  private final Received<ReceivedSpan> spans;
  private final Chain chain;
  private int sent;

  /** No requests yet. */
  Requests(Received<ReceivedSpan> spans, Chain chain) {
    this.spans = spans;
    this.chain = chain;
  }

  /** Who is asked, and by whom. */
  Chain chain() {
    return chain;
  }

  /** Sends as many as are likely to be taken one of, and gives the last answer. */
  String send() throws InterruptedException {
    Greeter first = chain.first();
    String answer = first.greet("you");
    sent++;
    for (int more = 1; chain.isSampled() && more < A_ROUND; more++) {
      answer = first.greet("you");
      sent++;
    }
    return answer;
  }

  /**
   * Waits for the first whole trace that crosses all that report, and sends more if none comes.
   *
   * @throws DemoFailure when none comes of those either, or all do though they are sampled
   */
  Trace awaitTrace() throws InterruptedException {
    int services = chain.reporting().size();
    IllegalStateException none = null;
    for (int round = 0; round < ROUNDS; round++) {
      if (round > 0) {
        send();
      }
      try {
        Trace trace = spans.await("no trace of " + services + " services", this::whole, ARRIVAL);
        DemoFailure.unless(
            !chain.isSampled() || traces() < sent,
            "all of %d requests are sampled".formatted(sent));
        return trace;
      } catch (IllegalStateException e) {
        none = e;
      }
    }
    throw new DemoFailure(
        "none of %d requests to %s ended in a trace of %d services"
            .formatted(sent, chain.first().name(), services),
        none);
  }

  /** How many were sent, and what came of them so far. */
  String account() {
    if (chain.isSampled()) {
      return "%d requests sent; the example's sampler takes one of ten; traces so far: %d; the first:"
          .formatted(sent, traces());
    }
    return sent == 1 ? "1 request sent:" : sent + " requests sent; the first trace:";
  }

  private Optional<Trace> whole(List<ReceivedSpan> arrived) {
    return Trace.of(arrived).stream()
        .filter(trace -> trace.isWhole(chain.unanswered()))
        .filter(trace -> trace.services().size() == chain.reporting().size())
        .filter(trace -> isFirst(trace.root().orElseThrow()))
        .findFirst();
  }

  private long traces() {
    return spans.all().stream().filter(this::isFirst).count();
  }

  private boolean isFirst(ReceivedSpan span) {
    return span.parentSpanId().isEmpty()
        && chain.first().name().equals(span.resource().get("k8s.pod.name"));
  }
}
