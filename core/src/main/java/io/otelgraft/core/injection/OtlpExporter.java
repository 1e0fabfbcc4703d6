package io.otelgraft.core.injection;

import io.otelgraft.core.injection.GivenEnv.Given;
import io.otelgraft.core.injection.Proposal.Placement;
import io.otelgraft.core.resource.EnvVar;
import io.otelgraft.core.resource.ImageName;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.Instrumentation.Tls;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.Protocol;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Where a container sends its telemetry, and how.
 *
 * <p>The agents disagree on the protocol that they take by themselves, so it is always said, unless
 * the settings leave it to them. It is, in this order: what pod or resource set as {@code
 * OTEL_EXPORTER_OTLP_PROTOCOL}; the resource's {@code exporter.protocol}; that of the port of the
 * endpoint that counts (4317 gRPC, 4318 HTTP); the configured one; {@code http/protobuf}, which the
 * OpenTelemetry specification recommends. An endpoint that comes from an env entry is not the one
 * that {@code exporter.protocol} speaks of: there the port goes first; if it cannot be seen,
 * nothing is said but what the resource or the settings say.
 *
 * <p>An agent that lacks the protocol gets the one that it has, on that one's port if the endpoint
 * is the resource's or the configured one. Only a custom image with an explicit {@code
 * exporter.protocol} is believed to speak more than the default image.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter
 *     configuration</a>
 */
final class OtlpExporter {
  static final String ENDPOINT = "OTEL_EXPORTER_OTLP_ENDPOINT";
  static final String PROTOCOL = "OTEL_EXPORTER_OTLP_PROTOCOL";

  private static final List<String> SIGNALS = List.of("TRACES", "METRICS", "LOGS");
  private static final String ENDPOINT_RULE = "send to the endpoint";
  private static final String PROTOCOL_RULE = "say the protocol";
  private static final String TLS_RULE = "secure the connection";

  private final GivenEnv env;
  private final List<Language> languages;
  private final Instrumentation instrumentation;
  private final Settings settings;
  private final List<Proposal> proposals = new ArrayList<>(5);
  private final List<Note> notes = new ArrayList<>(0);
  private final List<CertificateMount> certificates = new ArrayList<>(0);
  private String endpoint = "";

  private OtlpExporter(
      GivenEnv env,
      List<Language> languages,
      Instrumentation instrumentation,
      Settings settings,
      PodVariables variables) {
    this.env = env;
    this.languages = languages;
    this.instrumentation = instrumentation;
    this.settings = settings;
    connect(variables);
    instrumentation.exporter().tls().ifPresent(this::secure);
  }

  static OtlpExporter of(
      GivenEnv env,
      List<Language> languages,
      Instrumentation instrumentation,
      Settings settings,
      PodVariables variables) {
    return new OtlpExporter(env, languages, instrumentation, settings, variables);
  }

  /** The endpoint that counts; the empty string if none is set. */
  String endpoint() {
    return endpoint;
  }

  List<Proposal> proposals() {
    return proposals;
  }

  List<Note> notes() {
    return notes;
  }

  List<CertificateMount> certificates() {
    return certificates;
  }

  private String field(String name) {
    return "spec.exporter." + name + " of " + instrumentation.reference();
  }

  private void propose(String name, Sourced value, String rule) {
    proposals.add(
        new Proposal(
            EnvVar.of(name, value.value()),
            Rank.TELEMETRY,
            rule,
            value.source(),
            Placement.IF_ABSENT));
  }

  private void connect(PodVariables variables) {
    Optional<Given> given = env.find(ENDPOINT);
    if (given.isPresent()) {
      endpoint = given.get().literal().orElse("$(" + ENDPOINT + ")");
      sayProtocol(wantedFor(given.get()), endpoint);
      return;
    }
    Optional<Sourced> ofResource =
        instrumentation
            .exporter()
            .endpoint()
            .flatMap(text -> variables.resolve(text, field("endpoint")))
            .map(text -> new Sourced(text, field("endpoint")));
    Optional<Sourced> own = ofResource.or(() -> configuredEndpoint(variables));
    if (own.isEmpty()) {
      sayProtocol(explicit().or(this::usual), "");
      return;
    }
    String asked = own.get().value();
    Optional<Sourced> wanted =
        (ofResource.isPresent() ? ofResourceField() : explicit())
            .or(() -> conventional(asked).map(protocol -> byPort(protocol, asked)))
            .or(this::explicit)
            .or(this::usual);
    Optional<Protocol> only = sayProtocol(wanted, asked);
    endpoint =
        only.filter(protocol -> isMoved(asked, protocol))
            .map(protocol -> onPortOf(protocol, asked))
            .orElse(asked);
    propose(ENDPOINT, new Sourced(endpoint, own.get().source()), ENDPOINT_RULE);
  }

