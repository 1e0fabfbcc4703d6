package io.otelgraft.runtime.tls;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.bouncycastle.asn1.ASN1Primitive;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;

/**
 * The blocks of a PEM file.
 *
 * @param file what to call it in messages
 * @param blocks in their order; text between them is passed over, as RFC 7468 says
 */
record Pem(String file, List<Block> blocks) {
  private static final String BEGIN = "-----BEGIN ";
  private static final String END = "-----END ";
  private static final String DASHES = "-----";
  private static final String CERTIFICATE = "CERTIFICATE";
  private static final String PRIVATE_KEY = "PRIVATE KEY";

  /** PKCS#8 says by itself which it is; the JDK wants to be asked for the right one. */
  private static final List<String> ALGORITHMS = List.of("EC", "RSA", "EdDSA");

  /**
   * One block.
   *
   * @param label what is in it
   * @param encrypted whether a passphrase is needed to read it
   * @param base64 its content
   */
  record Block(String label, boolean encrypted, String base64) {}

  /**
   * Reads the blocks of a text.
   *
   * @throws UnusableCertificate if a block does not end
   */
  static Pem read(String file, String text) throws UnusableCertificate {
    List<Block> blocks = new ArrayList<>();
    String label = null;
    boolean encrypted = false;
    StringBuilder content = new StringBuilder();
    for (String line : text.lines().map(String::strip).toList()) {
      if (label == null) {
        if (line.startsWith(BEGIN) && line.endsWith(DASHES)) {
          label = line.substring(BEGIN.length(), line.length() - DASHES.length());
          encrypted = label.startsWith("ENCRYPTED ");
          content.setLength(0);
        }
      } else if (line.equals(END + label + DASHES)) {
        blocks.add(new Block(label, encrypted, content.toString()));
        label = null;
      } else if (line.contains(":")) {
        // The headers of the old format: Proc-Type: 4,ENCRYPTED
        encrypted |= line.toUpperCase(Locale.ROOT).contains("ENCRYPTED");
      } else {
        content.append(line);
      }
    }
    if (label != null) {
      throw new UnusableCertificate(
          file + ": the " + label + " in it has no end; copy the file again");
    }
    return new Pem(file, blocks);
  }

  private byte[] content(Block block) throws UnusableCertificate {
    try {
      return Base64.getDecoder().decode(block.base64);
    } catch (IllegalArgumentException e) {
      throw new UnusableCertificate(
          file + ": the " + block.label + " in it is not Base64; copy the file again");
    }
  }

  /**
   * The certificates, in their order.
   *
   * @throws UnusableCertificate if there is none, or one cannot be read
   */
  List<X509Certificate> certificates() throws UnusableCertificate {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks) {
      if (block.label.equals(CERTIFICATE)) {
        certificates.add(certificate(block));
      }
    }
    if (certificates.isEmpty()) {
      throw new UnusableCertificate(
          file + ": there is no certificate in it, " + found() + "; name a PEM file that has one");
    }
    return List.copyOf(certificates);
  }

  private X509Certificate certificate(Block block) throws UnusableCertificate {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(content(block)));
    } catch (CertificateException e) {
      throw new UnusableCertificate(
          file + ": a certificate in it cannot be read (" + e.getMessage() + "); issue it anew");
    }
  }

  /**
   * The private key.
   *
   * @param of the public key that it belongs to, by which the kind of a key is known whose format
   *     does not say it
   * @throws UnusableCertificate if there is none that can be read without a passphrase
   */
  PrivateKey key(PublicKey of) throws UnusableCertificate {
    for (Block block : blocks) {
      if (block.label.endsWith(PRIVATE_KEY)) {
        return key(block, of);
      }
    }
    throw new UnusableCertificate(
        file + ": there is no private key in it, " + found() + "; name a PEM file that has one");
  }

  private PrivateKey key(Block block, PublicKey of) throws UnusableCertificate {
    if (block.encrypted) {
      throw new UnusableCertificate(
          file
              + ": the private key is encrypted, and nobody is there to type the passphrase;"
              + " write it unencrypted (openssl pkey -in ... -out ...) into a file that only Graft"
              + " may read");
    }
    return switch (block.label) {
      case PRIVATE_KEY -> pkcs8(content(block));
      case "RSA PRIVATE KEY" -> bare(block, "RSA", of);
      case "EC PRIVATE KEY" -> bare(block, "EC", of);
      default ->
          throw new UnusableCertificate(
              file
                  + ": a private key of the format "
                  + block.label
                  + " cannot be read; write it as PKCS#8 (openssl pkey -in ... -out ...)");
    };
  }

  /** A key of PKCS#1 or SEC 1: what PKCS#8 wraps, and without the parameters that go with it. */
  private PrivateKey bare(Block block, String algorithm, PublicKey of) throws UnusableCertificate {
    if (!of.getAlgorithm().equals(algorithm)) {
      throw new UnusableCertificate(
          file
              + ": the key is not that of the certificate, which has a key of "
              + of.getAlgorithm()
              + ", and this is one of "
              + algorithm
              + "; name the two files that belong together");
    }
    try {
      return pkcs8(
          new PrivateKeyInfo(
                  SubjectPublicKeyInfo.getInstance(of.getEncoded()).getAlgorithm(),
                  ASN1Primitive.fromByteArray(content(block)))
              .getEncoded());
    } catch (IOException e) {
      throw unreadable();
    }
  }

  private PrivateKey pkcs8(byte[] content) throws UnusableCertificate {
    for (String algorithm : ALGORITHMS) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(content));
      } catch (GeneralSecurityException e) {
        // It is of another.
      }
    }
    throw unreadable();
  }

  private UnusableCertificate unreadable() {
    return new UnusableCertificate(
        file
            + ": the private key cannot be read as one of "
            + String.join(", ", ALGORITHMS)
            + "; issue it anew");
  }

  private String found() {
    return blocks.isEmpty()
        ? "nor anything else of PEM"
        : "but " + String.join(", ", blocks.stream().map(Block::label).toList());
  }
}
