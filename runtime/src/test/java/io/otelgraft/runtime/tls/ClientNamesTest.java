package io.otelgraft.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.core.admission.Reviewer;
import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.Answered;
import io.otelgraft.runtime.server.Management;
import io.otelgraft.runtime.server.Refusal;
import io.otelgraft.runtime.server.Scrape;
import io.otelgraft.runtime.server.Server;
import io.otelgraft.runtime.server.Webhook;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.watch.FileWatch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.bouncycastle.asn1.x500.X500Name;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of the clients that a CA signed for, those are answered whose names are given. */
final class ClientNamesTest {
  private static final String REVIEW =
      """
      {"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","request":{"uid":"42"}}\
      """;

  @TempDir private Path folder;
  private final BlockingQueue<Refusal> refusals = new LinkedBlockingQueue<>();
  private Issuer ca;
  private FileWatch watch;
  private ServingTls tls;
  private Server server;

  @BeforeEach
  void start() throws Exception {
    ca = Issuer.root("clients");
    Issuer.Issued own = ca.issue("EC");
    ServerSettings settings =
        ServerSettings.builder()
            .set("server.address", "127.0.0.1")
            .set("server.port", "0")
            .set("management.address", "127.0.0.1")
            .set("management.port", "0")
            .set("page.enabled", "false")
            .set("server.tls.certificate", write("tls.crt", own.certificatePem()))
            .set("server.tls.key", write("tls.key", own.keyPem()))
            .set("server.tls.client-ca", write("ca.crt", Issuer.pem(List.of(ca.certificate()))))
            .set("server.tls.client-names", "kube-apiserver,front-proxy-client")
            .build();
    watch = FileWatch.start();
    tls = ServingTls.follow(watch, settings.tls());
    server =
        Server.start(
            settings,
            tls.tls(),
            List.of(
                new Webhook(
                    Webhook.INSTRUMENTATION_DEFAULTS, Reviewer.ofInstrumentationDefaults())),
            List.of(
                new AnswerListener() {
                  @Override
                  public void answered(Answered answered) {}

                  @Override
                  public void refused(Refusal refusal) {
                    refusals.add(refusal);
                  }
                }),
            new Management(List.of(), List.of(), () -> new Scrape("text/plain", new byte[0])),
            _ -> {});
  }

  @AfterEach
  void stop() {
    server.close();
    tls.close();
    watch.close();
  }

  private String write(String name, String text) throws Exception {
    return Files.writeString(folder.resolve(name), text).toString();
  }

  private HttpResponse<String> asks(String subject) throws Exception {
    Issuer.Issued shown = ca.issue(new X500Name(subject));
    try (HttpClient client =
        HttpClient.newBuilder().sslContext(Issuer.client(ca.certificate(), shown)).build()) {
      return client.send(
          HttpRequest.newBuilder(
                  URI.create(
                      "https://localhost:" + server.port() + Webhook.INSTRUMENTATION_DEFAULTS))
              .header("Content-Type", "application/json")
              .POST(BodyPublishers.ofString(REVIEW))
              .build(),
          BodyHandlers.ofString());
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=kube-apiserver",
        "O=kubernetes,CN=front-proxy-client",
        "CN=front-proxy-client,O=kubernetes",
        "CN=somebody,CN=kube-apiserver",
        "OU=masters+CN=kube-apiserver"
      })
  void who_has_one_of_the_names_is_answered(String subject) throws Exception {
    assertThat(asks(subject).statusCode()).isEqualTo(200);
    assertThat(refusals).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CN=somebody",
        "CN=Kube-Apiserver",
        "CN=kube-apiserver.example.com",
        "CN=kube-apiserver,CN=somebody",
        "O=kube-apiserver,CN=kubelet",
        "CN=kube-apiserver\\,front-proxy-client"
      })
  void who_has_another_is_refused_by_name(String subject) throws Exception {
    HttpResponse<String> response = asks(subject);

    assertThat(response.statusCode()).isEqualTo(403);
    assertThat(response.body())
        .contains("\"reason\":\"Forbidden\"", "of CN=", "server.tls.client-names");
    // It is told once the answer is on its way.
    assertThat(refusals.poll(1, TimeUnit.MINUTES)).isEqualTo(Refusal.UNKNOWN_CLIENT);
    assertThat(refusals).isEmpty();
  }

  @Test
  void who_has_none_is_refused() throws Exception {
    assertThat(asks("O=kube-apiserver").body()).contains("whose certificate has no common name");
  }

  @Test
  void names_without_a_ca_are_no_protection_and_not_taken_for_one() {
    assertThatThrownBy(
            () -> ServerSettings.builder().set("server.tls.client-names", "somebody").build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("set without server.tls.client-ca");
  }
}
