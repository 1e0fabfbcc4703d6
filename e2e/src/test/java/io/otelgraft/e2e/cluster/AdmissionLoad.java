package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Pods that are created without a pause, as dry runs: the API server asks the webhooks, and keeps
 * nothing.
 */
final class AdmissionLoad implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern SERVING = Pattern.compile("Starting to serve on (\\S+)");
  private static final int CLIENTS = 4;

  private final Process proxy;

  // By default, the client offers to go on in HTTP/2, and the proxy takes that for a tunnel.
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final HttpRequest request;
  private final List<Thread> clients = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private int injected;
  private int unanswered;
  private String lastProblem = "none";
  private volatile boolean ended;

  private AdmissionLoad(Process proxy, String address, Namespace namespace, String pod) {
    this.proxy = proxy;
    this.request =
        HttpRequest.newBuilder(
                URI.create(
                    "http://%s/api/v1/namespaces/%s/pods?dryRun=All"
                        .formatted(address, namespace.name())))
            .header("Content-Type", "application/yaml")
            .timeout(Duration.ofSeconds(30))
            .POST(BodyPublishers.ofString(pod))
            .build();
  }

  /**
   * Begins.
   *
   * @param pod in YAML, that Graft injects
   */
  static AdmissionLoad start(Kubectl kubectl, Namespace namespace, String pod) {
    Process proxy = kubectl.start("proxy", "--port=0");
    AdmissionLoad load = new AdmissionLoad(proxy, address(proxy), namespace, pod);
    for (int i = 0; i < CLIENTS; i++) {
      load.clients.add(Thread.ofVirtual().start(load::run));
    }
    return load;
  }

  private static String address(Process proxy) {
    try {
      BufferedReader said = proxy.inputReader(UTF_8);
      Matcher serving = SERVING.matcher(Objects.requireNonNullElse(said.readLine(), ""));
      if (!serving.find()) {
        throw new IllegalStateException(
            "kubectl proxy: " + new String(proxy.getErrorStream().readAllBytes(), UTF_8));
      }
      return serving.group(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void run() {
    while (!ended) {
      try {
        judge(client.send(request, BodyHandlers.ofString()));
      } catch (ConnectException e) {
        count(e.toString());
      } catch (IOException e) {
        if (!ended) {
          count(e.toString());
        }
      } catch (InterruptedException e) {
        return;
      }
    }
  }

  private void judge(HttpResponse<String> response) throws IOException {
    switch (response.statusCode()) {
      case 201 -> {
        JsonNode pod = MAPPER.readTree(response.body());
        if (pod.at("/metadata/annotations").has("otelgraft.io/injected")) {
          count(null);
        } else {
          fail("a pod that was not injected: " + response.body());
        }
      }
      // Of the proxy, or of an API server that begins or ends: nobody was asked.
      case 429, 500, 502, 503, 504 -> count(response.body());
      default -> fail(response.statusCode() + ": " + response.body());
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
    clients.forEach(Thread::interrupt);
    proxy.destroy();
    client.shutdownNow();
  }
}
