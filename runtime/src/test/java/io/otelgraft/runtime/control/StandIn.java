package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.core.document.Documents;
import io.otelgraft.core.document.Json;
import io.otelgraft.fixtures.ApiServerStandIn;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A connection to what stands in for an API server. */
final class StandIn implements AutoCloseable {

  static final String NAMESPACES = "/api/v1/namespaces";
  static final String LIMIT_RANGES = "/api/v1/limitranges";
  static final String INSTRUMENTATIONS = "/apis/opentelemetry.io/v1alpha1/instrumentations";
  static final String DEFINITIONS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";
  static final String DEFINITION = DEFINITIONS + "/instrumentations.opentelemetry.io";

  private final ApiServerStandIn api = new ApiServerStandIn();
  private final Path folder;
  private final ApiServer server;

  StandIn() {
    try {
      folder = Files.createTempDirectory("stand-in-");
      server = ApiServer.connect(Optional.of(api.kubeconfig(folder)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What it is told to answer, and was asked. */
  ApiServerStandIn api() {
    return api;
  }

  ApiServer server() {
    return server;
  }

  /** Answers an object from now on, given in YAML. */
  void has(String path, String yaml) {
    api.on("GET " + path, 200, json(yaml));
  }

  /** Answers a list of objects from now on, given in YAML. */
  void lists(String path, String... items) {
    api.on(
        "GET " + path,
        200,
        "{\"apiVersion\": \"v1\", \"kind\": \"List\", \"metadata\": {\"resourceVersion\": \"5\"}, \"items\": [%s]}"
            .formatted(String.join(",", List.of(items).stream().map(StandIn::json).toList())));
  }

  /** Tells those who watch. */
  void tell(String path, String type, String yaml) {
    api.tell(path, type, json(yaml));
  }

  static ObjectNode tree(String yaml) {
    return Documents.read("it", yaml).list().getFirst().tree();
  }

  static String json(String yaml) {
    return new String(Json.write(tree(yaml)), StandardCharsets.UTF_8);
  }

  /** What was asked with a method, with its body. */
  List<ObjectNode> sent(String method) {
    List<String> asked = api.asked();
    List<String> bodies = api.bodies();
    List<ObjectNode> sent = new ArrayList<>();
    for (int i = 0; i < bodies.size(); i++) {
      if (asked.get(i).startsWith(method + " ")) {
        sent.add(Json.read(bodies.get(i).getBytes(StandardCharsets.UTF_8)));
      }
    }
    return sent;
  }

  /** How often it was asked for something. */
  long asked(String request) {
    return api.asked().stream().filter(asked -> asked.startsWith(request)).count();
  }

  @Override
  public void close() {
    server.close();
    api.close();
    try {
      Files.delete(folder.resolve("kubeconfig"));
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
