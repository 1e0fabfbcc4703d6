package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.cluster.ApiServer.Answer;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Pods that are created without a pause, as dry runs: the API server asks the webhooks, and keeps
 * nothing.
 */
final class AdmissionLoad implements AutoCloseable {

  /** How a failure begins of a pod that was admitted without an agent. */
  static final String NOT_INJECTED = "a pod that was not injected: ";

  private static final int CLIENTS = 4;

  private final ApiServer server;
  private final String namespace;
  private final ObjectNode pod;
  private final List<String> failures = new ArrayList<>();
  private int injected;
  private int unanswered;
  private String lastProblem = "none";
  private volatile boolean ended;

  private AdmissionLoad(ApiServer server, String namespace, ObjectNode pod) {
    this.server = server;
    this.namespace = namespace;
    this.pod = pod;
  }

  /**
   * Begins.
   *
   * @param pod in YAML, that Graft injects
   */
  static AdmissionLoad start(Kubectl kubectl, Namespace namespace, String pod) {
    AdmissionLoad load =
        new AdmissionLoad(ApiServer.of(kubectl), namespace.name(), Manifests.object(pod));
    for (int i = 0; i < CLIENTS; i++) {
      Thread.ofVirtual().start(load::run);
    }
    return load;
  }

  private void run() {
    while (!ended) {
      try {
        judge(server.tryOut(namespace, pod));
      } catch (UncheckedIOException e) {
        if (!ended) {
          count(e.toString());
        }
      }
    }
  }

  private void judge(Answer answer) {
    switch (answer.code()) {
      case 201 -> {
        if (answer.object().at("/metadata/annotations").has("otelgraft.io/injected")) {
          count(null);
        } else {
          fail(NOT_INJECTED + answer.object());
        }
      }
      // Of the proxy, or of an API server that begins or ends: nobody was asked.
      case 429, 500, 502, 503, 504 -> count(answer.toString());
      default -> fail(answer.toString());
    }
  }

  private synchronized void count(String problem) {
    if (problem == null) {
      injected++;
    } else {
      unanswered++;
      lastProblem = problem;
    }
    notifyAll();
  }

  private synchronized void fail(String failure) {
    failures.add(failure);
    notifyAll();
  }

  /** How many pods were injected so far. */
  synchronized int injected() {
    return injected;
  }

  /** How many requests no API server has answered. */
  synchronized int unanswered() {
    return unanswered;
  }

  /** What the last of them got. */
  synchronized String lastProblem() {
    return lastProblem;
  }

  /** What went wrong: pods that were not injected, or rejected. */
  synchronized List<String> failures() {
    return List.copyOf(failures);
  }

  /**
   * Waits until so many more pods were injected.
   *
   * @throws IllegalStateException when that takes longer than the deadline
   */
  synchronized void awaitInjected(int more, Duration deadline) {
    int wanted = injected + more;
    long end = System.nanoTime() + deadline.toNanos();
    while (injected < wanted) {
      long left = end - System.nanoTime();
      if (left <= 0) {
        throw new IllegalStateException(
            "%d of %d pods within %s; failures: %s; the last that nobody answered: %s"
                .formatted(injected - wanted + more, more, deadline, failures, lastProblem));
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IllegalStateException("interrupted under load", e);
      }
    }
  }

  @Override
  public void close() {
    ended = true;
    server.close();
  }
}
