package io.otelgraft.core.resource;

import io.otelgraft.spi.Protocol;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks an OTLP endpoint.
 *
 * @see <a href="https://opentelemetry.io/docs/specs/otel/protocol/exporter/">OTLP exporter
 *     configuration</a>
 */
final class Endpoint {

  /** What Graft puts before everything else into the env of a container. */
  private static final Set<String> ALWAYS_THERE = Set.of("OTEL_NODE_IP", "OTEL_POD_IP");

  /** A reference that the kubelet expands, or one that is escaped and therefore text. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^()$]+)\\)");

  private static final Pattern SIGNAL_PATH = Pattern.compile("/v1/(traces|metrics|logs)/?");

  /** What stands before the @ of a URL: never repeated in a message, which many may read. */
  private static final Pattern CREDENTIALS = Pattern.compile("(?<=://)[^/?#]*@");

  private final String text;
  private final FieldPath at;
  private final Findings findings;

  private Endpoint(String text, FieldPath at, Findings findings) {
    this.text = text;
    this.at = at;
    this.findings = findings;
  }

  /**
   * Checks one endpoint.
   *
   * @param protocol the protocol that is said for it, if any
   * @param env the names of the variables that the resource sets, which it may refer to
   */
  static void check(
      String text,
      FieldPath at,
      Optional<Protocol> protocol,
      boolean protocolMatters,
      Set<String> env,
      Findings findings) {
    Endpoint endpoint = new Endpoint(text, at, findings);
    VariableCheck.check(text, at, findings);
    endpoint.references(env);
    endpoint.url().ifPresent(url -> endpoint.url(url, protocol, protocolMatters));
  }

  /** Whether the connection is encrypted. */
  static boolean isSecure(String text) {
    return text.regionMatches(true, 0, "https://", 0, "https://".length());
  }

  private void references(Set<String> env) {
    Matcher reference = REFERENCE.matcher(text);
    while (reference.find()) {
      String name = reference.group(1);
      if (name != null && !ALWAYS_THERE.contains(name) && !env.contains(name)) {
        findings.warning(
            at,
            "%s refers to $(%s), which neither Graft nor this resource sets".formatted(at, name),
            NearestName.of(name, ALWAYS_THERE).map(near -> "write $(" + near + "), or ").orElse("")
                + "set it in spec.env, or make sure that every container has it in its own env");
      }
    }
  }

  /** The URL with something plausible in place of what is filled in later. */
  private Optional<URI> url() {
    StringBuilder filled = new StringBuilder();
    for (Variables.Part part : Variables.parse(text)) {
      filled.append(
          switch (part) {
            case Variables.Text literal -> literal.text();
            case Variables.Reference _ -> "1";
          });
    }
    String url = REFERENCE.matcher(filled).replaceAll("1");
    try {
      return Optional.of(new URI(url));
    } catch (URISyntaxException broken) {
      error(
          "is no URL: "
              + broken.getReason().toLowerCase(Locale.ROOT)
              + " at character "
              + (broken.getIndex() + 1));
      return Optional.empty();
    }
  }

  private void url(URI url, Optional<Protocol> protocol, boolean protocolMatters) {
    if (!text.contains("://")) {
      warning("has no scheme, and not every agent guesses one", "write http://" + text);
      return;
    }
    if (url.getScheme() == null) {
      error("has no scheme before ://");
      return;
    }
    if (!url.getScheme().equalsIgnoreCase("http") && !url.getScheme().equalsIgnoreCase("https")) {
      warning(
          "has the scheme %s, which not every agent knows".formatted(url.getScheme()),
          "write http:// or https://");
      return;
    }
    HostAndPort authority = HostAndPort.of(url);
    if (authority.host.isEmpty()) {
      error("has no host");
      return;
    }
    if (authority.port.isPresent() && authority.number() < 0) {
      error(
          "has the port \"%s\", which is not a number from 1 to 65535"
              .formatted(authority.port.get()));
      return;
    }
    if (url.getUserInfo() != null) {
      warning(
          "holds credentials, which everybody who may read the pod can read",
          "set OTEL_EXPORTER_OTLP_HEADERS from a Secret in spec.env");
    }
    if (url.getPath() != null && SIGNAL_PATH.matcher(url.getPath()).matches()) {
      warning(
          "ends in %s, which SDKs append by themselves".formatted(url.getPath()),
          "remove the path");
    }
    protocol(authority, protocol, protocolMatters);
  }

  private void protocol(HostAndPort authority, Optional<Protocol> protocol, boolean matters) {
    Optional<Protocol> usual =
        switch (authority.number()) {
          case 4317 -> Optional.of(Protocol.GRPC);
          case 4318 -> Optional.of(Protocol.HTTP_PROTOBUF);
          default -> Optional.empty();
        };
    if (protocol.isPresent() && usual.isPresent() && !protocol.equals(usual)) {
      findings.warning(
          at,
          "%s has port %d, by convention that of %s, but the protocol is %s"
              .formatted(at, authority.number(), usual.get().value(), protocol.get().value()),
          "make sure that the collector listens for %s there".formatted(protocol.get().value()));
    } else if (protocol.isEmpty() && usual.isEmpty() && matters) {
      warning(
          "does not tell the protocol by its port: 4317 would be grpc, 4318 http/protobuf",
          "set exporter.protocol");
    }
  }

  private void error(String what) {
    findings.error(at, shown() + what, "write a URL such as http://otel-collector:4317");
  }

  private void warning(String what, String fix) {
    findings.warning(at, shown() + what, fix);
  }

  private String shown() {
    return at + " \"" + CREDENTIALS.matcher(text).replaceFirst("***@") + "\" ";
  }

  /** {@link URI#getHost} is null for hosts with underscores, which cluster DNS does resolve. */
  private record HostAndPort(String host, Optional<String> port) {

    static HostAndPort of(URI url) {
      String authority = url.getRawAuthority() == null ? "" : url.getRawAuthority();
      String server = authority.substring(authority.indexOf('@') + 1);
      int colon = server.lastIndexOf(':');
      return colon <= server.lastIndexOf(']')
          ? new HostAndPort(server, Optional.empty())
          : new HostAndPort(server.substring(0, colon), Optional.of(server.substring(colon + 1)));
    }

    /** The port; 0 if none is written, -1 if what is written is no port. */
    int number() {
      if (port.isEmpty()) {
        return 0;
      }
      String digits = port.get();
      boolean number =
          digits.length() <= 5
              && !digits.isEmpty()
              && digits.chars().allMatch(c -> c >= '0' && c <= '9');
      int value = number ? Integer.parseInt(digits) : -1;
      return value >= 1 && value <= 65535 ? value : -1;
    }
  }
}
