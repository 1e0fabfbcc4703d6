package io.otelgraft.runtime.tls;

import java.io.IOException;
import java.io.StringWriter;
import java.math.BigInteger;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Date;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.x509.AuthorityKeyIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.cert.CertIOException;
import org.bouncycastle.cert.X509v3CertificateBuilder;
import org.bouncycastle.cert.jcajce.JcaX509CertificateConverter;
import org.bouncycastle.cert.jcajce.JcaX509v3CertificateBuilder;
import org.bouncycastle.openssl.jcajce.JcaPEMWriter;
import org.bouncycastle.operator.OperatorCreationException;
import org.bouncycastle.operator.jcajce.JcaContentSignerBuilder;

/**
 * A certificate authority of Graft's own, for a server that was given no certificate. Clients trust
 * its certificate, which stays the same while those that it issues are renewed.
 *
 * <p>Keys are on P-256, which all clients know; structures are those of RFC 5280.
 */
final class Authority {
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** The clocks of others may be behind. */
  static final Duration BEFORE = Duration.ofHours(1);

  private static final Pattern DNS_NAME =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final int SERIAL_BITS = 127;
  private static final int KEY_IDENTIFIER_LENGTH = 20;
  private final SecureRandom random = new SecureRandom();
  private final KeyPair keys;
  private final X500Principal name;
  private final X509Certificate certificate;

  /** A new one, valid from now on for ten years. */
  Authority(Instant now) {
    keys = newKeys();
    byte[] identifier = keyIdentifier(keys.getPublic());
    // Clients look for an issuer by its name, and there is one of each process.
    name = new X500Principal("CN=Graft self-signed " + HexFormat.of().formatHex(identifier, 0, 4));
    certificate =
        issue(
            name,
            keys.getPublic(),
            now,
            VALIDITY,
            List.of(
                extension(Extension.basicConstraints, true, new BasicConstraints(true)),
                extension(
                    Extension.keyUsage,
                    true,
                    new KeyUsage(KeyUsage.keyCertSign | KeyUsage.cRLSign))));
  }

  /** One that was kept. */
  Authority(X509Certificate certificate, PrivateKey key) {
    this.keys = new KeyPair(certificate.getPublicKey(), key);
    this.name = certificate.getSubjectX500Principal();
    this.certificate = certificate;
  }

  /** What signs; for keeping it. */
  PrivateKey key() {
    return keys.getPrivate();
  }

  /** What clients trust. */
  X509Certificate certificate() {
    return certificate;
  }

  /**
   * Issues a certificate for a server, with a new key.
   *
   * @param names DNS names, perhaps with {@code *} for the first part, and IP addresses
   * @throws UnusableCertificate if one is neither
   */
  Identity issue(List<String> names, Instant now, Duration validity) throws UnusableCertificate {
    GeneralName[] alternatives = new GeneralName[names.size()];
    for (int i = 0; i < alternatives.length; i++) {
      alternatives[i] = alternative(names.get(i));
    }
    KeyPair server = newKeys();
    X509Certificate issued =
        issue(
            new X500Principal("CN=Graft webhook"),
            server.getPublic(),
            now,
            validity,
            List.of(
                extension(Extension.basicConstraints, true, new BasicConstraints(false)),
                extension(Extension.keyUsage, true, new KeyUsage(KeyUsage.digitalSignature)),
                extension(
                    Extension.extendedKeyUsage,
                    false,
                    new ExtendedKeyUsage(KeyPurposeId.id_kp_serverAuth)),
                extension(Extension.subjectAlternativeName, false, new GeneralNames(alternatives)),
                extension(
                    Extension.authorityKeyIdentifier,
                    false,
                    new AuthorityKeyIdentifier(keyIdentifier(keys.getPublic())))));
    return new Identity(server.getPrivate(), List.of(issued, certificate));
  }

  static boolean isDnsName(String name) {
    return DNS_NAME.matcher(name).matches();
  }

  private static GeneralName alternative(String name) throws UnusableCertificate {
    try {
      return new GeneralName(
          GeneralName.iPAddress, new DEROctetString(InetAddress.ofLiteral(name).getAddress()));
    } catch (IllegalArgumentException e) {
      if (isDnsName(name)) {
        return new GeneralName(GeneralName.dNSName, name);
      }
      throw new UnusableCertificate(
          "setting server.tls.names: \""
              + name
              + "\" is neither a DNS name nor an IP address; correct it");
    }
  }

  /**
   * Writes the certificate that clients trust, as PEM; whoever reads the file meanwhile reads the
   * old or the new one.
   */
  void write(Path file) throws UnusableCertificate {
    Path next = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.writeString(next, pem(), StandardCharsets.US_ASCII);
      Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UnusableCertificate(
          "setting server.tls.write-certificate: "
              + file
              + " cannot be written ("
              + e
              + "); name a file in a folder that Graft may write to");
    }
  }

  private String pem() throws IOException {
    StringWriter text = new StringWriter();
    try (JcaPEMWriter writer = new JcaPEMWriter(text)) {
      writer.writeObject(certificate);
    }
    return text.toString();
  }

  private X509Certificate issue(
      X500Principal subject,
      PublicKey key,
      Instant now,
      Duration validity,
      List<Extension> extensions) {
    X509v3CertificateBuilder builder =
        new JcaX509v3CertificateBuilder(
            name,
            new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE),
            Date.from(now.minus(BEFORE)),
            Date.from(now.plus(validity)),
            subject,
            key);
    try {
      for (Extension extension : extensions) {
        builder.addExtension(extension);
      }
      builder.addExtension(
          extension(
              Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(keyIdentifier(key))));
      return new JcaX509CertificateConverter()
          .getCertificate(
              builder.build(
                  new JcaContentSignerBuilder("SHA256withECDSA").build(keys.getPrivate())));
    } catch (OperatorCreationException | CertificateException | CertIOException e) {
      throw new IllegalStateException("each JVM signs with P-256, and reads certificates", e);
    }
  }

  private static Extension extension(
      ASN1ObjectIdentifier identifier, boolean critical, ASN1Encodable value) {
    try {
      return Extension.create(identifier, critical, value);
    } catch (IOException e) {
      throw new IllegalStateException("it is encoded in memory", e);
    }
  }

  /** By RFC 7093, method 4. */
  private static byte[] keyIdentifier(PublicKey key) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(key.getEncoded());
      return Arrays.copyOf(hash, KEY_IDENTIFIER_LENGTH);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JVM has SHA-256", e);
    }
  }

  private static KeyPair newKeys() {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
      generator.initialize(new ECGenParameterSpec("secp256r1"));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JVM has P-256", e);
    }
  }
}
