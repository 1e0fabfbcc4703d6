package io.otelgraft.runtime.settings;

import com.fasterxml.jackson.databind.node.TextNode;
import io.otelgraft.core.resource.Setting;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How an operator configured {@code graft serve}. Immutable. {@link #keys()} lists the same things
 * by their names in files, environment and flags.
 *
 * @param webhook where API servers post their reviews, over HTTPS
 * @param tls the certificates of that
 * @param bounds how much is taken on
 * @param management where health and metrics are, over plain HTTP
 * @param page where the web page is, over plain HTTP; empty for nowhere
 * @param log how it is logged
 * @param telemetryEndpoint where Graft's own traces go, over OTLP
 */
public record ServerSettings(
    Listener webhook,
    TlsFiles tls,
    Bounds bounds,
    Listener management,
    Optional<Listener> page,
    Log log,
    Optional<String> telemetryEndpoint) {

  /**
   * Where to listen.
   *
   * @param address a name or IP address of this machine
   * @param port the port; 0 for any that is free
   */
  public record Listener(String address, int port) {}

  /**
   * Files of certificates and keys, PEM.
   *
   * @param pair the certificate that is served with its key; empty for one that is self-signed at
   *     start
   * @param names what a self-signed certificate is for: names and IP addresses; empty for this
   *     machine's
   * @param clientCa the certificates of which one must have signed that of the client; empty to ask
   *     for none
   * @param clientNames the common names of which a client's certificate must have one; empty for
   *     any
   * @param writeCertificate where a self-signed certificate is written, so that clients can trust
   *     it
   */
  public record TlsFiles(
      Optional<KeyPair> pair,
      List<String> names,
      Optional<Path> clientCa,
      List<String> clientNames,
      Optional<Path> writeCertificate) {
    public TlsFiles {
      names = List.copyOf(names);
      clientNames = List.copyOf(clientNames);
    }
  }

  /**
   * A certificate and its key, PEM.
   *
   * @param certificate the certificate, followed by those between it and the root
   * @param key its private key, not encrypted
   */
  public record KeyPair(Path certificate, Path key) {}

  /**
   * How much is taken on at a time.
   *
   * @param requestLimit the longest body of a request, bytes
   * @param connections how many connections there may be; more have to wait to be accepted
   * @param concurrency how many reviews are answered at the same time
   * @param queue how many more may wait for that
   * @param requestTimeout how long a client may take to send a request, and to take the answer
   * @param drainDelay how long it is served on, and told to go elsewhere, when the server is
   *     terminated
   * @param stopTimeout how long requests that began may take to end when the server stops
   */
  public record Bounds(
      int requestLimit,
      int connections,
      int concurrency,
      int queue,
      Duration requestTimeout,
      Duration drainDelay,
      Duration stopTimeout) {}

  /**
   * How it is logged.
   *
   * @param format as lines for people or as JSON
   * @param level the least that is told
   */
  public record Log(Format format, System.Logger.Level level) {

    /** How a record looks. */
    public enum Format {
      /** A line for people. */
      TEXT("text"),
      /** A JSON object in a line. */
      JSON("json");

      private final String value;

      Format(String value) {
        this.value = value;
      }

      /** How it is written in the settings. */
      public String value() {
        return value;
      }
    }
  }

  private static final int MOST_PORTS = 65_535;

  private static final List<Setting<Builder>> KEYS =
      List.of(
          Setting.text(
              "server.address",
              "Address on which API servers reach the webhooks",
              "0.0.0.0",
              (builder, value) -> builder.address = value),
          Setting.number(
              "server.port",
              "Port of the webhooks, HTTPS; 0 for any that is free",
              "9443",
              0,
              MOST_PORTS,
              (builder, value) -> builder.port = value),
          Setting.text(
              "server.tls.certificate",
              "File of the certificate to serve, PEM, with its chain",
              "one that is self-signed at start",
              (builder, value) -> builder.certificate = Path.of(value)),
          Setting.text(
              "server.tls.key",
              "File of the private key of server.tls.certificate, PEM",
              "",
              (builder, value) -> builder.key = Path.of(value)),
          Setting.list(
              "server.tls.names",
              "Names and IP addresses that a self-signed certificate is for",
              "localhost, 127.0.0.1, ::1 and the name of the host",
              (builder, value) -> builder.names = value),
          Setting.text(
              "server.tls.write-certificate",
              "File to which a self-signed certificate is written, for clients to trust it",
              "",
              (builder, value) -> builder.writeCertificate = Path.of(value)),
          Setting.text(
              "server.tls.client-ca",
              "File of the CA certificates, PEM, of which one must have signed a client's",
              "clients need no certificate",
              (builder, value) -> builder.clientCa = Path.of(value)),
          Setting.list(
              "server.tls.client-names",
              "Common names (CN) of which the subject of a client's certificate must have one, such as"
                  + " that of the API server",
              "any, if server.tls.client-ca signed it",
              (builder, value) -> builder.clientNames = value),
          Setting.size(
              "server.request-limit",
              "The longest body of a request",
              "8Mi",
              (builder, value) -> builder.requestLimit = value),
          Setting.number(
              "server.connections",
              "How many connections there may be; more have to wait",
              "200",
              1,
              100_000,
              (builder, value) -> builder.connections = value),
          Setting.number(
              "server.concurrency",
              "How many reviews are answered at the same time",
              "four for each processor",
              1,
              10_000,
              (builder, value) -> builder.concurrency = value),
          Setting.number(
              "server.queue",
              "How many more reviews may wait; one that comes on top is answered 429",
              "200",
              0,
              100_000,
              (builder, value) -> builder.queue = value),
          Setting.duration(
              "server.request-timeout",
              "How long a client may take to send a request, and to take the answer",
              "10s",
              (builder, value) -> builder.requestTimeout = value),
          Setting.duration(
              "server.drain-delay",
              "How long after SIGTERM it serves on, not ready, until clients have gone elsewhere",
              "5s",
              (builder, value) -> builder.drainDelay = value),
          Setting.duration(
              "server.stop-timeout",
              "How long requests that began may take to end when the server stops",
              "10s",
              (builder, value) -> builder.stopTimeout = value),
          Setting.text(
              "management.address",
              "Address of /livez, /readyz and /metrics",
              "0.0.0.0",
              (builder, value) -> builder.managementAddress = value),
          Setting.number(
              "management.port",
              "Port of /livez, /readyz and /metrics, plain HTTP; 0 for any that is free",
              "8080",
              0,
              MOST_PORTS,
              (builder, value) -> builder.managementPort = value),
          Setting.flag(
              "page.enabled",
              "Whether there is a web page with plugins, resources and the latest decisions",
              "true",
              (builder, value) -> builder.page = value),
          Setting.text(
              "page.address",
              "Address of the web page; what it shows is meant for those who may see pods",
              "127.0.0.1",
              (builder, value) -> builder.pageAddress = value),
          Setting.number(
              "page.port",
              "Port of the web page, plain HTTP; 0 for any that is free",
              "8081",
              0,
              MOST_PORTS,
              (builder, value) -> builder.pagePort = value),
          Setting.choice(
              "log.format",
              "How it is logged",
              "text",
              List.of(Log.Format.values()),
              Log.Format::value,
              (builder, value) -> builder.format = value),
          Setting.choice(
              "log.level",
              "The least that is logged",
              "info",
              List.of(
                  System.Logger.Level.ERROR,
                  System.Logger.Level.WARNING,
                  System.Logger.Level.INFO,
                  System.Logger.Level.DEBUG,
                  System.Logger.Level.TRACE),
              level -> level.name().toLowerCase(Locale.ROOT),
              (builder, value) -> builder.level = value),
          Setting.text(
              "telemetry.endpoint",
              "OTLP endpoint for Graft's own traces",
              "OTEL_EXPORTER_OTLP_ENDPOINT; without it there are no traces",
              (builder, value) -> builder.telemetryEndpoint = value));

  /** The settings of an operator who set nothing. */
  public static ServerSettings standard() {
    return builder().build();
  }

  /** Starts with nothing set. */
  public static Builder builder() {
    return new Builder();
  }

  /** All settings by name, in the order of the documentation. */
  public static List<Setting<Builder>> keys() {
    return KEYS;
  }

  /** Collects settings, by {@link #keys()}. Not thread-safe. */
  public static final class Builder {
    private String address = "0.0.0.0";
    private int port = 9443;
    private Path certificate;
    private Path key;
    private List<String> names = List.of();
    private Path writeCertificate;
    private Path clientCa;
    private List<String> clientNames = List.of();
    private int requestLimit = 8 << 20;
    private int connections = 200;
    private int concurrency = 4 * Runtime.getRuntime().availableProcessors();
    private int queue = 200;
    private Duration requestTimeout = Duration.ofSeconds(10);
    private Duration drainDelay = Duration.ofSeconds(5);
    private Duration stopTimeout = Duration.ofSeconds(10);
    private String managementAddress = "0.0.0.0";
    private int managementPort = 8080;
    private boolean page = true;
    private String pageAddress = "127.0.0.1";
    private int pagePort = 8081;
    private Log.Format format = Log.Format.TEXT;
    private System.Logger.Level level = System.Logger.Level.INFO;
    private String telemetryEndpoint;

    private Builder() {}

    /**
     * Sets one thing by its name.
     *
     * @param name a {@link Setting#name}
     * @param text the value; the items of a list separated by commas
     * @throws IllegalArgumentException if there is no such setting, or the value is not one of its
     *     values; the message says which are
     */
    public Builder set(String name, String text) {
      KEYS.stream()
          .filter(key -> key.name().equals(name))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException("unknown setting " + name))
          .set(this, TextNode.valueOf(text));
      return this;
    }

    /**
     * The settings, with the defaults where nothing was set.
     *
     * @throws IllegalArgumentException if of a certificate and its key only one is named, or names
     *     of clients but no CA that they are believed from
     */
    public ServerSettings build() {
      if ((certificate == null) != (key == null)) {
        throw new IllegalArgumentException(
            "setting %s is set without %s: set both, or none to have a self-signed certificate"
                .formatted(
                    key == null ? "server.tls.certificate" : "server.tls.key",
                    key == null ? "server.tls.key" : "server.tls.certificate"));
      }
      if (!clientNames.isEmpty() && clientCa == null) {
        throw new IllegalArgumentException(
            "setting server.tls.client-names is set without server.tls.client-ca, so that clients show"
                + " no certificate: set both, or neither to let all clients in");
      }
      return new ServerSettings(
          new Listener(address, port),
          new TlsFiles(
              Optional.ofNullable(certificate).map(file -> new KeyPair(file, key)),
              names,
              Optional.ofNullable(clientCa),
              clientNames,
              Optional.ofNullable(writeCertificate)),
          new Bounds(
              requestLimit,
              connections,
              concurrency,
              queue,
              requestTimeout,
              drainDelay,
              stopTimeout),
          new Listener(managementAddress, managementPort),
          page ? Optional.of(new Listener(pageAddress, pagePort)) : Optional.empty(),
          new Log(format, level),
          Optional.ofNullable(telemetryEndpoint));
    }
  }
}
