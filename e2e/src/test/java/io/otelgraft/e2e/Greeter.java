package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A running greeter that can be asked. */
record Greeter(RunningPod pod, int port) {

  private static final Duration START = Duration.ofSeconds(90);

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A port that nobody listens on at the moment. */
  static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  RunningContainer app() {
    return pod.container("app");
  }

  /** Where others ask it. */
  String url() {
    return "http://127.0.0.1:" + port;
  }

  /** Has it greet somebody, as soon as it listens. */
  String greet(String name) throws InterruptedException {
    URI uri = URI.create(url() + "/hello/" + name);
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        HttpResponse<String> response =
            CLIENT.send(
                HttpRequest.newBuilder(uri).timeout(START).build(), BodyHandlers.ofString());
        assertThat(response.statusCode()).as(() -> app().log()).isEqualTo(200);
        return response.body();
      } catch (IOException e) {
        assertThat(app().isRunning()).as(() -> "ended before it listened: " + app().log()).isTrue();
        assertThat(System.nanoTime()).as(() -> "does not listen: " + app().log()).isLessThan(end);
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }
}
