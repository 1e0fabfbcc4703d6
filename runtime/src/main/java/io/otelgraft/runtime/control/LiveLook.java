package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Asks a cluster about what is not in memory. A question waits for half a second at most; those who
 * ask the same meanwhile, or within the next second, share the answer, so that a workload whose
 * pods are rejected again and again costs the API server a request a second.
 */
final class LiveLook implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofMillis(500);
  private static final Duration FRESH = Duration.ofSeconds(1);
  private static final int MOST_QUESTIONS = 8;
  private static final int MOST_ANSWERS = 1_000;

  private final ApiServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore questions = new Semaphore(MOST_QUESTIONS);
  private final Map<String, Asked<?>> asked = new ConcurrentHashMap<>();

  /** What was asked, when ({@link System#nanoTime()}), and what came of it. */
  private record Asked<T>(long at, CompletableFuture<T> answer) {
    boolean isFresh(long now) {
      return now - at < FRESH.toNanos();
    }
  }

  /** An answer that may fail to come. */
  enum Said {
    YES,
    NO,
    UNANSWERED
  }

  LiveLook(ApiServer server) {
    this.server = server;
  }

  /**
   * The Instrumentations that a namespace has at this moment.
   *
   * @throws RequestFailure if that cannot be told in time
   */
  List<ObjectNode> instrumentationsIn(String namespace) {
    return ask(
        "instrumentations in " + namespace,
        () -> {
          List<ObjectNode> found = new ArrayList<>();
          server.each(ClusterResources.INSTRUMENTATIONS, namespace, found::add);
          return found;
        });
  }

  /** Whether a pod of a namespace bears the mark of an Instrumentation. */
  Said isMarkedIn(String namespace, String instrumentation) {
    return said(
        "pods in " + namespace + " marked by " + instrumentation,
        () -> {
          boolean[] found = new boolean[1];
          server.eachMetadata(
              ApiResource.PODS,
              namespace,
              pod -> found[0] |= PodMark.of(pod).names(instrumentation));
          return found[0];
        });
  }

  /** Whether the definition of Instrumentations has a section for a language. */
  Said isDefined(String language) {
    return said(
        "definition of the section of " + language, () -> Definition.mayKnow(server, language));
  }

  private Said said(String question, Supplier<Boolean> ask) {
    try {
      return ask(question, ask) ? Said.YES : Said.NO;
    } catch (RequestFailure e) {
      return Said.UNANSWERED;
    }
  }

  private <T> T ask(String question, Supplier<T> ask) {
    long now = System.nanoTime();
    @SuppressWarnings("unchecked") // The same question has the same kind of answer.
    Asked<T> one =
        (Asked<T>)
            asked.compute(
                question,
                (_, before) ->
                    before != null && before.isFresh(now) ? before : new Asked<>(now, begin(ask)));
    if (asked.size() > MOST_ANSWERS) {
      asked.values().removeIf(old -> !old.isFresh(now));
    }
    try {
      return one.answer.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RequestFailure failure
          ? failure
          : new CompletionException(e.getCause());
    } catch (TimeoutException | CancellationException e) {
      throw RequestFailure.unanswered(question + ": there was no answer within " + DEADLINE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw RequestFailure.unanswered(question + ": the thread that asked was interrupted");
    }
  }

  private <T> CompletableFuture<T> begin(Supplier<T> ask) {
    if (!questions.tryAcquire()) {
      return CompletableFuture.failedFuture(
          RequestFailure.unanswered("too many questions wait for the API server's answer"));
    }
    return CompletableFuture.supplyAsync(ask, threads).whenComplete((_, _) -> questions.release());
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
