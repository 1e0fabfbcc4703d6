package io.otelgraft.e2e;

import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A running greeter that can be asked: one of the applications of {@link
 * io.otelgraft.e2e.images.Images}.
 *
 * @param pod its pod, with a container {@code app}
 * @param port where it listens, or will
 */
public record Greeter(RunningPod pod, int port) {

  /** How long it may take until it answers. */
  private static final Duration START = Duration.ofSeconds(90);

  private static final int OK = 200;

  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  /** A port that nobody listens on at the moment. */
  public static int freePort() {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Its container. */
  public RunningContainer app() {
    return pod.container("app");
  }

  /** The name of its pod. */
  public String name() {
    return pod.pod().at("/metadata/name").asText();
  }

  /** The name of the Deployment that its pod belongs to. */
  public String deployment() {
    String owner = pod.pod().at("/metadata/ownerReferences/0/name").asText();
    return owner.substring(0, owner.lastIndexOf('-'));
  }

  /** Where others ask it. */
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  /**
   * Has it greet somebody, as soon as it listens.
   *
   * @return what it and those that it asks say, in a line each
   * @throws IllegalStateException when it ends, does not listen in time or answers with an error;
   *     the message has its log
   */
  public String greet(String name) throws InterruptedException {
    URI uri = URI.create(url() + "/hello/" + name);
    long end = System.nanoTime() + START.toNanos();
    while (true) {
      try {
        HttpResponse<String> response =
            CLIENT.send(
                HttpRequest.newBuilder(uri).timeout(START).build(), BodyHandlers.ofString());
        if (response.statusCode() != OK) {
          throw failure("answers with " + response.statusCode());
        }
        return response.body();
      } catch (IOException e) {
        if (!app().isRunning()) {
          throw failure("ended before it listened");
        }
        if (System.nanoTime() > end) {
          throw failure("does not answer within " + START.toSeconds() + " s");
        }
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
      }
    }
  }

  private IllegalStateException failure(String what) {
    return new IllegalStateException("%s %s; it wrote:%n%s".formatted(name(), what, app().log()));
  }
}
