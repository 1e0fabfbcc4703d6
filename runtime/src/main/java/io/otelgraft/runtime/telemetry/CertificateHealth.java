package io.otelgraft.runtime.telemetry;

import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Whether clients can trust the certificate that is served. With one that has expired no call
 * succeeds, so the replica is taken out of service. One that is about to expire is told in time.
 */
public final class CertificateHealth implements HealthCheck {

  /** Certificates of 90 days are renewed in the last third; this is when nobody has. */
  private static final Duration SOON = Duration.ofDays(3);

  private final Supplier<Validity> certificate;
  private final Supplier<Optional<String>> refused;
  private final InstantSource clock;

  /**
   * Looks at what is served now, and from now on.
   *
   * @param certificate what is served
   * @param refused why what should be served instead is not; empty if nothing should
   */
  public CertificateHealth(Supplier<Validity> certificate, Supplier<Optional<String>> refused) {
    this(certificate, refused, InstantSource.system());
  }

  CertificateHealth(
      Supplier<Validity> certificate, Supplier<Optional<String>> refused, InstantSource clock) {
    this.certificate = certificate;
    this.refused = refused;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "certificate";
  }

  @Override
  public Health health() {
    Validity served = certificate.get();
    Instant now = clock.instant();
    if (now.isBefore(served.begin())) {
      return Health.failed("is not valid before " + served.begin() + "; look at the clock");
    }
    if (now.isAfter(served.end())) {
      return Health.failed("expired at " + served.end() + "; renew it");
    }
    if (now.plus(SOON).isAfter(served.end())) {
      return Health.degraded("expires at " + served.end() + "; renew it");
    }
    return refused
        .get()
        .map(why -> Health.degraded(why + "; the one before is served until " + served.end()))
        .orElse(Health.OK);
  }
}
