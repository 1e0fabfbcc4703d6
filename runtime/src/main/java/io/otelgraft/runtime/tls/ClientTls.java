package io.otelgraft.runtime.tls;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import javax.net.ssl.SSLContext;

/** The other end of {@link ServingTls}: a client that looks whom it talks to. */
public final class ClientTls {

  private ClientTls() {}

  /**
   * TLS of a client that trusts the certificate authorities in a file and no others.
   *
   * @param authorities their certificates, PEM
   * @throws UnusableCertificate if the file cannot be read, or holds none
   */
  public static SSLContext trusting(Path authorities) throws UnusableCertificate {
    Pem pem = Pem.read(authorities.toString(), ServingTls.text(authorities));
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, ServingTls.trustManagers(pem.certificates()), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("certificates that were read make a context", e);
    }
  }
}
