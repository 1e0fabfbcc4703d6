package io.otelgraft.e2e.apiserver;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.flipkart.zjsonpatch.JsonPatch;
import io.otelgraft.e2e.apiserver.Answer.Admitted;
import io.otelgraft.e2e.apiserver.Answer.Rejected;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Creates pods as an API server with one mutating webhook does. It stands in for one where there is
 * no cluster; it is not one: nothing is kept, and pods are neither defaulted nor validated.
 *
 * <p>The webhook is asked over HTTPS with an AdmissionReview; its certificate must be one that is
 * trusted and must be for the name in the URL; its JSON Patch is applied, its rejection becomes the
 * Status that a client sees. What breaks these rules is a failure here, where an API server has a
 * {@code failurePolicy}.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/access-authn-authz/extensible-admission-controllers/">Dynamic
 *     admission control</a>
 */
public final class ApiServerStandIn {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** What a webhook's {@code timeoutSeconds} is by default. */
  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  private static final int OK = 200;

  private final String name;
  private final URI url;
  private final HttpClient client;

  private ApiServerStandIn(String name, URI url, HttpClient client) {
    this.name = name;
    this.url = url;
    this.client = client;
  }

  /**
   * An API server that asks a webhook about each pod.
   *
   * @param name of the webhook in its configuration, which rejections begin with
   * @param url {@code clientConfig.url}
   * @param caBundle {@code clientConfig.caBundle}: a PEM file with the certificates to trust
   * @throws IOException when the file cannot be read
   */
  public static ApiServerStandIn withWebhook(String name, URI url, Path caBundle)
      throws IOException {
    HttpClient client =
        HttpClient.newBuilder().sslContext(trusting(caBundle)).connectTimeout(TIMEOUT).build();
    // An API server says how long it waits.
    URI timed = URI.create(url + "?timeout=" + TIMEOUT.toSeconds() + "s");
    return new ApiServerStandIn(name, timed, client);
  }

  private static SSLContext trusting(Path pem) throws IOException {
    try (InputStream file = Files.newInputStream(pem)) {
      KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
      trusted.load(null, null);
      for (Certificate certificate :
          CertificateFactory.getInstance("X.509").generateCertificates(file)) {
        trusted.setCertificateEntry("trusted-" + trusted.size(), certificate);
      }
      TrustManagerFactory trust =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      trust.init(trusted);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust.getTrustManagers(), null);
      return context;
    } catch (GeneralSecurityException e) {
      throw new IOException(pem + " holds no certificates to trust", e);
    }
  }

  /**
   * Creates a pod of a workload: what the controllers make of it, asked for by them.
   *
   * @param workload a Deployment or whatever else {@link PodTemplates} knows; a Pod is its own
   * @throws IOException when the webhook does not answer as it must; the message says what came
   */
  public Answer create(ObjectNode workload) throws IOException, InterruptedException {
    ObjectNode pod = PodTemplates.pod(workload);
    boolean byUser = workload.path("kind").asText().equals("Pod");
    String user =
        byUser ? "kubernetes-admin" : "system:serviceaccount:kube-system:replicaset-controller";
    return answer(pod, review(pod, user));
  }

  /** The review that asks about a pod to be created. */
  private static ObjectNode review(ObjectNode pod, String user) {
    ObjectNode review =
        MAPPER
            .createObjectNode()
            .put("apiVersion", "admission.k8s.io/v1")
            .put("kind", "AdmissionReview");
    ObjectNode request = review.putObject("request");
    request.put("uid", UUID.randomUUID().toString());
    for (String kind : List.of("kind", "requestKind")) {
      request.putObject(kind).put("group", "").put("version", "v1").put("kind", "Pod");
    }
    for (String resource : List.of("resource", "requestResource")) {
      request.putObject(resource).put("group", "").put("version", "v1").put("resource", "pods");
    }
    // A pod that is to get its name from generateName does not have it yet.
    if (pod.at("/metadata/name").isTextual()) {
      request.set("name", pod.at("/metadata/name"));
    }
    request.put("namespace", pod.at("/metadata/namespace").asText("default"));
    request.put("operation", "CREATE");
    request.putObject("userInfo").put("username", user);
    request.set("object", pod);
    request.putNull("oldObject");
    request.put("dryRun", false);
    request.putObject("options").put("apiVersion", "meta.k8s.io/v1").put("kind", "CreateOptions");
    return review;
  }

  private Answer answer(ObjectNode pod, ObjectNode review)
      throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .timeout(TIMEOUT)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json, */*")
            .POST(BodyPublishers.ofByteArray(MAPPER.writeValueAsBytes(review)))
            .build();
    long asked = System.nanoTime();
    HttpResponse<byte[]> answered = client.send(request, BodyHandlers.ofByteArray());
    Duration took = Duration.ofNanos(System.nanoTime() - asked);
    if (answered.statusCode() != OK) {
      throw new IOException(
          "%s answered with %d: %s"
              .formatted(url, answered.statusCode(), new String(answered.body(), UTF_8)));
    }
    JsonNode response = MAPPER.readTree(answered.body()).path("response");
    String uid = review.at("/request/uid").asText();
    if (!response.path("uid").asText().equals(uid)) {
      throw new IOException(
          "%s answered %s where request %s was asked".formatted(url, response, uid));
    }
    List<String> warnings = new ArrayList<>();
    response.path("warnings").forEach(warning -> warnings.add(warning.asText()));
    return response.path("allowed").asBoolean()
        ? admitted(pod, response, warnings, took)
        : rejected(response.path("status"), warnings, took);
  }

  private static Admitted admitted(
      ObjectNode pod, JsonNode response, List<String> warnings, Duration took) throws IOException {
    JsonNode patch =
        response.has("patch")
            ? MAPPER.readTree(response.path("patch").binaryValue())
            : MAPPER.createArrayNode();
    return new Admitted((ObjectNode) JsonPatch.apply(patch, pod), patch, warnings, took);
  }

  /** The API server's {@code ToStatusErr}: the webhook's Status, with its name before it. */
  private Rejected rejected(JsonNode status, List<String> warnings, Duration took) {
    String denied = "admission webhook \"" + name + "\" denied the request";
    String message = status.path("message").asText();
    String reason = status.path("reason").asText();
    String why = message.isEmpty() ? reason : message;
    return new Rejected(
        reason,
        why.isEmpty() ? denied + " without explanation" : denied + ": " + why,
        warnings,
        took);
  }
}
