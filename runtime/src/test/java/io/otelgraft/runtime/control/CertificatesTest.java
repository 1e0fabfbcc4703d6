package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Json;
import io.otelgraft.runtime.tls.IssuedCertificates;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class CertificatesTest {
  private static final String SECRETS = "/api/v1/namespaces/graft/secrets";
  private static final String SECRET = SECRETS + "/cert";
  private static final List<String> NAMES = List.of("webhook.graft.svc");

  private final StandIn cluster = new StandIn();
  private final Certificates duty = replica();
  private final List<IssuedCertificates> served = new ArrayList<>();

  private Certificates replica() {
    return new Certificates(cluster.server(), "graft", "cert", NAMES);
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  /** What was written is what there is. */
  private void keepWhatWas(String method) {
    ObjectNode written = cluster.sent(method).getLast();
    cluster.api().on("GET " + SECRET, 200, new String(Json.write(written), StandardCharsets.UTF_8));
  }

  private void begin() {
    cluster.api().on("POST " + SECRETS, 201, "{}").on("PUT " + SECRET, 200, "{}");
    duty.tell(served::add);
    duty.fulfil(false);
    keepWhatWas("POST");
  }

  private static String entry(ObjectNode secret, String name) {
    return new String(
        Base64.getDecoder().decode(secret.path("data").path(name).asText()),
        StandardCharsets.US_ASCII);
  }

  @Test
  void who_comes_first_keeps_what_it_issues_and_others_serve_that() {
    begin();
    Certificates other = replica();
    other.fulfil(false);

    assertThat(other.current().certificate()).isEqualTo(duty.current().certificate());
    assertThat(served).last().isEqualTo(duty.current());
    ObjectNode secret = cluster.sent("POST").getFirst();
    assertThat(secret.path("type").asText()).isEqualTo("kubernetes.io/tls");
    assertThat(entry(secret, "ca.crt")).isEqualTo(duty.current().trusted());
  }

  @Test
  void a_Secret_that_was_deleted_is_made_anew_with_what_is_trusted_already() throws Exception {
    begin();
    IssuedCertificates before = duty.current();
    cluster.api().on("GET " + SECRET, 404, "{}");

    duty.fulfil(false);

    assertThat(cluster.sent("POST")).hasSize(2);
    assertThat(duty.current().certificate()).isNotEqualTo(before.certificate());
    assertThat(duty.current().trusted()).endsWith(before.trusted());
    assertThat(entry(cluster.sent("POST").getLast(), "ca.crt")).endsWith(before.trusted());
    assertThat(served).last().isEqualTo(duty.current());
  }

  @Test
  void of_two_that_make_it_anew_the_second_serves_what_the_first_has_made() {
    begin();
    IssuedCertificates before = duty.current();
    cluster.api().on("GET " + SECRET, 404, "{}").on("POST " + SECRETS, 409, "{}");
    duty.fulfil(false);
    assertThat(duty.current()).as("until it is read").isEqualTo(before);

    cluster.api().on("POST " + SECRETS, 201, "{}");
    Certificates first = replica();
    first.fulfil(false);
    keepWhatWas("POST");
    duty.fulfil(false);
    assertThat(duty.current().certificate()).isEqualTo(first.current().certificate());
  }

  @Test
  void a_Secret_without_anything_usable_begins_anew() {
    begin();
    IssuedCertificates before = duty.current();
    cluster.has(
        SECRET,
        "{apiVersion: v1, kind: Secret, metadata: {namespace: graft, name: cert}, data: {tls.crt: '', tls.key: ''}}");

    duty.fulfil(false);

    assertThat(duty.current().trusted()).doesNotContain(before.trusted());
    assertThat(entry(cluster.sent("PUT").getLast(), "ca.crt")).isEqualTo(duty.current().trusted());
  }
}
