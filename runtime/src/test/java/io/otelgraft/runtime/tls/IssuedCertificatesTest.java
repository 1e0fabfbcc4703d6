package io.otelgraft.runtime.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class IssuedCertificatesTest {
  private static final List<String> NAMES = List.of("webhook.graft.svc", "webhook.graft");
  private static final Instant NOW = Instant.parse("2026-03-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @Test
  void what_one_replica_keeps_another_serves() throws Exception {
    IssuedCertificates issued = IssuedCertificates.issue(NAMES, NOW);

    IssuedCertificates read = IssuedCertificates.read("Secret graft/cert", issued.entries(), NOW);

    assertThat(read.certificate()).isEqualTo(issued.certificate());
    assertThat(read.entries()).isEqualTo(issued.entries());
    assertThat(read.trusted()).isEqualTo(issued.trusted());
    assertThat(issued.entries()).containsOnlyKeys("tls.crt", "tls.key", "ca.crt", "ca.key");
    assertThat(read.renewed(NAMES, NOW)).isEmpty();
  }

  @Test
  void a_certificate_is_renewed_after_two_thirds_of_its_time_by_the_authority_that_is_trusted()
      throws Exception {
    IssuedCertificates issued = IssuedCertificates.issue(NAMES, NOW);

    assertThat(issued.renewed(NAMES, NOW.plus(DAY.multipliedBy(59)))).isEmpty();
    IssuedCertificates renewed =
        issued.renewed(NAMES, NOW.plus(DAY.multipliedBy(61))).orElseThrow();

    assertThat(renewed.trusted()).isEqualTo(issued.trusted());
    assertThat(renewed.certificate()).isNotEqualTo(issued.certificate());
    verify(renewed.certificate(), first(renewed));
  }

  @Test
  void a_certificate_for_other_names_is_issued_anew() throws Exception {
    IssuedCertificates issued = IssuedCertificates.issue(NAMES, NOW);

    IssuedCertificates renewed = issued.renewed(List.of("other.graft.svc"), NOW).orElseThrow();

    assertThat(renewed.certificate().getSubjectAlternativeNames())
        .anySatisfy(name -> assertThat(name.get(1)).isEqualTo("other.graft.svc"));
  }

  @Test
  void a_new_authority_is_trusted_for_minutes_before_it_signs_what_is_served() throws Exception {
    IssuedCertificates issued = IssuedCertificates.issue(NAMES, NOW);
    Instant late = NOW.plus(DAY.multipliedBy(3_300));

    IssuedCertificates announced = issued.renewed(NAMES, late).orElseThrow();
    assertThat(announced.certificate()).isEqualTo(issued.certificate());
    assertThat(announced.trusted()).endsWith(issued.trusted()).isNotEqualTo(issued.trusted());

    Instant heard = late.plus(Duration.ofMinutes(6));
    IssuedCertificates signed = announced.renewed(NAMES, heard).orElseThrow();
    assertThat(signed.trusted()).isEqualTo(announced.trusted());
    verify(signed.certificate(), first(announced));
    assertThat(signed.renewed(NAMES, heard)).isEmpty();
  }

  @Test
  void what_was_lost_is_made_anew_and_never_by_an_authority_that_is_not_trusted_yet()
      throws Exception {
    IssuedCertificates issued = IssuedCertificates.issue(NAMES, NOW);

    IssuedCertificates anew = issued.anew(NAMES, NOW);
    assertThat(anew.certificate()).isNotEqualTo(issued.certificate());
    verify(anew.certificate(), first(issued));
    assertThat(anew.trusted()).endsWith(issued.trusted()).isNotEqualTo(issued.trusted());
    assertThat(anew.entries().get("ca.key")).isNotEqualTo(issued.entries().get("ca.key"));
    assertThat(anew.renewed(NAMES, NOW.plus(Duration.ofMinutes(4)))).isEmpty();

    IssuedCertificates signed = anew.renewed(NAMES, NOW.plus(Duration.ofMinutes(6))).orElseThrow();
    verify(signed.certificate(), first(anew));
  }

  @Test
  void an_entry_that_is_missing_is_named() throws Exception {
    Map<String, String> entries = new HashMap<>(IssuedCertificates.issue(NAMES, NOW).entries());
    entries.remove("ca.key");

    assertThatThrownBy(() -> IssuedCertificates.read("Secret graft/cert", entries, NOW))
        .isInstanceOf(UnusableCertificate.class)
        .hasMessageStartingWith("Secret graft/cert, entry ca.key: there is no private key in it");
  }

  private static X509Certificate first(IssuedCertificates of) throws UnusableCertificate {
    return Pem.read("it", of.trusted()).certificates().getFirst();
  }

  private static void verify(X509Certificate certificate, X509Certificate by)
      throws GeneralSecurityException {
    certificate.verify(by.getPublicKey());
  }
}