  private Optional<Sourced> configuredEndpoint(PodVariables variables) {
    return settings
        .defaults()
        .endpoint()
        .flatMap(text -> variables.resolve(text, "setting defaults.endpoint"))
        .map(text -> new Sourced(text, "setting defaults.endpoint"))
        .or(() ->
            env.configured(ENDPOINT)
                .flatMap(given -> given.literal().map(text -> sourced(text, given))));
  }

  private static Sourced sourced(String text, Given given) {
    return new Sourced(text, given.source());
  }

  /** The protocol for an endpoint of an env entry; empty if nobody says and it cannot be seen. */
  private Optional<Sourced> wantedFor(Given given) {
    if (given.literal().isEmpty()) {
      return explicit();
    }
    return conventional(given.literal().get())
        .map(protocol -> byPort(protocol, given.literal().get()))
        .or(this::explicit)
        .or(this::usual);
  }

  private Optional<Sourced> ofResourceField() {
    return instrumentation
        .exporter()
        .protocol()
        .map(protocol -> new Sourced(protocol.value(), field("protocol")));
  }

  /** What somebody set in so many words. */
  private Optional<Sourced> explicit() {
    return ofResourceField()
        .or(() ->
            settings
                .defaults()
                .protocol()
                .map(protocol -> new Sourced(protocol.value(), "setting defaults.protocol")))
        .or(() ->
            env.configured(PROTOCOL)
                .flatMap(given -> given.literal().map(text -> sourced(text, given))));
  }

  private Optional<Sourced> usual() {
    return Optional.of(
        new Sourced(Protocol.HTTP_PROTOBUF.value(), "default of the OpenTelemetry specification"));
  }

  private static Sourced byPort(Protocol protocol, String endpoint) {
    return new Sourced(protocol.value(), "port of " + endpoint);
  }

  /**
   * Proposes the protocol for an endpoint, and those of signals that go elsewhere.
   *
   * @return the protocol that agents without another one use, whose port the endpoint should have
   */
  private Optional<Protocol> sayProtocol(Optional<Sourced> wanted, String to) {
    Optional<Given> given = env.find(PROTOCOL);
    if (given.isPresent()) {
      Optional<Protocol> only =
          given.flatMap(Given::literal).flatMap(OtlpExporter::protocol).flatMap(this::onlyOne);
      only.filter(protocol -> isMoved(to, protocol))
          .ifPresent(protocol -> notes.add(moved(protocol, given.get().source())));
      return only;
    }
    if (!settings.explicitProtocol()) {
      explicit().ifPresent(value -> propose(PROTOCOL, value, PROTOCOL_RULE));
      return Optional.empty();
    }
    Optional<Sourced> value = wanted.or(this::onlySpoken);
    if (value.isEmpty()) {
      return Optional.empty();
    }
    String source = value.get().source();
    Optional<Protocol> protocol = protocol(value.get().value());
    Optional<Protocol> lacking = protocol.map(OtlpExporter::other).flatMap(this::onlyOne);
    if (lacking.isEmpty()) {
      propose(PROTOCOL, value.get(), PROTOCOL_RULE);
    } else if (isBelieved(protocol.get())) {
      propose(PROTOCOL, value.get(), PROTOCOL_RULE);
      notes.add(unverified(protocol.get(), source));
      lacking = Optional.empty();
    } else {
      propose(PROTOCOL, new Sourced(lacking.get().value(), source), PROTOCOL_RULE);
      notes.add(changed(protocol.get(), lacking.get(), source, to));
    }
    sayProtocolOfSignals(lacking.or(() -> protocol));
    return lacking;
  }

