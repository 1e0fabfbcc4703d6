package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/** The certificate that a pod shows to who connects now, whoever signed it. */
final class ServedCertificate {

  private static final Pattern FORWARDING = Pattern.compile("Forwarding from 127.0.0.1:(\\d+)");

  private ServedCertificate() {}

  /**
   * Its serial number, by way of {@code kubectl port-forward}.
   *
   * @param port that its pod listens on
   */
  static BigInteger serial(Kubectl kubectl, String namespace, String pod, int port) {
    Process forward =
        kubectl.start(
            "port-forward",
            "--namespace=" + namespace,
            "--address=127.0.0.1",
            "pod/" + pod,
            ":" + port);
    try (BufferedReader said = forward.inputReader(UTF_8)) {
      Matcher forwarding =
          FORWARDING.matcher(Objects.requireNonNullElse(said.readLine(), "nothing"));
      if (!forwarding.find()) {
        throw new IllegalStateException(
            "kubectl port-forward: " + new String(forward.getErrorStream().readAllBytes(), UTF_8));
      }
      return serial(Integer.parseInt(forwarding.group(1)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      forward.destroy();
    }
  }

  private static BigInteger serial(int port) throws IOException {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {new Anybody()}, new SecureRandom());
      try (SSLSocket socket =
          (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port)) {
        socket.startHandshake();
        return ((X509Certificate) socket.getSession().getPeerCertificates()[0]).getSerialNumber();
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS", e);
    }
  }

  /** The serial number of a certificate in PEM, the first of several. */
  static BigInteger serial(String pem) {
    try {
      return ((X509Certificate)
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(pem.getBytes(US_ASCII))))
          .getSerialNumber();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(pem, e);
    }
  }

  /** Which one it is, is the question. */
  private static final class Anybody extends X509ExtendedTrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
