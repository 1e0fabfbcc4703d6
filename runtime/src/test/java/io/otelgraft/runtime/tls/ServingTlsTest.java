package io.otelgraft.runtime.tls;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.helidon.webserver.WebServer;
import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.runtime.settings.ServerSettings.KeyPair;
import io.otelgraft.runtime.settings.ServerSettings.TlsFiles;
import io.otelgraft.runtime.tls.Issuer.Issued;
import io.otelgraft.runtime.watch.FileWatch;
import io.otelgraft.runtime.watch.MountedVolume;
import java.io.ByteArrayInputStream;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ServingTlsTest {
  private static Issuer root;

  @TempDir private Path folder;
  private FileWatch watch;
  private ServingTls tls;
  private WebServer server;

  @BeforeAll
  static void root() throws Exception {
    root = Issuer.root("root");
  }

  @BeforeEach
  void start() {
    watch = FileWatch.start();
  }

  @AfterEach
  void stop() {
    if (server != null) {
      server.stop();
    }
    if (tls != null) {
      tls.close();
    }
    watch.close();
  }

  /** Helidon has two ways to serve a connection, which differ in what they do about TLS. */
  private void serve(TlsFiles files, boolean nio) throws UnusableCertificate {
    tls = ServingTls.follow(watch, files);
    listen(nio);
  }

  private void listen(boolean nio) {
    server =
        WebServer.builder()
            .featuresDiscoverServices(false)
            .shutdownHook(false)
            .host("127.0.0.1")
            .useNio(nio)
            .tls(tls.tls())
            .routing(routing -> routing.get("/", (_, response) -> response.send("served")))
            .build()
            .start();
  }

  private TlsFiles files(Issued issued) throws Exception {
    write(issued);
    return pair();
  }

  private void write(Issued issued) throws Exception {
    Files.writeString(folder.resolve("tls.key"), issued.keyPem());
    Files.writeString(folder.resolve("tls.crt"), issued.certificatePem());
  }

  private TlsFiles pair() {
    return new TlsFiles(
        Optional.of(new KeyPair(folder.resolve("tls.crt"), folder.resolve("tls.key"))),
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  private TlsFiles pairFor(Path clientCa) {
    return new TlsFiles(
        pair().pair(), List.of(), Optional.of(clientCa), List.of(), Optional.empty());
  }

  private String get(SSLContext client) throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
      return get(http);
    }
  }

  private String get(HttpClient http) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create("https://localhost:" + server.port() + "/")).build();
    return http.send(request, BodyHandlers.ofString()).body();
  }

  /** Shakes hands anew. */
  private SSLSession session(SSLContext client, SSLParameters parameters) throws IOException {
    try (SSLSocket socket =
        (SSLSocket) client.getSocketFactory().createSocket("127.0.0.1", server.port())) {
      socket.setSSLParameters(parameters);
      socket.startHandshake();
      return socket.getSession();
    }
  }

  private X509Certificate shown(SSLContext client) throws IOException {
    return (X509Certificate)
        session(client, client.getDefaultSSLParameters()).getPeerCertificates()[0];
  }

  private static X509Certificate certificate(Path file) throws Exception {
    return (X509Certificate)
        CertificateFactory.getInstance("X.509")
            .generateCertificate(new ByteArrayInputStream(Files.readAllBytes(file)));
  }

  private static List<String> names(X509Certificate certificate) throws Exception {
    return certificate.getSubjectAlternativeNames().stream()
        .map(name -> (String) name.get(1))
        .toList();
  }

  // What is served

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA", "Ed25519"})
  void keys_of_all_kinds_are_served(String algorithm) throws Exception {
    serve(files(root.issue(algorithm)), false);

    assertThat(get(Issuer.trusting(root.certificate()))).isEqualTo("served");
    assertThat(tls.refused()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"EC", "RSA"})
  void keys_in_the_formats_of_old_are_served(String algorithm) throws Exception {
    Issued issued = root.issue(algorithm);
    write(issued);
    Files.writeString(folder.resolve("tls.key"), issued.bareKeyPem());
    serve(pair(), false);

    assertThat(get(Issuer.trusting(root.certificate()))).isEqualTo("served");
  }

  @Test
  void the_chain_is_sent_so_that_clients_need_the_root_alone() throws Exception {
    serve(files(root.intermediate("between").issue("EC")), false);

    assertThat(get(Issuer.trusting(root.certificate()))).isEqualTo("served");
  }

  @Test
  void a_self_signed_certificate_is_trusted_by_those_who_read_the_file() throws Exception {
    Path written = folder.resolve("ca.crt");
    serve(
        new TlsFiles(
            Optional.empty(), List.of(), Optional.empty(), List.of(), Optional.of(written)),
        false);

    SSLContext client = Issuer.trusting(certificate(written));
    assertThat(get(client)).isEqualTo("served");
    X509Certificate shown = shown(client);
    assertThat(names(shown)).contains("localhost", "127.0.0.1", "0:0:0:0:0:0:0:1");
    assertThat(shown.getExtendedKeyUsage()).containsExactly("1.3.6.1.5.5.7.3.1");
    assertThat(tls.certificate()).isEqualTo(shown);
    assertThat(shown.getNotAfter().toInstant()).isAfter(Instant.now().plus(Duration.ofDays(80)));
  }

  @Test
  void a_self_signed_certificate_is_for_the_names_that_are_given() throws Exception {
    tls =
        ServingTls.follow(
            watch,
            new TlsFiles(
                Optional.empty(),
                List.of("graft.graft.svc", "*.example.org", "2001:db8::1"),
                Optional.empty(),
                List.of(),
                Optional.of(folder.resolve("ca.crt"))));
    listen(false);

    X509Certificate shown = shown(Issuer.trusting(certificate(folder.resolve("ca.crt"))));
    assertThat(names(shown))
        .containsExactly("graft.graft.svc", "*.example.org", "2001:db8:0:0:0:0:0:1");
  }

  @Test
  void a_self_signed_certificate_is_renewed_in_time_and_clients_need_not_notice() throws Exception {
    Path written = folder.resolve("ca.crt");
    tls =
        ServingTls.follow(
            watch,
            new TlsFiles(
                Optional.empty(), List.of(), Optional.empty(), List.of(), Optional.of(written)),
            Duration.ofSeconds(6));
    listen(false);
    SSLContext client = Issuer.trusting(certificate(written));
    X509Certificate first = shown(client);

    eventually(() -> assertThat(shown(client)).isNotEqualTo(first));

    assertThat(Instant.now()).isBefore(first.getNotAfter().toInstant());
    assertThat(tls.certificate().getNotAfter()).isAfter(first.getNotAfter());
    assertThat(get(client)).isEqualTo("served");
  }

  // What is not served

  private void isRefused(String... parts) {
    assertThatThrownBy(() -> ServingTls.follow(watch, pair()))
        .isInstanceOf(UnusableCertificate.class)
        .message()
        .contains(parts)
        .doesNotContain("\n");
  }

  @Test
  void a_file_that_is_missing_is_named() throws Exception {
    files(root.issue("EC"));
    Files.delete(folder.resolve("tls.key"));

    isRefused("tls.key: there is no such file");
  }

  @Test
  void files_that_hold_something_else_are_named_with_what_they_hold() throws Exception {
    Issued issued = root.issue("EC");
    files(issued);
    Files.writeString(folder.resolve("tls.crt"), issued.keyPem());
    isRefused("tls.crt: there is no certificate in it, but PRIVATE KEY");

    files(issued);
    Files.writeString(folder.resolve("tls.key"), "");
    isRefused("tls.key: there is no private key in it, nor anything else");

    files(issued);
    Files.writeString(folder.resolve("tls.crt"), issued.certificatePem().substring(0, 200));
    isRefused("tls.crt: the CERTIFICATE in it has no end; copy the file again");
  }

  @Test
  void a_key_of_another_certificate_is_noticed() throws Exception {
    files(root.issue("EC"));
    Files.writeString(folder.resolve("tls.key"), root.issue("EC").keyPem());
    isRefused("tls.key: the key is not that of the certificate", "tls.crt", "CN=localhost");

    Files.writeString(folder.resolve("tls.key"), root.issue("RSA").bareKeyPem());
    isRefused("tls.key: the key is not that of the certificate", "a key of EC", "one of RSA");
  }

  @Test
  void a_chain_in_the_wrong_order_is_noticed() throws Exception {
    Issued issued = root.issue("EC");
    files(issued);
    Files.writeString(folder.resolve("tls.crt"), Issuer.pem(issued.chain().reversed()));

    isRefused("not that of the first certificate", "put the server's own certificate before");
  }

  @Test
  void a_certificate_has_to_be_valid_now() throws Exception {
    files(root.issue("EC", Instant.now().minus(Duration.ofDays(10)), Duration.ofDays(9)));
    isRefused("tls.crt: the certificate (CN=localhost) expired at", "renew it");

    files(root.issue("EC", Instant.now().plus(Duration.ofDays(1)), Duration.ofDays(9)));
    isRefused("tls.crt: the certificate (CN=localhost) is not valid before", "set the clock");
  }

  @Test
  void an_encrypted_key_is_refused_in_both_formats() throws Exception {
    Issued issued = root.issue("RSA");
    files(issued);
    Files.writeString(
        folder.resolve("tls.key"), Issuer.pem("ENCRYPTED PRIVATE KEY", issued.key().getEncoded()));
    isRefused("tls.key: the private key is encrypted", "openssl pkey");

    Files.writeString(
        folder.resolve("tls.key"),
        issued
            .bareKeyPem()
            .replaceFirst("\n", "\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n"));
    isRefused("tls.key: the private key is encrypted");
  }

  // What changes

  @Test
  void certificates_are_replaced_under_load_and_no_request_fails() throws Exception {
    MountedVolume volume = new MountedVolume(folder);
    volume.update(secret(root.issue("EC")));
    serve(pair(), false);
    SSLContext client = Issuer.trusting(root.certificate());
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    AtomicLong answers = new AtomicLong();
    CountDownLatch end = new CountDownLatch(1);
    List<Thread> connections = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      connections.add(
          Thread.ofVirtual()
              .start(() -> {
                // One connection each, which is kept.
                try (HttpClient http = HttpClient.newBuilder().sslContext(client).build()) {
                  while (end.getCount() > 0) {
                    assertThat(get(http)).isEqualTo("served");
                    answers.incrementAndGet();
                  }
                } catch (Exception | AssertionError e) {
                  failures.add(e);
                }
              }));
    }

    for (int swap = 0; swap < 20; swap++) {
      Issued next = root.issue(swap % 2 == 0 ? "EC" : "RSA");
      long before = answers.get();
      volume.update(secret(next));
      eventually(() -> assertThat(shown(client)).isEqualTo(next.certificate()));
      eventually(() -> assertThat(answers.get()).isGreaterThan(before));
    }
    end.countDown();
    for (Thread connection : connections) {
      connection.join();
    }

    assertThat(failures).isEmpty();
    assertThat(tls.refused()).isEmpty();
  }

  private static Map<String, byte[]> secret(Issued issued) throws Exception {
    return Map.of(
        "tls.crt", issued.certificatePem().getBytes(UTF_8),
        "tls.key", issued.keyPem().getBytes(UTF_8));
  }

  @Test
  void a_certificate_that_cannot_be_used_leaves_the_one_before_in_force_and_says_so()
      throws Exception {
    Issued good = root.issue("EC");
    serve(files(good), false);
    SSLContext client = Issuer.trusting(root.certificate());

    Files.writeString(folder.resolve("tls.crt"), root.issue("EC").certificatePem());
    eventually(() ->
        assertThat(tls.refused())
            .hasValueSatisfying(why -> assertThat(why).contains("the key is not that of")));
    assertThat(shown(client)).isEqualTo(good.certificate());
    assertThat(tls.certificate()).isEqualTo(good.certificate());

    Issued next = root.issue("EC");
    write(next);
    eventually(() -> assertThat(shown(client)).isEqualTo(next.certificate()));
    assertThat(tls.refused()).isEmpty();
  }

  // Who may connect, and how

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void only_clients_with_a_certificate_of_the_ca_are_let_in(boolean nio) throws Exception {
    Issuer ca = Issuer.root("clients");
    Path file = Files.writeString(folder.resolve("ca.crt"), Issuer.pem(List.of(ca.certificate())));
    files(root.issue("EC"));
    serve(pairFor(file), nio);

    assertThat(get(Issuer.client(root.certificate(), ca.issue("EC")))).isEqualTo("served");
    assertThatThrownBy(() -> get(Issuer.trusting(root.certificate())))
        .isInstanceOf(IOException.class);
    Issued stranger = Issuer.root("strangers").issue("EC");
    assertThatThrownBy(() -> get(Issuer.client(root.certificate(), stranger)))
        .isInstanceOf(IOException.class);
  }

  @Test
  void a_ca_that_is_replaced_counts_for_clients_that_come_back_as_well() throws Exception {
    Issuer before = Issuer.root("before");
    Issuer after = Issuer.root("after");
    Path file =
        Files.writeString(folder.resolve("ca.crt"), Issuer.pem(List.of(before.certificate())));
    files(root.issue("EC"));
    serve(pairFor(file), false);
    SSLContext old = Issuer.client(root.certificate(), before.issue("EC"));
    assertThat(get(old)).isEqualTo("served");

    Files.writeString(file, Issuer.pem(List.of(after.certificate())));
    SSLContext young = Issuer.client(root.certificate(), after.issue("EC"));
    eventually(() -> assertThat(get(young)).isEqualTo("served"));

    // It could resume its session, if that had outlived the CA.
    assertThatThrownBy(() -> get(old)).isInstanceOf(IOException.class);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void the_server_chooses_among_strong_ciphers_and_refuses_others(boolean nio) throws Exception {
    serve(files(root.issue("RSA")), nio);
    SSLContext client = Issuer.trusting(root.certificate());

    assertThat(cipher(client, "TLSv1.3", "TLS_AES_256_GCM_SHA384", "TLS_AES_128_GCM_SHA256"))
        .isEqualTo("TLS_AES_128_GCM_SHA256");
    assertThat(
            cipher(
                client,
                "TLSv1.2",
                "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
                "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"))
        .isEqualTo("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    for (String weak :
        List.of("TLS_ECDHE_RSA_WITH_AES_128_CBC_SHA256", "TLS_DHE_RSA_WITH_AES_128_GCM_SHA256")) {
      assertThatThrownBy(() -> cipher(client, "TLSv1.2", weak))
          .as(weak)
          .isInstanceOf(SSLException.class)
          .hasMessageContaining("handshake_failure");
    }
  }

  /** The JDK's clients know these protocols and ciphers no more, OpenSSL's do. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  @Compatibility("8-tls-min-version")
  void old_protocols_and_ciphers_are_refused(boolean nio) throws Exception {
    assumeTrue(hasOpenssl(), "could not run here: there is no openssl");
    serve(files(root.issue("RSA")), nio);

    assertThat(openssl("-tls1_2", "-cipher", "ECDHE:@SECLEVEL=0")).contains("Cipher is ECDHE-RSA");
    assertThat(openssl("-tls1_1", "-cipher", "ALL:@SECLEVEL=0")).contains("Cipher is (NONE)");
    assertThat(openssl("-tls1_2", "-cipher", "kRSA:@SECLEVEL=0")).contains("Cipher is (NONE)");
    assertThat(openssl("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA:@SECLEVEL=0"))
        .contains("Cipher is (NONE)");
  }

  private static boolean hasOpenssl() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator, -1))
        .anyMatch(path -> Files.isExecutable(Path.of(path, "openssl")));
  }

  private String openssl(String... arguments) throws IOException {
    List<String> command = new ArrayList<>(List.of("openssl", "s_client", "-connect"));
    command.add("127.0.0.1:" + server.port());
    command.addAll(List.of(arguments));
    Process process =
        new ProcessBuilder(command)
            .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/null")))
            .redirectErrorStream(true)
            .start();
    return new String(process.getInputStream().readAllBytes(), UTF_8);
  }

  private String cipher(SSLContext client, String protocol, String... suites) throws IOException {
    SSLParameters parameters = client.getDefaultSSLParameters();
    parameters.setProtocols(new String[] {protocol});
    parameters.setCipherSuites(suites);
    return session(client, parameters).getCipherSuite();
  }
}
