package io.otelgraft.runtime.cli;

import io.otelgraft.core.document.DocumentException;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.tls.ClientTls;
import io.otelgraft.runtime.tls.UnusableCertificate;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLException;

/**
 * A webhook that another process serves.
 *
 * @param url of the webhook, with its path
 * @param authorities whom to trust, PEM; empty for those that the JDK trusts
 */
record RemoteWebhook(URI url, Optional<Path> authorities) {

  /** An API server waits for 30 s at most. */
  private static final Duration TIMEOUT = Duration.ofSeconds(30);

  private static final int ANSWERED = 200;

  /**
   * One of a URL as a user gives it.
   *
   * @throws CommandFailure if it is none of HTTPS
   */
  static RemoteWebhook at(String url, Optional<Path> authorities) {
    try {
      URI uri = URI.create(url);
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return new RemoteWebhook(uri, authorities);
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw new CommandFailure(
        "--server %s: is not the URL of a webhook, such as https://localhost:9443/mutate-v1-pod"
            .formatted(url));
  }

  /**
   * Posts a review as an API server would.
   *
   * @return the answer
   * @throws CommandFailure if there is none; the message says what to do
   */
  byte[] review(byte[] review) {
    try (HttpClient client = client()) {
      HttpResponse<byte[]> response =
          client.send(
              HttpRequest.newBuilder(url)
                  .timeout(TIMEOUT)
                  .header("Content-Type", "application/json")
                  .POST(HttpRequest.BodyPublishers.ofByteArray(review))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (response.statusCode() != ANSWERED) {
        throw failure("answered %d: %s".formatted(response.statusCode(), message(response.body())));
      }
      if (!isReview(response.body())) {
        throw failure("answered with something else than an AdmissionReview");
      }
      return response.body();
    } catch (ConnectException e) {
      throw failure("cannot be reached; see whether it runs, and whether the network lets you");
    } catch (HttpTimeoutException e) {
      throw failure("does not answer within %d s".formatted(TIMEOUT.toSeconds()));
    } catch (SSLException e) {
      throw failure(
          "is not trusted (%s); name the file of its certificate authority with --ca"
              .formatted(e.getMessage()));
    } catch (IOException e) {
      throw failure("does not answer: " + e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failure("was not waited for");
    }
  }

  private HttpClient client() {
    HttpClient.Builder builder =
        HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).connectTimeout(TIMEOUT);
    try {
      if (authorities.isPresent()) {
        builder.sslContext(ClientTls.trusting(authorities.get()));
      }
    } catch (UnusableCertificate e) {
      throw new CommandFailure("--ca " + e.getMessage());
    }
    return builder.build();
  }

  private static boolean isReview(byte[] body) {
    try {
      return Json.read(body).has("response");
    } catch (DocumentException e) {
      return false;
    }
  }

  /** What a refusal says, which is a Status of Kubernetes where Graft answers. */
  private static String message(byte[] body) {
    try {
      return Json.read(body).path("message").asText("");
    } catch (DocumentException e) {
      return "";
    }
  }

  private CommandFailure failure(String what) {
    return new CommandFailure(url + " " + what);
  }
}
