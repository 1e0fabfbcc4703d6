package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.http.HeaderNames;
import io.helidon.http.Status;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;

/**
 * Stands in for an API server while {@code graft operate} is rehearsed: lists what there is, keeps
 * what it is given, and tells who watches nothing. Over loopback, for the JVM to record which
 * classes and which code the client of a cluster takes.
 */
final class RehearsedCluster implements AutoCloseable {

  /** Of which there may be none; of all else one is missing if it was not given. */
  private static final Set<String> LISTS =
      Set.of("instrumentations", "limitranges", "namespaces", "nodes", "pods");

  private final List<Document> documents;
  private final Map<String, ObjectNode> kept = new ConcurrentHashMap<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private final WebServer server;
  private final Path kubeconfig;

  /** One that has these objects. */
  RehearsedCluster(List<Document> documents) {
    this.documents = List.copyOf(documents);
    this.server =
        WebServer.builder()
            .featuresDiscoverServices(false)
            .shutdownHook(false)
            .host("127.0.0.1")
            .port(0)
            .shutdownGracePeriod(Duration.ofSeconds(1))
            .routing(HttpRouting.builder().any(this::answer))
            .build()
            .start();
    try {
      this.kubeconfig = Files.createTempFile("graft-rehearsal", ".kubeconfig");
      Files.writeString(
          kubeconfig,
          """
          apiVersion: v1
          kind: Config
          clusters: [{name: rehearsal, cluster: {server: "http://127.0.0.1:%d"}}]
          users: [{name: graft, user: {token: none}}]
          contexts: [{name: rehearsal, context: {cluster: rehearsal, user: graft}}]
          current-context: rehearsal
          """
              .formatted(server.port()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The setting by which it is reached. */
  String setting() {
    return "cluster.kubeconfig=" + kubeconfig;
  }

  private void answer(ServerRequest request, ServerResponse response) {
    String path = request.path().path();
    if (request.query().contains("watch") && request.query().get("watch").equals("true")) {
      waitForEnd();
      response.send();
      return;
    }
    switch (request.prologue().method().text()) {
      case "GET" -> send(response, Status.OK_200, found(path));
      case "POST" -> {
        ObjectNode object = Json.read(request.content().as(byte[].class));
        send(response, Status.CREATED_201, keep(path + "/" + name(object), object));
      }
      default ->
          send(response, Status.OK_200, keep(path, Json.read(request.content().as(byte[].class))));
    }
  }

  private ObjectNode found(String path) {
    String last = path.substring(path.lastIndexOf('/') + 1);
    if (kept.containsKey(path)) {
      return kept.get(path);
    }
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    if (last.equals("version")) {
      return object.put("gitVersion", "v1.36.0");
    }
    if (!LISTS.contains(last)) {
      return null;
    }
    object.put("kind", "List").put("apiVersion", "v1");
    object.putObject("metadata").put("resourceVersion", "1");
    ArrayNode items = object.putArray("items");
    for (Document document : documents) {
      String kind = document.tree().path("kind").asText();
      if (last.equals(kind.toLowerCase(Locale.ROOT) + "s")) {
        items.add(document.tree().deepCopy());
      }
    }
    return object;
  }

  private ObjectNode keep(String path, ObjectNode object) {
    object.withObject("/metadata").put("resourceVersion", "1").put("generation", 1);
    kept.put(path, object);
    return object;
  }

  private static String name(ObjectNode object) {
    return object.path("metadata").path("name").asText();
  }

  private static void send(ServerResponse response, Status status, ObjectNode object) {
    response.header(HeaderNames.CONTENT_TYPE, "application/json");
    if (object == null) {
      response.status(Status.NOT_FOUND_404).send("{\"kind\":\"Status\"}");
    } else {
      response.status(status).send(Json.write(object));
    }
  }

  private void waitForEnd() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end.countDown();
    server.stop();
    try {
      Files.deleteIfExists(kubeconfig);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
