package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.runtime.tls.IssuedCertificates;
import io.otelgraft.runtime.tls.UnusableCertificate;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The certificates that the replicas share, in a Secret: whoever comes first issues them, the
 * leader renews them, and all serve what is there.
 */
final class Certificates implements Duty {

  private static final System.Logger LOG = System.getLogger(Certificates.class.getName());

  private final ApiServer server;
  private final String namespace;
  private final String secret;
  private final List<String> names;
  private Consumer<IssuedCertificates> serve = _ -> {};
  private volatile IssuedCertificates current;

  /**
   * @param names that API servers know the webhooks by
   */
  Certificates(ApiServer server, String namespace, String secret, List<String> names) {
    this.server = server;
    this.namespace = namespace;
    this.secret = secret;
    this.names = List.copyOf(names);
  }

  /** Tells of certificates that come into force later. */
  void tell(Consumer<IssuedCertificates> listener) {
    serve = listener;
  }

  /** What was read last. */
  IssuedCertificates current() {
    return current;
  }

  @Override
  public String name() {
    return "certificates";
  }

  /**
   * Reads the Secret, or creates it.
   *
   * @throws RequestFailure if the API server lets it do neither
   */
  @Override
  public void fulfil(boolean leads) {
    try {
      Optional<ObjectNode> found = server.get(ApiResource.SECRETS, namespace, secret);
      IssuedCertificates known = found.isPresent() ? read(found.get()) : null;
      if (known == null) {
        // Where it was deleted, API servers still trust what it held. A Secret that somebody made,
        // perhaps an empty one for us to fill, begins anew.
        known =
            found.isEmpty() && current != null
                ? current.anew(names, Instant.now())
                : IssuedCertificates.issue(names, Instant.now());
        write(found, known);
      } else if (leads) {
        Optional<IssuedCertificates> renewed = known.renewed(names, Instant.now());
        if (renewed.isPresent()) {
          known = renewed.get();
          write(found, known);
        }
      }
      current = known;
      serve.accept(known);
    } catch (UnusableCertificate e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    } catch (RequestFailure e) {
      // Another replica was faster: what it wrote is read the next time, or now if nothing is
      // there.
      if (!e.isConflict()) {
        throw e;
      }
      if (current == null) {
        fulfil(leads);
      }
    }
  }

  /** What a Secret holds; null if that cannot be used, and is to be issued anew. */
  private IssuedCertificates read(ObjectNode found) {
    Map<String, String> entries = new HashMap<>();
    found
        .path("data")
        .properties()
        .forEach(entry ->
            entries.put(
                entry.getKey(),
                new String(
                    Base64.getDecoder().decode(entry.getValue().asText()),
                    StandardCharsets.US_ASCII)));
    if (entries.isEmpty()) {
      return null;
    }
    try {
      return IssuedCertificates.read("Secret " + namespace + "/" + secret, entries, Instant.now());
    } catch (UnusableCertificate e) {
      LOG.log(WARNING, e.getMessage() + "; new certificates are issued in its place");
      return null;
    }
  }

  private void write(Optional<ObjectNode> found, IssuedCertificates issued) {
    ObjectNode object = found.orElseGet(this::empty);
    ObjectNode data = object.putObject("data");
    issued
        .entries()
        .forEach((name, text) ->
            data.put(
                name,
                Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII))));
    if (found.isPresent()) {
      server.replace(ApiResource.SECRETS, object);
    } else {
      server.create(ApiResource.SECRETS, object);
    }
    LOG.log(
        INFO,
        "certificate for %s issued, valid until %s, kept in the Secret %s/%s"
            .formatted(
                String.join(", ", names),
                issued.certificate().getNotAfter().toInstant(),
                namespace,
                secret));
  }

  private ObjectNode empty() {
    ObjectNode object = JsonNodeFactory.instance.objectNode();
    object.put("apiVersion", ApiResource.SECRETS.apiVersion());
    object.put("kind", ApiResource.SECRETS.kind());
    object.putObject("metadata").put("namespace", namespace).put("name", secret);
    return object.put("type", "kubernetes.io/tls");
  }
}
