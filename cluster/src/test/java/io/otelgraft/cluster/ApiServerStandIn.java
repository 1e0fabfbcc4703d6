package io.otelgraft.cluster;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;

/** Stands in for an API server: answers what a test tells it to, and notes what it was asked. */
final class ApiServerStandIn implements AutoCloseable {
  private static final String BREAK = "break";
  private static final String END = "end";
  private static final String BOOKMARK =
      "{\"type\":\"BOOKMARK\",\"object\":{\"metadata\":{\"resourceVersion\":\"5\"}}}\n";

  private final HttpServer server;
  private final Map<String, Answer> answers = new ConcurrentHashMap<>();
  private final BlockingQueue<String> watched = new LinkedBlockingQueue<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  final List<String> bodies = new CopyOnWriteArrayList<>();

  private volatile CountDownLatch held = new CountDownLatch(0);
  private volatile boolean silent;

  private record Answer(int status, String body) {}

  ApiServerStandIn() {
    this(0);
  }

  /** On a port; 0 for any that is free. */
  ApiServerStandIn(int port) {
    try {
      server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** A file that says how to reach it. */
  Path kubeconfig(Path folder) throws IOException {
    return Files.writeString(
        folder.resolve("kubeconfig"),
        """
        apiVersion: v1
        kind: Config
        clusters: [{name: it, cluster: {server: "http://127.0.0.1:%d"}}]
        contexts: [{name: it, context: {cluster: it, user: me}}]
        users: [{name: me, user: {token: secret}}]
        current-context: it
        """
            .formatted(port()));
  }

  /**
   * Answers a request from now on: {@code GET /api/v1/nodes}, or with the query to mean just that.
   */
  ApiServerStandIn on(String request, int status, String body) {
    answers.put(request, new Answer(status, body));
    return this;
  }

  /** Tells who watches, in a line of its own. */
  void tell(String type, String object) {
    watched.add("{\"type\":\"%s\",\"object\":%s}".formatted(type, object.replace("\n", "")));
  }

  /** Keeps answers back, once it was asked, and tells who watches nothing until it is told to. */
  void hold() {
    silent = true;
    held = new CountDownLatch(1);
  }

  /** Gives the answers that were kept back. */
  void release() {
    held.countDown();
  }

  /** Ends the watch as an API server does after a while. */
  void endWatch() {
    watched.add(END);
  }

  /** Breaks the connection of who watches. */
  void breakWatch() {
    watched.add(BREAK);
  }

  private void answer(HttpExchange exchange) throws IOException {
    String request = exchange.getRequestMethod() + " " + exchange.getRequestURI();
    asked.add(request);
    bodies.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    if (request.contains("watch=true")) {
      watch(exchange);
      return;
    }
    try {
      held.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    Answer answer = answers.get(request);
    if (answer == null) {
      answer =
          answers.getOrDefault(
              request.replaceFirst("\\?.*", ""),
              new Answer(404, "{\"kind\":\"Status\",\"message\":\"there is no such thing\"}"));
    }
    byte[] body = answer.body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.status, body.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(body);
    }
  }

  private void watch(HttpExchange exchange) throws IOException {
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      // Nothing is sent, not even the headers, until there is something to send.
      if (!silent) {
        out.write(BOOKMARK.getBytes(StandardCharsets.UTF_8));
      }
      out.flush();
      while (true) {
        String next = watched.take();
        if (next.equals(END)) {
          return;
        }
        if (next.equals(BREAK)) {
          exchange.close();
          return;
        }
        out.write((next + "\n").getBytes(StandardCharsets.UTF_8));
        out.flush();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
