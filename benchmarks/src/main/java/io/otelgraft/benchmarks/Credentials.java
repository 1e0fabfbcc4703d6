package io.otelgraft.benchmarks;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * A key and a self-signed certificate for localhost, the same for every server of a run.
 *
 * @param key file of the private key, PEM
 * @param certificate file of the certificate, PEM
 * @param trust for clients that trust this certificate only
 */
record Credentials(Path key, Path certificate, SSLContext trust) {

  private static final char[] PASSWORD = "benchmark".toCharArray();
  private static final String ALIAS = "server";

  /** Makes new ones in a folder. They are elliptic, P-256, as the usual ones for webhooks. */
  static Credentials in(Path folder) {
    try {
      KeyStore store = generated(folder.resolve("server.p12"));
      Path key = folder.resolve("server.key");
      Path certificate = folder.resolve("server.crt");
      writePem(key, "PRIVATE KEY", store.getKey(ALIAS, PASSWORD).getEncoded());
      writePem(certificate, "CERTIFICATE", store.getCertificate(ALIAS).getEncoded());
      return new Credentials(key, certificate, trusting(store));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no certificate for the servers", e);
    }
  }

  private static KeyStore generated(Path file) throws IOException, GeneralSecurityException {
    Processes.run(
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-alias",
            ALIAS,
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-storetype",
            "PKCS12",
            "-storepass",
            new String(PASSWORD),
            "-keystore",
            file.toString()));
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(file)) {
      store.load(in, PASSWORD);
    }
    return store;
  }

  private static void writePem(Path file, String what, byte[] encoded) throws IOException {
    String lines = Base64.getMimeEncoder(64, "\n".getBytes(US_ASCII)).encodeToString(encoded);
    Files.writeString(
        file, "-----BEGIN " + what + "-----\n" + lines + "\n-----END " + what + "-----\n");
  }

  private static SSLContext trusting(KeyStore own) throws IOException, GeneralSecurityException {
    KeyStore trusted = KeyStore.getInstance("PKCS12");
    trusted.load(null, null);
    trusted.setCertificateEntry(ALIAS, own.getCertificate(ALIAS));
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, factory.getTrustManagers(), null);
    return context;
  }
}
