package io.otelgraft.runtime.telemetry;

import java.security.cert.X509Certificate;
import java.time.Instant;

/**
 * When a certificate can be trusted.
 *
 * @param begin from when on
 * @param end until when
 */
public record Validity(Instant begin, Instant end) {

  /** That of a certificate. */
  public static Validity of(X509Certificate certificate) {
    return new Validity(
        certificate.getNotBefore().toInstant(), certificate.getNotAfter().toInstant());
  }
}
