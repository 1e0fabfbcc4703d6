package io.otelgraft.runtime.cli;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.helidon.common.tls.Tls;
import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sends a server, over loopback, what an API server and a kubelet would: for the JVM to record
 * which classes and which code that takes.
 */
final class Rehearsal {

  /** So many that the JVM sees which code is hot. */
  private static final int ROUNDS = 200;

  private final Server server;

  /** It is this process's own, whatever its certificate says. */
  private final SSLSocketFactory sockets =
      Tls.builder().trustAll(true).build().sslContext().getSocketFactory();

  Rehearsal(Server server) {
    this.server = server;
  }

  /** Has these objects reviewed, and the pods of those that have some. */
  void run(List<Document> documents, String namespace) {
    List<Runnable> posts = new ArrayList<>();
    for (Document document : documents) {
      ObjectNode object = document.tree();
      List<PodTemplate> templates = PodTemplate.in(object, namespace);
      for (PodTemplate template : templates) {
        ObjectNode pod =
            JsonNodeFactory.instance.objectNode().put("apiVersion", "v1").put("kind", "Pod");
        posts.add(post(Webhook.PODS, pod.setAll(template.tree()), template.namespace()));
        posts.add(post(Webhook.WORKLOADS, object, namespace));
      }
      if (templates.isEmpty()) {
        posts.add(post(Webhook.INSTRUMENTATION_DEFAULTS, object, namespace));
        posts.add(post(Webhook.INSTRUMENTATIONS, object, namespace));
      }
    }
    for (int round = 0; round < ROUNDS; round++) {
      posts.forEach(Runnable::run);
    }
    get("/livez");
    get("/readyz");
    get("/metrics");
  }

  private Runnable post(String path, ObjectNode object, String namespace) {
    byte[] review = review(object, namespace);
    return () -> post(path, review);
  }

  private static byte[] review(ObjectNode object, String namespace) {
    JsonNodeFactory nodes = JsonNodeFactory.instance;
    String[] version = object.path("apiVersion").asText().split("/", 2);
    ObjectNode kind =
        nodes
            .objectNode()
            .put("group", version.length == 1 ? "" : version[0])
            .put("version", version[version.length - 1])
            .put("kind", object.path("kind").asText());
    ObjectNode review =
        nodes.objectNode().put("apiVersion", "admission.k8s.io/v1").put("kind", "AdmissionReview");
    ObjectNode request =
        review
            .putObject("request")
            .put("uid", "rehearsal")
            .put("operation", "CREATE")
            .put("namespace", object.at("/metadata/namespace").asText(namespace));
    request.set("kind", kind);
    request.set("object", object);
    return Json.write(review);
  }

  private void post(String path, byte[] review) {
    try {
      var connection =
          (HttpsURLConnection) url("https", server.port(), path).toURL().openConnection();
      connection.setSSLSocketFactory(sockets);
      connection.setHostnameVerifier((_, _) -> true);
      connection.setRequestProperty("Content-Type", "application/json");
      connection.setDoOutput(true);
      connection.setFixedLengthStreamingMode(review.length);
      try (OutputStream out = connection.getOutputStream()) {
        out.write(review);
      }
      read(connection);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void get(String path) {
    try {
      read((HttpURLConnection) url("http", server.managementPort(), path).toURL().openConnection());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static URI url(String scheme, int port, String path) {
    return URI.create("%s://127.0.0.1:%d%s".formatted(scheme, port, path));
  }

  /** To its end, so that the connection can be used again. */
  private static void read(HttpURLConnection connection) throws IOException {
    boolean failed = connection.getResponseCode() >= HttpURLConnection.HTTP_BAD_REQUEST;
    try (InputStream in = failed ? connection.getErrorStream() : connection.getInputStream()) {
      in.readAllBytes();
    }
  }
}
