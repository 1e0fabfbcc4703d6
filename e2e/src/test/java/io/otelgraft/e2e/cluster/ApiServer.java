package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The API server of a cluster, for requests that are too many for a kubectl each: by way of {@code
 * kubectl proxy}.
 */
final class ApiServer implements AutoCloseable {

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Pattern SERVING = Pattern.compile("Starting to serve on (\\S+)");
  private static final Duration LONGEST_ANSWER = Duration.ofSeconds(30);

  private final Process proxy;
  private final String address;

  // By default, the client offers to go on in HTTP/2; kubectl proxy takes that for a tunnel, and
  // requests hang until their time is over.
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private ApiServer(Process proxy, String address) {
    this.proxy = proxy;
    this.address = address;
  }

  /**
   * What it answers.
   *
   * @param code the status of HTTP
   * @param object what was created, or a {@code Status} that says why not
   */
  record Answer(int code, JsonNode object) {

    boolean created() {
      return code == 201;
    }

    @Override
    public String toString() {
      return code + ": " + object.path("message").asText(object.toString());
    }
  }

  /** Opens the way to it. */
  static ApiServer of(Kubectl kubectl) {
    Process proxy = kubectl.start("proxy", "--port=0");
    try {
      BufferedReader said = proxy.inputReader(UTF_8);
      Matcher serving = SERVING.matcher(Objects.requireNonNullElse(said.readLine(), ""));
      if (!serving.find()) {
        throw new IllegalStateException(
            "kubectl proxy: " + new String(proxy.getErrorStream().readAllBytes(), UTF_8));
      }
      return new ApiServer(proxy, serving.group(1));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Creates a pod. */
  Answer create(String namespace, JsonNode pod) {
    return post("/api/v1/namespaces/" + namespace + "/pods", pod);
  }

  /** Creates an object of any kind, by the path of its kind in a namespace. */
  Answer createAt(String path, JsonNode object) {
    return post(path, object);
  }

  /** What would become of a pod: webhooks are asked, and nothing is kept. */
  Answer tryOut(String namespace, JsonNode pod) {
    return post("/api/v1/namespaces/" + namespace + "/pods?dryRun=All", pod);
  }

  private Answer post(String path, JsonNode object) {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("http://" + address + path))
            .header("Content-Type", "application/json")
            .timeout(LONGEST_ANSWER)
            .POST(BodyPublishers.ofString(object.toString()))
            .build();
    try {
      HttpResponse<String> response = client.send(request, BodyHandlers.ofString());
      return new Answer(response.statusCode(), read(response.body()));
    } catch (IOException e) {
      throw new UncheckedIOException(path, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted at " + path, e);
    }
  }

  /** What could not be read at all is answered in plain text. */
  private static JsonNode read(String body) {
    try {
      return MAPPER.readTree(body);
    } catch (JsonProcessingException e) {
      return TextNode.valueOf(body);
    }
  }

  @Override
  public void close() {
    proxy.destroy();
    client.shutdownNow();
  }
}
