package io.otelgraft.runtime.tls;

import java.io.StringWriter;
import java.math.BigInteger;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;
import org.bouncycastle.util.io.pem.PemObject;
import org.bouncycastle.util.io.pem.PemWriter;

/** Issues what tests serve and show; by Bouncy Castle, so that nothing checks itself. */
public final class Issuer {
  private static final AtomicLong SERIAL = new AtomicLong(1);

  private final X500Name name;
  private final KeyPair keys;
  private final X509Certificate certificate;

  private Issuer(X500Name name, KeyPair keys, X509Certificate certificate) {
    this.name = name;
    this.keys = keys;
    this.certificate = certificate;
  }

  /**
   * A certificate with its key and those that signed it.
   *
   * @param key its private key
   * @param chain the certificate first
   */
  public record Issued(PrivateKey key, List<X509Certificate> chain) {

    public X509Certificate certificate() {
      return chain.getFirst();
    }

    public String certificatePem() throws Exception {
      return pem(chain);
    }

    /** PKCS#8, as the JDK writes it. */
    public String keyPem() {
      return Issuer.pem("PRIVATE KEY", key.getEncoded());
    }

    /** PKCS#1 for RSA and SEC 1 for EC. */
    String bareKeyPem() throws Exception {
      return Issuer.pem(
          key.getAlgorithm() + " PRIVATE KEY",
          PrivateKeyInfo.getInstance(key.getEncoded())
              .parsePrivateKey()
              .toASN1Primitive()
              .getEncoded());
    }
  }

  /** A root. */
  public static Issuer root(String name) throws Exception {
    KeyPair keys = newKeys("EC");
    X500Name subject = new X500Name("CN=" + name);
    Issuer self = new Issuer(subject, keys, null);
    return new Issuer(subject, keys, self.certify(subject, keys, true, Instant.now(), YEAR));
  }

  private static final Duration YEAR = Duration.ofDays(365);

  /** One that this one signed. */
  Issuer intermediate(String subject) throws Exception {
    KeyPair pair = newKeys("EC");
    X500Name subjectName = new X500Name("CN=" + subject);
    return new Issuer(subjectName, pair, certify(subjectName, pair, true, Instant.now(), YEAR));
  }

  X509Certificate certificate() {
    return certificate;
  }

  /** A certificate for localhost that is valid now. */
  public Issued issue(String algorithm) throws Exception {
    return issue(algorithm, Instant.now(), YEAR);
  }

  /** A certificate for somebody. */
  Issued issue(X500Name subject) throws Exception {
    return issue("EC", subject, Instant.now(), YEAR);
  }

  Issued issue(String algorithm, Instant from, Duration validity) throws Exception {
    return issue(algorithm, new X500Name("CN=localhost"), from, validity);
  }

  private Issued issue(String algorithm, X500Name subject, Instant from, Duration validity)
      throws Exception {
    KeyPair pair = newKeys(algorithm);
    X509Certificate issued = certify(subject, pair, false, from, validity);
    return new Issued(pair.getPrivate(), List.of(issued, certificate));
  }

  private X509Certificate certify(
      X500Name subject, KeyPair of, boolean ca, Instant from, Duration validity) throws Exception {
    JcaX509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            BigInteger.valueOf(SERIAL.incrementAndGet()),
            Date.from(from.minusSeconds(60)),
            Date.from(from.plus(validity)),
            subject,
            of.getPublic());
    builder.addExtension(Extension.basicConstraints, true, new BasicConstraints(ca));
    if (!ca) {
      builder.addExtension(
          Extension.subjectAlternativeName,
          false,
          new GeneralNames(
              new GeneralName[] {
                new GeneralName(GeneralName.dNSName, "localhost"),
                new GeneralName(GeneralName.iPAddress, "127.0.0.1")
              }));
    }
    return new JcaX509CertificateConverter()
        .getCertificate(
            builder.build(new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
  }

  private static KeyPair newKeys(String algorithm) throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
    switch (algorithm) {
      case "EC" -> generator.initialize(256);
      case "RSA" -> generator.initialize(2048);
      default -> {}
    }
    return generator.generateKeyPair();
  }

  static String pem(List<X509Certificate> certificates) throws Exception {
    StringBuilder text = new StringBuilder();
    for (X509Certificate one : certificates) {
      text.append(pem("CERTIFICATE", one.getEncoded()));
    }
    return text.toString();
  }

  static String pem(String label, byte[] content) {
    StringWriter text = new StringWriter();
    try (PemWriter writer = new PemWriter(text)) {
      writer.writeObject(new PemObject(label, content));
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return text.toString();
  }

  /** The context of a client that trusts one certificate and shows nothing of itself. */
  static SSLContext trusting(X509Certificate trusted) throws Exception {
    return client(trusted, null);
  }

  /** The context of a client. */
  static SSLContext client(X509Certificate trusted, Issued shown) throws Exception {
    KeyStore trust = KeyStore.getInstance("PKCS12");
    trust.load(null, null);
    trust.setCertificateEntry("trusted", trusted);
    TrustManagerFactory trustManagers =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trustManagers.init(trust);
    KeyStore keys = KeyStore.getInstance("PKCS12");
    keys.load(null, null);
    if (shown != null) {
      keys.setKeyEntry(
          "own", shown.key(), new char[0], shown.chain().toArray(X509Certificate[]::new));
    }
    KeyManagerFactory keyManagers =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keyManagers.init(keys, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), null);
    return context;
  }
}
