package io.otelgraft.runtime.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
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
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;
import javax.security.auth.x500.X500Principal;

/**
 * A certificate authority of this process's own, for a server that was given no certificate. Its
 * key is nowhere but in memory. Clients trust its certificate, which stays the same while those
 * that it issues are renewed.
 *
 * <p>Keys are on P-256, which all clients know; structures are those of RFC 5280.
 */
final class Authority {
  private static final Duration VALIDITY = Duration.ofDays(3650);

  /** The clocks of others may be behind. */
  private static final Duration BEFORE = Duration.ofHours(1);

  private static final Pattern DNS_NAME =
      Pattern.compile("(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*");
  private static final int SERIAL_BITS = 127;
  private static final int KEY_IDENTIFIER_LENGTH = 20;
  private static final int DNS = 2;
  private static final int IP_ADDRESS = 7;
  private static final byte[] ECDSA_WITH_SHA256 =
      Der.sequence(Der.identifier(1, 2, 840, 10045, 4, 3, 2));
  private static final byte[] SERVER_AUTHENTICATION = Der.identifier(1, 3, 6, 1, 5, 5, 7, 3, 1);
  private static final byte[] BASIC_CONSTRAINTS = Der.identifier(2, 5, 29, 19);
  private static final byte[] KEY_USAGE = Der.identifier(2, 5, 29, 15);
  private static final byte[] EXTENDED_KEY_USAGE = Der.identifier(2, 5, 29, 37);
  private static final byte[] ALTERNATIVE_NAMES = Der.identifier(2, 5, 29, 17);
  private static final byte[] SUBJECT_KEY_IDENTIFIER = Der.identifier(2, 5, 29, 14);
  private static final byte[] AUTHORITY_KEY_IDENTIFIER = Der.identifier(2, 5, 29, 35);

  private final SecureRandom random = new SecureRandom();
  private final KeyPair keys = newKeys();
  private final X500Principal name;
  private final X509Certificate certificate;

  /** A new one, valid from now on for ten years. */
  Authority(Instant now) {
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
                critical(BASIC_CONSTRAINTS, Der.sequence(Der.TRUE)),
                // keyCertSign and cRLSign
                critical(KEY_USAGE, Der.namedBits(0b0000_0110, 1))));
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
    List<byte[]> alternatives = new ArrayList<>();
    for (String one : names) {
      alternatives.add(alternative(one));
    }
    KeyPair server = newKeys();
    X509Certificate issued =
        issue(
            new X500Principal("CN=Graft webhook"),
            server.getPublic(),
            now,
            validity,
            List.of(
                critical(BASIC_CONSTRAINTS, Der.sequence()),
                // digitalSignature
                critical(KEY_USAGE, Der.namedBits(0b1000_0000, 7)),
                extension(EXTENDED_KEY_USAGE, Der.sequence(SERVER_AUTHENTICATION)),
                extension(ALTERNATIVE_NAMES, Der.sequence(alternatives.toArray(byte[][]::new))),
                extension(
                    AUTHORITY_KEY_IDENTIFIER,
                    Der.sequence(Der.implicit(0, keyIdentifier(keys.getPublic()))))));
    return new Identity(server.getPrivate(), List.of(issued, certificate));
  }

  static boolean isDnsName(String name) {
    return DNS_NAME.matcher(name).matches();
  }

  private static byte[] alternative(String name) throws UnusableCertificate {
    try {
      return Der.implicit(IP_ADDRESS, InetAddress.ofLiteral(name).getAddress());
    } catch (IllegalArgumentException e) {
      if (isDnsName(name)) {
        return Der.implicit(DNS, name.getBytes(StandardCharsets.US_ASCII));
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
    String base64 =
        Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(encoded(certificate));
    String text = "-----BEGIN CERTIFICATE-----\n" + base64 + "\n-----END CERTIFICATE-----\n";
    Path next = file.resolveSibling("." + file.getFileName() + ".tmp");
    try {
      Files.writeString(next, text, StandardCharsets.US_ASCII);
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

  private X509Certificate issue(
      X500Principal subject,
      PublicKey key,
      Instant now,
      Duration validity,
      List<byte[]> extensions) {
    List<byte[]> all = new ArrayList<>(extensions);
    all.add(extension(SUBJECT_KEY_IDENTIFIER, Der.octets(keyIdentifier(key))));
    byte[] content =
        Der.sequence(
            Der.explicit(0, Der.integer(BigInteger.TWO)), // version 3
            Der.integer(new BigInteger(SERIAL_BITS, random).add(BigInteger.ONE)),
            ECDSA_WITH_SHA256,
            name.getEncoded(),
            Der.sequence(Der.time(now.minus(BEFORE)), Der.time(now.plus(validity))),
            subject.getEncoded(),
            key.getEncoded(),
            Der.explicit(3, Der.sequence(all.toArray(byte[][]::new))));
    try {
      Signature signature = Signature.getInstance("SHA256withECDSA");
      signature.initSign(keys.getPrivate());
      signature.update(content);
      byte[] signed = Der.sequence(content, ECDSA_WITH_SHA256, Der.bits(signature.sign()));
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(signed));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("each JVM signs with P-256, and reads certificates", e);
    }
  }

  private static byte[] critical(byte[] identifier, byte[] value) {
    return Der.sequence(identifier, Der.TRUE, Der.octets(value));
  }

  private static byte[] extension(byte[] identifier, byte[] value) {
    return Der.sequence(identifier, Der.octets(value));
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

  private static byte[] encoded(X509Certificate certificate) {
    try {
      return certificate.getEncoded();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("it was made from these bytes", e);
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
