package io.otelgraft.runtime.telemetry;

import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.function.Supplier;

/**
 * Whether clients can trust the certificate that is served. With one that has expired no call
 * succeeds, so the replica is taken out of service. One that is about to expire is told in time.
 */
public final class CertificateHealth implements HealthCheck {

  /** Certificates of 90 days are renewed in the last third; this is when nobody has. */
  private static final Duration SOON = Duration.ofDays(3);

  private final Supplier<Validity> certificate;
  private final InstantSource clock;

  /** Looks at what is served now, and from now on. */
  public CertificateHealth(Supplier<Validity> certificate) {
    this(certificate, InstantSource.system());
  }

  CertificateHealth(Supplier<Validity> certificate, InstantSource clock) {
    this.certificate = certificate;
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
    return now.plus(SOON).isAfter(served.end())
        ? Health.degraded("expires at " + served.end() + "; renew it")
        : Health.OK;
  }
}
