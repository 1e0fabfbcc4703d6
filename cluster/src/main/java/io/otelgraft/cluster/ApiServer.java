package io.otelgraft.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.Pair;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.generic.dynamic.DynamicKubernetesApi;
import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import java.io.IOException;
import java.io.Reader;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import okhttp3.Call;
import okhttp3.Response;
import okhttp3.ResponseBody;

/**
 * A connection to a Kubernetes API server. All that it sends and gives is trees.
 *
 * <p>Each request ends within ten seconds, with an answer or a {@link RequestFailure}. Thread-safe.
 */
public final class ApiServer implements AutoCloseable {

  /**
   * Who owns what is applied, in {@code metadata.managedFields}.
   *
   * @see <a href="https://kubernetes.io/docs/reference/using-api/server-side-apply/">Server-side
   *     apply</a>
   */
  public static final String FIELD_MANAGER = "graft";

  private static final Path SERVICE_ACCOUNT =
      Path.of("/var/run/secrets/kubernetes.io/serviceaccount");
  private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

  /** A connection that nothing comes back from is given up after twice this. */
  private static final Duration PING = Duration.ofSeconds(10);

  private static final String PAGE_SIZE = "500";
  private static final String JSON = "application/json";
  private static final String APPLY = "application/apply-patch+yaml";
  private static final String JSON_PATCH = "application/json-patch+json";
  private static final String METADATA =
      "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
  private static final String METADATA_LIST =
      "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
  private static final int LONGEST_REFUSAL = 4096;

  private final ApiClient client;
  private final ApiClient watching;

  private ApiServer(ApiClient client, ApiClient watching) {
    this.client = client;
    this.watching = watching;
  }

  /**
   * Connects to the API server of the cluster that this process runs in, as the service account of
   * its pod; or as a file says. Nothing is sent yet.
   *
   * @param kubeconfig empty for the cluster that this process runs in
   * @throws RequestFailure if the file cannot be read, or there is no cluster around this process
   */
  public static ApiServer connect(Optional<Path> kubeconfig) {
    ClientLogs.withoutInterruptions();
    return new ApiServer(client(kubeconfig, LONGEST_REQUEST), client(kubeconfig, Duration.ZERO));
  }

  private static ApiClient client(Optional<Path> kubeconfig, Duration longest) {
    ClientBuilder builder = builder(kubeconfig).setPingInterval(PING).setReadTimeout(longest);
    ApiClient client = builder.build();
    client.setHttpClient(client.getHttpClient().newBuilder().callTimeout(longest).build());
    return client;
  }

  private static ClientBuilder builder(Optional<Path> kubeconfig) {
    if (kubeconfig.isEmpty() && !Files.exists(SERVICE_ACCOUNT.resolve("token"))) {
      throw new RequestFailure(
          0,
          "there is no cluster around this process, as "
              + SERVICE_ACCOUNT
              + " is not there; name a kubeconfig with the setting cluster.kubeconfig",
          null);
    }
    try {
      return kubeconfig.isPresent() ? builder(kubeconfig.get()) : ClientBuilder.cluster();
    } catch (IOException | RuntimeException e) {
      String from = kubeconfig.map(Path::toString).orElse(SERVICE_ACCOUNT.toString());
      throw new RequestFailure(0, from + " does not say how to reach an API server: " + e, e);
    }
  }

  private static ClientBuilder builder(Path kubeconfig) throws IOException {
    try (Reader reader = Files.newBufferedReader(kubeconfig)) {
      KubeConfig config = KubeConfig.loadKubeConfig(reader);
      config.setFile(kubeconfig.toFile());
      return ClientBuilder.kubeconfig(config);
    }
  }

