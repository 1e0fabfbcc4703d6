package io.otelgraft.runtime.tls;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.helidon.common.tls.Tls;
import io.otelgraft.runtime.settings.ServerSettings.KeyPair;
import io.otelgraft.runtime.settings.ServerSettings.TlsFiles;
import io.otelgraft.runtime.watch.FileWatch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/**
 * The server's TLS: its certificate, from files or self-signed, and the clients' that it takes.
 *
 * <p>Files that change come into force for the connections that begin afterwards; those that there
 * are go on. If the new ones cannot be used, the old stay in force, and it is said why. A
 * self-signed certificate is renewed after two thirds of its time.
 *
 * <p>TLS 1.3 and 1.2, with forward secrecy and authenticated encryption only. Thread-safe.
 */
public final class ServingTls implements AutoCloseable {

  private static final System.Logger LOG = System.getLogger(ServingTls.class.getName());

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};

  /** In the server's order: what hardware speeds up first. */
  private static final List<String> CIPHER_SUITES =
      List.of(
          "TLS_AES_128_GCM_SHA256",
          "TLS_AES_256_GCM_SHA384",
          "TLS_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
          "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384",
          "TLS_ECDHE_ECDSA_WITH_CHACHA20_POLY1305_SHA256",
          "TLS_ECDHE_RSA_WITH_CHACHA20_POLY1305_SHA256");

  private static final Duration SELF_SIGNED_VALIDITY = Duration.ofDays(90);

  /** Time goes by while a machine sleeps, so the clock is read now and then. */
  private static final Duration LONGEST_SLEEP = Duration.ofMinutes(10);

  private final TlsFiles files;
  private final Tls tls;

  /** Issues the certificate if there is none in files; else null. */
  private final Authority authority;

  private final Duration selfSignedValidity;
  private final Thread renewal;
  private volatile State state;
  private volatile String refused = "";

  /**
   * What is in force.
   *
   * @param texts what stood in the files that it was made of
   */
  private record State(
      Map<Path, String> texts,
      Identity identity,
      List<X509Certificate> trusted,
      SSLContext context) {}

  private ServingTls(
      TlsFiles files, Authority authority, Duration selfSignedValidity, Identity given)
      throws UnusableCertificate {
    this.files = files;
    this.selfSignedValidity = selfSignedValidity;
    this.authority = authority;
    this.state = loaded(texts(), given);
    SSLParameters parameters = parameters(state.context, files.clientCa().isPresent());
    this.tls =
        Tls.builder()
            .sslContext(new ReloadableContext(() -> state.context, parameters))
            .sslParameters(parameters)
            .build();
    this.renewal = Thread.ofVirtual().name("certificate-renewal").unstarted(this::renewInTime);
  }

  /**
   * Reads or makes the certificate, and follows the files from now on.
   *
   * @throws UnusableCertificate if the files cannot be used
   */
  public static ServingTls follow(FileWatch watch, TlsFiles files) throws UnusableCertificate {
    return follow(watch, files, SELF_SIGNED_VALIDITY);
  }

  static ServingTls follow(FileWatch watch, TlsFiles files, Duration selfSignedValidity)
      throws UnusableCertificate {
    Authority authority = files.pair().isPresent() ? null : new Authority(Instant.now());
    ServingTls serving = new ServingTls(files, authority, selfSignedValidity, null);
    if (authority != null) {
      if (files.writeCertificate().isPresent()) {
        authority.write(files.writeCertificate().get());
      }
      serving.renewal.start();
    }
    return serving.following(watch);
  }

  /**
   * Serves what somebody else keeps and renews, and follows the file of the clients' CA.
   *
   * @param files that name no certificate to serve
   * @throws UnusableCertificate if the files cannot be used
   */
  public static ServingTls of(FileWatch watch, TlsFiles files, IssuedCertificates issued)
      throws UnusableCertificate {
    return new ServingTls(files, null, SELF_SIGNED_VALIDITY, issued.served()).following(watch);
  }

  private ServingTls following(FileWatch watch) {
    LOG.log(INFO, described());
    List<Path> paths = paths();
    if (!paths.isEmpty()) {
      watch.watch("certificates", () -> paths, this::reload);
      // Something may have changed since they were read.
      reload();
    }
    return this;
  }

  /** Brings another certificate into force, for the connections that begin from now on. */
  public synchronized void serve(IssuedCertificates issued) {
    Identity next = issued.served();
    if (!next.equals(state.identity)) {
      state = new State(state.texts, next, state.trusted, context(next, state.trusted));
      LOG.log(INFO, described());
    }
  }

  /** What the server's listener takes. */
  public Tls tls() {
    return tls;
  }

  /** The certificate in force. */
  public X509Certificate certificate() {
    return state.identity.chain().getFirst();
  }

  private Instant notAfter() {
    return certificate().getNotAfter().toInstant();
  }

  /** Why the files as they are now are not in force; empty if they are. */
  public Optional<String> refused() {
    return Optional.of(refused).filter(reason -> !reason.isEmpty());
  }

  /** Ends the renewal; the certificate in force stays so. */
  @Override
  public void close() {
    renewal.interrupt();
  }

  private List<Path> paths() {
    return Stream.concat(
            files.pair().stream().flatMap(pair -> Stream.of(pair.certificate(), pair.key())),
            files.clientCa().stream())
        .toList();
  }

  /** Brings files into force that have changed; gives whether they are. */
  private synchronized boolean reload() {
    try {
      Map<Path, String> texts = texts();
      if (!texts.equals(state.texts)) {
        state = loaded(texts, state.identity);
        LOG.log(INFO, described());
      }
      refused = "";
    } catch (UnusableCertificate e) {
      if (!e.getMessage().equals(refused)) {
        refused = e.getMessage();
        LOG.log(WARNING, refused + ". The certificate before stays in force, until " + notAfter());
      }
    }
    return refused.isEmpty();
  }

  private Map<Path, String> texts() throws UnusableCertificate {
    Map<Path, String> texts = new LinkedHashMap<>();
    for (Path path : paths()) {
      texts.put(path, text(path));
    }
    return texts;
  }

  /**
   * Makes of files what is to be in force.
   *
   * @param given what is served unless files name it; null to issue it
   */
  private State loaded(Map<Path, String> texts, Identity given) throws UnusableCertificate {
    List<X509Certificate> trusted =
        files.clientCa().isPresent()
            ? pem(files.clientCa().get(), texts).certificates()
            : List.of();
    Identity identity;
    if (files.pair().isPresent()) {
      KeyPair pair = files.pair().get();
      identity = Identity.of(pem(pair.certificate(), texts), pem(pair.key(), texts), Instant.now());
    } else {
      identity = given == null ? issued() : given;
    }
    return new State(texts, identity, trusted, context(identity, trusted));
  }

  private Identity issued() throws UnusableCertificate {
    return authority.issue(names(), Instant.now(), selfSignedValidity);
  }

  private List<String> names() {
    if (!files.names().isEmpty()) {
      return files.names();
    }
    List<String> names = new ArrayList<>(List.of("localhost", "127.0.0.1", "::1"));
    hostName().filter(name -> !names.contains(name)).ifPresent(names::add);
    return names;
  }

  /** The name of this machine; without asking a name server, which may not answer. */
  private static Optional<String> hostName() {
    try {
      return Optional.of(Files.readString(Path.of("/proc/sys/kernel/hostname")).strip())
          .filter(Authority::isDnsName);
    } catch (IOException e) {
      return Optional.ofNullable(System.getenv("COMPUTERNAME")).filter(Authority::isDnsName);
    }
  }

  private void renewInTime() {
    try {
      while (true) {
        Duration left = Duration.between(Instant.now(), notAfter());
        Duration rest = left.minus(selfSignedValidity.dividedBy(3));
        if (rest.isPositive()) {
          Thread.sleep(rest.compareTo(LONGEST_SLEEP) < 0 ? rest : LONGEST_SLEEP);
        } else {
          renew();
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    } catch (UnusableCertificate e) {
      throw new IllegalStateException("a certificate of these names was issued before", e);
    }
  }

  private synchronized void renew() throws UnusableCertificate {
    Identity renewed = issued();
    state = new State(state.texts, renewed, state.trusted, context(renewed, state.trusted));
    LOG.log(INFO, described());
  }

  private String described() {
    String subject = certificate().getSubjectX500Principal().getName();
    String whence =
        files
            .pair()
            .map(pair -> "certificate " + subject + " of " + pair.certificate())
            .orElseGet(() ->
                authority == null
                    ? "certificate " + subject + " of Graft's own authority"
                    : "self-signed certificate for " + String.join(", ", names()));
    return whence
        + ", valid until "
        + notAfter()
        + files.clientCa().map(ca -> "; clients need one of a CA in " + ca).orElse("")
        + (files.clientNames().isEmpty()
            ? ""
            : " and of CN=" + String.join(" or ", files.clientNames()));
  }

  static String text(Path path) throws UnusableCertificate {
    try {
      // One character for each byte: what is not ASCII stands between the blocks.
      return Files.readString(path, StandardCharsets.ISO_8859_1);
    } catch (NoSuchFileException e) {
      throw new UnusableCertificate(
          path + ": there is no such file; name another, or put it there");
    } catch (AccessDeniedException e) {
      throw new UnusableCertificate(
          path + ": may not be read by this user; change its permissions");
    } catch (IOException e) {
      throw new UnusableCertificate(path + ": cannot be read: " + e);
    }
  }

  private static Pem pem(Path path, Map<Path, String> texts) throws UnusableCertificate {
    return Pem.read(path.toString(), texts.get(path));
  }

  private static SSLParameters parameters(SSLContext context, boolean needClientAuth) {
    Set<String> supported = Set.of(context.getSupportedSSLParameters().getCipherSuites());
    SSLParameters parameters = new SSLParameters();
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(
        CIPHER_SUITES.stream().filter(supported::contains).toArray(String[]::new));
    parameters.setUseCipherSuitesOrder(true);
    parameters.setNeedClientAuth(needClientAuth);
    // It counts who signed; whether a client may ask is for its requests to find out.
    parameters.setEndpointIdentificationAlgorithm("");
    return parameters;
  }

  private static SSLContext context(Identity identity, List<X509Certificate> trusted) {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(keyManagers(identity), trustManagers(trusted), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("keys and certificates that were read make a context", e);
    }
  }

  private static KeyManager[] keyManagers(Identity identity)
      throws GeneralSecurityException, IOException {
    char[] password = new char[0];
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "server", identity.key(), password, identity.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, password);
    return factory.getKeyManagers();
  }

  static TrustManager[] trustManagers(List<X509Certificate> trusted)
      throws GeneralSecurityException, IOException {
    if (trusted.isEmpty()) {
      return new TrustManager[0];
    }
    KeyStore store = emptyStore();
    for (int i = 0; i < trusted.size(); i++) {
      store.setCertificateEntry("ca-" + i, trusted.get(i));
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }
}
