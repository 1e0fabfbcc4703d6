package io.otelgraft.runtime.tls;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.List;

/**
 * What a server shows of itself.
 *
 * @param key the private key of the first certificate
 * @param chain the server's certificate, followed by those between it and the root
 */
record Identity(PrivateKey key, List<X509Certificate> chain) {

  /**
   * Reads a certificate and its key.
   *
   * @param now the time at which it has to be valid
   * @throws UnusableCertificate if it cannot be served
   */
  static Identity of(Pem certificate, Pem key, Instant now) throws UnusableCertificate {
    List<X509Certificate> chain = certificate.certificates();
    X509Certificate first = chain.getFirst();
    PrivateKey privateKey = key.key(first.getPublicKey());
    if (!belongs(privateKey, first.getPublicKey())) {
      boolean toAnother =
          chain.stream().skip(1).anyMatch(other -> belongs(privateKey, other.getPublicKey()));
      throw new UnusableCertificate(
          key.file()
              + ": the key is not that of the "
              + (toAnother ? "first " : "")
              + "certificate in "
              + certificate.file()
              + " ("
              + first.getSubjectX500Principal()
              + "); "
              + (toAnother
                  ? "put the server's own certificate before those that signed it"
                  : "name the two files that belong together"));
    }
    checkValidity(certificate.file(), first, now);
    return new Identity(privateKey, chain);
  }

  private static void checkValidity(String file, X509Certificate certificate, Instant now)
      throws UnusableCertificate {
    Instant from = certificate.getNotBefore().toInstant();
    Instant to = certificate.getNotAfter().toInstant();
    String which = file + ": the certificate (" + certificate.getSubjectX500Principal() + ") ";
    if (now.isAfter(to)) {
      throw new UnusableCertificate(which + "expired at " + to + ", it is " + now + "; renew it");
    }
    if (now.isBefore(from)) {
      throw new UnusableCertificate(
          which
              + "is not valid before "
              + from
              + ", it is "
              + now
              + "; set the clock, or wait: it is tried again");
    }
  }

  /** Whether two keys are a pair: what the one signs, the other verifies. */
  private static boolean belongs(PrivateKey key, PublicKey to) {
    String algorithm =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> key.getAlgorithm();
        };
    try {
      byte[] text = {'g', 'r', 'a', 'f', 't'};
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(key);
      signer.update(text);
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(to);
      verifier.update(text);
      return verifier.verify(signer.sign());
    } catch (GeneralSecurityException e) {
      return false;
    }
  }
}