  /**
   * The namespace that this process runs in.
   *
   * @return empty outside of a cluster
   */
  public static Optional<String> namespace() {
    try {
      return Optional.of(Files.readString(SERVICE_ACCOUNT.resolve("namespace")).strip());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /** Where it is, for people. */
  public String address() {
    return client.getBasePath();
  }

  /** Its version, for example {@code v1.36.3}. */
  public String version() {
    return send("GET", "/version", Map.of(), null, JSON).path("gitVersion").asText();
  }

  /** One object; empty if there is none of that name. */
  public Optional<ObjectNode> get(ApiResource resource, String namespace, String name) {
    return get(resource, namespace, name, JSON);
  }

  /** The metadata of one object, and nothing else of it; empty if there is none of that name. */
  public Optional<ObjectNode> getMetadata(ApiResource resource, String namespace, String name) {
    return get(resource, namespace, name, METADATA);
  }

  private Optional<ObjectNode> get(
      ApiResource resource, String namespace, String name, String accept) {
    try {
      return Optional.of(send("GET", path(resource, namespace, name), Map.of(), null, accept));
    } catch (RequestFailure e) {
      if (e.isNotFound()) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /**
   * All objects of a namespace, or of all namespaces, page by page.
   *
   * @param namespace the empty string for all
   */
  public void each(ApiResource resource, String namespace, Consumer<ObjectNode> consumer) {
    pages(resource, namespace, JSON, consumer);
  }

  /**
   * The metadata of all objects of a namespace, or of all namespaces, page by page. The API server
   * sends nothing else of them.
   *
   * @param namespace the empty string for all
   */
  public void eachMetadata(ApiResource resource, String namespace, Consumer<ObjectNode> consumer) {
    pages(resource, namespace, METADATA_LIST, consumer);
  }

  private void pages(
      ApiResource resource, String namespace, String accept, Consumer<ObjectNode> consumer) {
    Map<String, String> query = new HashMap<>(Map.of("limit", PAGE_SIZE));
    String next;
    do {
      ObjectNode page = page(resource, namespace, query, accept);
      for (JsonNode item : page.path("items")) {
        if (item instanceof ObjectNode object) {
          consumer.accept(object);
        }
      }
      next = page.path("metadata").path("continue").asText();
      query.put("continue", next);
    } while (!next.isEmpty());
  }

  /**
   * A page of a list. The API server keeps what a list began with for minutes only; a page that
   * comes later begins where the last one ended all the same, so that each object is given once.
   *
   * @see <a
   *     href="https://kubernetes.io/docs/reference/using-api/api-concepts/#retrieving-large-results-sets-in-chunks">Retrieving
   *     large results sets in chunks</a>
   */
  private ObjectNode page(
      ApiResource resource, String namespace, Map<String, String> query, String accept) {
    try {
      return send("GET", resource.path(namespace), query, null, accept);
    } catch (RequestFailure e) {
      query.put("continue", e.next().orElseThrow(() -> e));
      return send("GET", resource.path(namespace), query, null, accept);
    }
  }

  /**
   * Creates an object.
   *
   * @return the object as it is stored
   * @throws RequestFailure also if it is there already, see {@link RequestFailure#isConflict()}
   */
  public ObjectNode create(ApiResource resource, ObjectNode object) {
    return send(
        "POST",
        resource.path(namespace(object)),
        Map.of("fieldManager", FIELD_MANAGER),
        new Body(JSON, object),
        JSON);
  }

  /**
   * Replaces an object that was read.
   *
   * @param object with the {@code metadata.resourceVersion} that it was read with
   * @return the object as it is stored
   * @throws RequestFailure also if somebody else changed it since, see {@link
   *     RequestFailure#isConflict()}
   */
  public ObjectNode replace(ApiResource resource, ObjectNode object) {
    return send(
        "PUT",
        path(resource, namespace(object), name(object)),
        Map.of("fieldManager", FIELD_MANAGER),
        new Body(JSON, object),
        JSON);
  }

  /**
   * Makes the fields of an object so, whoever owned them before, and leaves all others as they are.
   * Creates it if it is not there.
   *
   * @param object the fields, without {@code metadata.managedFields}
   * @return the object as it is stored
   */
  public ObjectNode apply(ApiResource resource, ObjectNode object) {
    return applied(path(resource, namespace(object), name(object)), object);
  }

  /** As {@link #apply}, for what stands in {@code status}. */
  public ObjectNode applyStatus(ApiResource resource, ObjectNode object) {
    return applied(path(resource, namespace(object), name(object)) + "/status", object);
  }

  private ObjectNode applied(String path, ObjectNode object) {
    return send(
        "PATCH",
        path,
        Map.of("fieldManager", FIELD_MANAGER, "force", "true"),
        new Body(APPLY, object),
        JSON);
  }

  /**
   * Changes an object by a JSON Patch (RFC 6902).
   *
   * @return the object as it is stored
   */
  public ObjectNode patch(ApiResource resource, String namespace, String name, JsonNode patch) {
    return send(
        "PATCH",
        path(resource, namespace, name),
        Map.of("fieldManager", FIELD_MANAGER),
        new Body(JSON_PATCH, patch),
        JSON);
  }

  /** Deletes an object; says whether it was there. */
  public boolean delete(ApiResource resource, String namespace, String name) {
    try {
      send("DELETE", path(resource, namespace, name), Map.of(), null, JSON);
      return true;
    } catch (RequestFailure e) {
      if (e.isNotFound()) {
        return false;
      }
      throw e;
    }
  }

  /**
   * Follows all objects of a kind, in all namespaces, from now on.
   *
   * @param changed called after something changed; on a thread of the informer's, so it must not
   *     take long
   */
  public Informer follow(ApiResource resource, Runnable changed) {
    return Informer.start(
        resource,
        new DynamicKubernetesApi(resource.group(), resource.version(), resource.plural(), watching),
        changed);
  }

  /**
   * Takes part in the election of a leader, until closed.
   *
   * @param identity this process; no other has the same
   */
  public Leadership electLeader(String namespace, String lease, String identity) {
    return Leadership.contest(client, namespace, lease, identity);
  }

  private record Body(String type, JsonNode tree) {}

  private ObjectNode send(
      String method, String path, Map<String, String> query, Body body, String accept) {
    Map<String, String> headers = new HashMap<>(Map.of("Accept", accept));
    if (body != null) {
      headers.put("Content-Type", body.type);
    }
    try {
      Call call =
          client.buildCall(
              null,
              path,
              method,
              pairs(query),
              List.of(),
              body == null ? null : Json.write(body.tree),
              headers,
              Map.of(),
              Map.of(),
              new String[] {"BearerToken"},
              null);
      try (Response response = call.execute();
          ResponseBody answer = response.body()) {
        byte[] bytes = answer.bytes();
        if (!response.isSuccessful()) {
          ObjectNode said = status(bytes);
          throw RequestFailure.refused(
              response.code(),
              "%s %s: %s".formatted(method, path, refusal(response.code(), said)),
              said.path("metadata").path("continue").asText());
        }
        return Json.read(bytes);
      }
    } catch (ApiException e) {
      throw new RequestFailure(
          0, "%s %s: the request cannot be made: %s".formatted(method, path, e.getMessage()), e);
    } catch (IOException e) {
      throw new RequestFailure(
          0, "%s %s: %s does not answer: %s".formatted(method, path, address(), e), e);
    } catch (DocumentException e) {
      throw new RequestFailure(
          0, "%s %s: the answer is none: %s".formatted(method, path, e.getMessage()), e);
    }
  }

  private static List<Pair> pairs(Map<String, String> query) {
    List<Pair> pairs = new ArrayList<>();
    query.forEach((name, value) -> {
      if (!value.isEmpty()) {
        pairs.add(new Pair(name, value));
      }
    });
    return pairs;
  }

  /** The {@code Status} that a request is refused with; one with all of it where that is none. */
  private static ObjectNode status(byte[] answer) {
    try {
      return Json.read(answer);
    } catch (DocumentException e) {
      return JsonNodeFactory.instance
          .objectNode()
          .put("message", new String(answer, StandardCharsets.UTF_8).strip());
    }
  }

  private static String refusal(int code, ObjectNode status) {
    String said = status.path("message").asText();
    return code + (said.isEmpty() ? "" : ", " + shortened(said));
  }

  private static String shortened(String text) {
    return text.length() <= LONGEST_REFUSAL ? text : text.substring(0, LONGEST_REFUSAL) + "...";
  }

  private static String path(ApiResource resource, String namespace, String name) {
    return resource.path(namespace) + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8);
  }

  private static String namespace(ObjectNode object) {
    return object.path("metadata").path("namespace").asText();
  }

  private static String name(ObjectNode object) {
    return object.path("metadata").path("name").asText();
  }

  /** Ends what is still going on. */
  @Override
  public void close() {
    for (ApiClient one : List.of(client, watching)) {
      one.getHttpClient().dispatcher().cancelAll();
      one.getHttpClient().dispatcher().executorService().shutdown();
      one.getHttpClient().connectionPool().evictAll();
    }
  }
}
