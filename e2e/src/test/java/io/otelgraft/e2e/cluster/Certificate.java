package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.otelgraft.e2e.Directories;
import io.otelgraft.e2e.Finished;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A certificate with an elliptic key, made by the JDK's tool.
 *
 * @param certificate PEM
 * @param key PEM, PKCS#8
 */
record Certificate(String certificate, String key) {

  private static final String PASSWORD = "changeit";

  /** One that has signed itself, for a server and for its clients. */
  static Certificate of(String host) {
    return with(store -> store.generate(host, "-ext", "bc:critical=ca:true"));
  }

  /**
   * One that this one has signed.
   *
   * @param age how many days ago
   * @param validity for how many days from then
   */
  Certificate sign(String host, int age, int validity) {
    return with(store -> {
      store.add("signer", this);
      return store.generate(
          host,
          "-signer",
          "signer",
          "-startdate",
          "-" + age + "d",
          "-validity",
          Integer.toString(validity));
    });
  }

  /** A Secret of type {@code kubernetes.io/tls} with it, as its own {@code ca.crt}. */
  String secret(String name) {
    return """
    apiVersion: v1
    kind: Secret
    metadata: {name: %1$s}
    type: kubernetes.io/tls
    data: {tls.crt: %2$s, tls.key: %3$s, ca.crt: %2$s}
    """
        .formatted(name, base64(certificate), base64(key));
  }

  /** As the data of a Secret has it. */
  static String base64(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(US_ASCII));
  }

  private interface Work {
    Certificate in(Store store) throws IOException, GeneralSecurityException;
  }

  private static Certificate with(Work work) {
    try {
      Path directory = Files.createTempDirectory("graft-certificate-");
      try {
        return work.in(new Store(directory.resolve("store.p12")));
      } finally {
        Directories.delete(directory);
      }
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate", e);
    }
  }

  /** What the tool works on. */
  private record Store(Path file) {

    Certificate generate(String host, String... options)
        throws IOException, GeneralSecurityException {
      List<String> command =
          new ArrayList<>(
              List.of(
                  Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                  "-genkeypair",
                  "-alias",
                  host,
                  "-keyalg",
                  "EC",
                  "-groupname",
                  "secp256r1",
                  "-dname",
                  "CN=" + host.substring(0, host.indexOf('.')),
                  "-ext",
                  "san=dns:" + host,
                  "-storetype",
                  "PKCS12",
                  "-storepass",
                  PASSWORD,
                  "-keystore",
                  file.toString()));
      command.addAll(List.of(options));
      Finished made = Finished.run(new ProcessBuilder(command), "");
      if (made.exit() != 0) {
        throw new IllegalStateException("keytool: " + made.output() + made.errors());
      }
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = Files.newInputStream(file)) {
        store.load(in, PASSWORD.toCharArray());
      }
      return new Certificate(
          pem("CERTIFICATE", store.getCertificate(host).getEncoded()),
          pem("PRIVATE KEY", store.getKey(host, PASSWORD.toCharArray()).getEncoded()));
    }

    void add(String alias, Certificate certificate) throws IOException, GeneralSecurityException {
      KeyStore store = KeyStore.getInstance("PKCS12");
      store.load(null, null);
      PrivateKey key =
          KeyFactory.getInstance("EC")
              .generatePrivate(new PKCS8EncodedKeySpec(der(certificate.key)));
      var chain =
          CertificateFactory.getInstance("X.509")
              .generateCertificate(
                  new ByteArrayInputStream(certificate.certificate.getBytes(US_ASCII)));
      store.setKeyEntry(
          alias, key, PASSWORD.toCharArray(), new java.security.cert.Certificate[] {chain});
      try (OutputStream out = Files.newOutputStream(file)) {
        store.store(out, PASSWORD.toCharArray());
      }
    }
  }

  private static String pem(String what, byte[] encoded) {
    return "-----BEGIN %1$s-----%n%2$s%n-----END %1$s-----%n"
        .formatted(
            what, Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded));
  }

  private static byte[] der(String pem) {
    return Base64.getMimeDecoder().decode(pem.replaceAll("-----[A-Z ]+-----", ""));
  }
}