  /** The protocol given, if an agent of the container speaks it and not the other. */
  private Optional<Protocol> onlyOne(Protocol protocol) {
    Set<Protocol> spoken = spoken();
    return spoken.contains(protocol) && !spoken.contains(other(protocol))
        ? Optional.of(protocol)
        : Optional.empty();
  }

  private Optional<Sourced> onlySpoken() {
    Set<Protocol> spoken = spoken();
    return spoken.size() == 1
        ? Optional.of(
            new Sourced(spoken.iterator().next().value(), "what the default agent image speaks"))
        : Optional.empty();
  }

  /** An endpoint on the port of the other protocol, moved to that of the one given. */
  private static String onPortOf(Protocol protocol, String endpoint) {
    int at = portAt(endpoint);
    return endpoint.substring(0, at)
        + port(protocol)
        + endpoint.substring(at + port(other(protocol)).length());
  }

  /**
   * A signal with an endpoint of its own would take the common protocol, which need not be that of
   * its endpoint's port.
   */
  private void sayProtocolOfSignals(Optional<Protocol> common) {
    for (String signal : SIGNALS) {
      Optional<Given> own = env.find("OTEL_EXPORTER_OTLP_" + signal + "_ENDPOINT");
      if (own.isEmpty()) {
        continue;
      }
      String name = "OTEL_EXPORTER_OTLP_" + signal + "_PROTOCOL";
      own.flatMap(Given::literal)
          .flatMap(OtlpExporter::conventional)
          .filter(protocol -> !common.equals(Optional.of(protocol)))
          .filter(protocol -> spoken().contains(protocol))
          .filter(protocol -> env.find(name).isEmpty())
          .ifPresent(protocol ->
              propose(name, byPort(protocol, own.get().literal().orElse("")), PROTOCOL_RULE));
    }
  }

  /** The protocols that every agent of the container speaks in its default image. */
  private Set<Protocol> spoken() {
    Set<Protocol> spoken = EnumSet.allOf(Protocol.class);
    for (Language language : languages) {
      spoken.retainAll(language.protocols());
    }
    return spoken;
  }

  /** Whether each agent that lacks a protocol by default has a custom image that may speak it. */
  private boolean isBelieved(Protocol protocol) {
    if (explicit().flatMap(value -> protocol(value.value())).stream().noneMatch(protocol::equals)) {
      return false;
    }
    for (Language language : languages) {
      if (!language.protocols().contains(protocol) && !hasCustomImage(language)) {
        return false;
      }
    }
    return true;
  }

  private boolean hasCustomImage(Language language) {
    return instrumentation
        .section(language.id())
        .flatMap(section -> section.agentImage())
        .map(image -> ImageName.of(image.name()).repository())
        .filter(repository -> !language.imageRepository().equals(Optional.of(repository)))
        .isPresent();
  }

  private String agentsWithout(Protocol protocol) {
    List<String> titles = new ArrayList<>(1);
    boolean byDefault = false;
    for (Language language : languages) {
      if (!language.protocols().contains(protocol)) {
        titles.add(language.title());
        byDefault |= language.imageRepository().isPresent();
      }
    }
    return (byDefault ? "the default agent image of " : "the agent of ")
        + String.join(" and ", titles);
  }

  private Note unverified(Protocol protocol, String source) {
    return new Note(
        Note.PROTOCOL_UNVERIFIED,
        false,
        source
            + " says "
            + protocol.value()
            + ", which "
            + agentsWithout(protocol)
            + " does not speak",
        "make sure that the image used does");
  }

  private Note changed(Protocol wanted, Protocol fallback, String source, String to) {
    boolean moves = env.find(ENDPOINT).isEmpty() && conventional(to).equals(Optional.of(wanted));
    String message =
        source
            + " asks for "
            + wanted.value()
            + ", which "
            + agentsWithout(wanted)
            + " does not speak: "
            + fallback.value()
            + " is used"
            + (moves ? " on port " + port(fallback) + " of the same host" : "");
    String fix =
        moves
            ? "have the collector listen there, or use an image that speaks "
                + wanted.value()
                + " and set exporter.protocol"
            : "give an endpoint that takes " + fallback.value();
    return new Note(Note.PROTOCOL_CHANGED, true, message, fix);
  }

