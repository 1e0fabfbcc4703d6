package io.otelgraft.runtime.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.openssl.jcajce.JcaPKCS8Generator;

/**
 * A certificate that Graft issued for its server, and the authority that signed it, in the form in
 * which the replicas share it: the entries of a Secret.
 *
 * <p>The certificate is renewed after two thirds of its 90 days; the authority after nine tenths of
 * its ten years. Whoever trusts the old authority is given the new one beside it first, and only
 * some minutes later the new one signs what is served. Immutable.
 */
public final class IssuedCertificates {

  /**
   * The entry of a Secret with the served certificate and its chain, as in {@code
   * kubernetes.io/tls}.
   */
  public static final String CERTIFICATE = "tls.crt";

  /** The entry with the key of the served certificate. */
  public static final String KEY = "tls.key";

  /** The entry with the certificates that clients are to trust, the newest first. */
  public static final String TRUSTED = "ca.crt";

  /** The entry with the key of the newest authority. */
  public static final String AUTHORITY_KEY = "ca.key";

  private static final Duration VALIDITY = Duration.ofDays(90);

  /** How long the clients have to hear of a new authority before it signs what they see. */
  private static final Duration HEARD = Duration.ofMinutes(5);

  private final Authority authority;
  private final List<X509Certificate> trusted;
  private final Identity served;

  private IssuedCertificates(Authority authority, List<X509Certificate> trusted, Identity served) {
    this.authority = authority;
    this.trusted = List.copyOf(trusted);
    this.served = served;
  }

  /** By another authority from now on, which is trusted beside those before it. */
  private IssuedCertificates(
      Authority next, List<X509Certificate> before, Identity served, Instant now) {
    this(
        next,
        Stream.concat(
                Stream.of(next.certificate()),
                before.stream().filter(one -> !isPast(one, now, 1, 1)))
            .toList(),
        served);
  }

  /**
   * Issues a certificate by a new authority.
   *
   * @param names the DNS names and IP addresses that clients know the server by
   * @throws UnusableCertificate if one is neither
   */
  public static IssuedCertificates issue(List<String> names, Instant now)
      throws UnusableCertificate {
    Authority authority = new Authority(now);
    return new IssuedCertificates(
        authority, List.of(authority.certificate()), authority.issue(names, now, VALIDITY));
  }

  /**
   * Reads what was kept.
   *
   * @param where what to call it in messages
   * @param entries by name
   * @throws UnusableCertificate if an entry is missing or is not what it should be, or the served
   *     certificate has expired
   */
  public static IssuedCertificates read(String where, Map<String, String> entries, Instant now)
      throws UnusableCertificate {
    List<X509Certificate> trusted = pem(where, entries, TRUSTED).certificates();
    X509Certificate newest = trusted.getFirst();
    PrivateKey key = pem(where, entries, AUTHORITY_KEY).key(newest.getPublicKey());
    return new IssuedCertificates(
        new Authority(newest, key),
        trusted,
        Identity.of(pem(where, entries, CERTIFICATE), pem(where, entries, KEY), now));
  }

  private static Pem pem(String where, Map<String, String> entries, String name)
      throws UnusableCertificate {
    return Pem.read(where + ", entry " + name, entries.getOrDefault(name, ""));
  }

  /** What is to be kept. */
  public Map<String, String> entries() {
    return Map.of(
        CERTIFICATE, text(served.chain()),
        KEY, text(served.key()),
        TRUSTED, text(trusted),
        AUTHORITY_KEY, text(authority.key()));
  }

  /** What clients are to trust, PEM. */
  public String trusted() {
    return text(trusted);
  }

  Identity served() {
    return served;
  }

  /** The certificate that is served. */
  public X509Certificate certificate() {
    return served.chain().getFirst();
  }

  /**
   * All of it anew, for where what was kept is lost: a certificate by the same authority, which
   * clients trust, and another authority for them to hear of, which signs the next one.
   *
   * @param names that the served certificate has to be for
   * @throws UnusableCertificate if a name is none
   */
  public IssuedCertificates anew(List<String> names, Instant now) throws UnusableCertificate {
    return new IssuedCertificates(
        new Authority(now), trusted, authority.issue(names, now, VALIDITY), now);
  }

  /**
   * What is to come into force in place of this.
   *
   * @param names that the served certificate has to be for
   * @return empty if nothing has to change
   * @throws UnusableCertificate if a name is none
   */
  public Optional<IssuedCertificates> renewed(List<String> names, Instant now)
      throws UnusableCertificate {
    if (isPast(authority.certificate(), now, 9, 10)) {
      return Optional.of(new IssuedCertificates(new Authority(now), trusted, served, now));
    }
    boolean byAnother =
        !certificate()
            .getIssuerX500Principal()
            .equals(authority.certificate().getSubjectX500Principal());
    boolean heard =
        now.isAfter(
            authority.certificate().getNotBefore().toInstant().plus(Authority.BEFORE).plus(HEARD));
    if (isPast(certificate(), now, 2, 3) || !isFor(names) || (byAnother && heard)) {
      return Optional.of(
          new IssuedCertificates(authority, trusted, authority.issue(names, now, VALIDITY)));
    }
    return Optional.empty();
  }

  private static boolean isPast(X509Certificate certificate, Instant now, int parts, int of) {
    Instant from = certificate.getNotBefore().toInstant();
    Duration life = Duration.between(from, certificate.getNotAfter().toInstant());
    return now.isAfter(from.plus(life.multipliedBy(parts).dividedBy(of)));
  }

  private boolean isFor(List<String> names) {
    try {
      Set<String> has = new HashSet<>();
      Collection<List<?>> alternatives = certificate().getSubjectAlternativeNames();
      if (alternatives != null) {
        alternatives.forEach(one -> has.add(one.get(1).toString()));
      }
      return has.containsAll(names);
    } catch (CertificateParsingException e) {
      return false;
    }
  }

  private static String text(List<X509Certificate> certificates) {
    return pem(writer -> {
      for (X509Certificate one : certificates) {
        writer.writeObject(one);
      }
    });
  }

  private static String text(PrivateKey key) {
    return pem(writer -> writer.writeObject(new JcaPKCS8Generator(key, null)));
  }

  private interface Writing {
    void to(JcaPEMWriter writer) throws IOException, GeneralSecurityException;
  }

  private static String pem(Writing writing) {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writing.to(writer);
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("it is written in memory", e);
    }
    return text.toString();
  }
}