  private Note moved(Protocol protocol, String source) {
    String message =
        source
            + " says "
            + protocol.value()
            + ", and "
            + agentsWithout(other(protocol))
            + " speaks nothing else: it is used on port "
            + port(protocol)
            + " of the same host";
    return new Note(Note.PROTOCOL_CHANGED, true, message, "have the collector listen there");
  }

  /** Whether an endpoint is the resource's or the configured one, on the port of the other. */
  private boolean isMoved(String endpoint, Protocol to) {
    return settings.explicitProtocol()
        && env.find(ENDPOINT).isEmpty()
        && conventional(endpoint).equals(Optional.of(other(to)));
  }

  private static Optional<Protocol> protocol(String value) {
    for (Protocol protocol : Protocol.values()) {
      if (protocol.value().equals(value)) {
        return Optional.of(protocol);
      }
    }
    return Optional.empty();
  }

  private static Protocol other(Protocol protocol) {
    return protocol == Protocol.GRPC ? Protocol.HTTP_PROTOBUF : Protocol.GRPC;
  }

  private static String port(Protocol protocol) {
    return switch (protocol) {
      case GRPC -> "4317";
      case HTTP_PROTOBUF -> "4318";
    };
  }

  /** The protocol that an endpoint's port stands for by convention. */
  private static Optional<Protocol> conventional(String endpoint) {
    int at = portAt(endpoint);
    if (at >= 0) {
      for (Protocol protocol : Protocol.values()) {
        String port = port(protocol);
        if (endpoint.startsWith(port, at)
            && (at + port.length() == endpoint.length()
                || !Character.isLetterOrDigit(endpoint.charAt(at + port.length())))) {
          return Optional.of(protocol);
        }
      }
    }
    return Optional.empty();
  }

  /** Where the port of a URL, or of a host with a port, begins; -1 if it has none. */
  private static int portAt(String endpoint) {
    int scheme = endpoint.indexOf("://");
    int start = scheme < 0 ? 0 : scheme + 3;
    int end = start;
    while (end < endpoint.length() && "/?#".indexOf(endpoint.charAt(end)) < 0) {
      end++;
    }
    int colon = endpoint.lastIndexOf(':', end - 1);
    int bracket = endpoint.lastIndexOf(']', end - 1);
    return colon >= start && colon > bracket && colon + 1 < end ? colon + 1 : -1;
  }

  private void secure(Tls tls) {
    String source = "spec.exporter.tls of " + instrumentation.reference();
    Optional<CertificateMount> secret =
        tls.secretName()
            .map(name -> CertificateMount.of(CertificateMount.Kind.SECRET, name, source));
    Optional<CertificateMount> configMap =
        tls.configMapName()
            .map(name -> CertificateMount.of(CertificateMount.Kind.CONFIG_MAP, name, source));
    secret.ifPresent(certificates::add);
    configMap.ifPresent(certificates::add);
    certificates.forEach(this::tellOfWaiting);
    proposeFile("OTEL_EXPORTER_OTLP_CERTIFICATE", tls.caFile(), configMap.or(() -> secret), source);
    proposeFile("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", tls.certFile(), secret, source);
    proposeFile("OTEL_EXPORTER_OTLP_CLIENT_KEY", tls.keyFile(), secret, source);
  }

  /** Whether it is there nobody sees who may not read Secrets: Graft does without that right. */
  private void tellOfWaiting(CertificateMount mount) {
    notes.add(
        new Note(
            Note.CERTIFICATES_AWAITED,
            false,
            "the pod stays in ContainerCreating until there is %s %s in its namespace, which %s names; whether there is, Graft does not look"
                .formatted(mount.kind().title(), mount.object(), mount.source()),
            ""));
  }

  private void proposeFile(
      String name, Optional<String> file, Optional<CertificateMount> mount, String source) {
    if (file.isPresent()) {
      boolean absolute = file.get().startsWith("/");
      String path =
          absolute || mount.isEmpty() ? file.get() : mount.get().path() + "/" + file.get();
      propose(name, new Sourced(path, source), TLS_RULE);
    }
  }
}
