package io.otelgraft.runtime.control;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.Health.State;
import io.otelgraft.runtime.tls.IssuedCertificates;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class WebhookTrustTest {
  private static final String PATH = "/apis/admissionregistration.k8s.io/v1/";
  private static final String MUTATING = PATH + "mutatingwebhookconfigurations/mutation";
  private static final String VALIDATING = PATH + "validatingwebhookconfigurations/validation";

  private final StandIn cluster = new StandIn();
  private final IssuedCertificates certificates = issued();
  private final String trusted =
      Base64.getEncoder()
          .encodeToString(certificates.trusted().getBytes(StandardCharsets.US_ASCII));
  private final WebhookTrust duty =
      new WebhookTrust(
          cluster.server(),
          List.of("mutation", "validation"),
          "graft",
          "webhook",
          () -> certificates);

  private static IssuedCertificates issued() {
    try {
      return IssuedCertificates.issue(List.of("webhook.graft.svc"), Instant.now());
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterEach
  void close() {
    cluster.close();
  }

  private void has(String path, String name, String bundle) {
    cluster.has(
        path,
        """
        metadata: {name: %s}
        webhooks:
        - name: pods.example.com
          clientConfig: {caBundle: "%s", service: {name: webhook, namespace: graft, path: /pods}}
        - name: other.example.com
          clientConfig: {caBundle: other, service: {name: webhook, namespace: elsewhere}}
        """
            .formatted(name, bundle));
  }

  @Test
  void the_leader_sets_what_is_not_so_and_leaves_alone_what_is_somebody_else_s() {
    has(MUTATING, "mutation", "");
    has(VALIDATING, "validation", trusted);
    cluster.api().on("PATCH " + MUTATING, 200, "{}");
    assertThat(duty.health().state()).isEqualTo(State.FAILED);

    duty.fulfil(true);

    assertThat(cluster.sent("PATCH")).hasSize(1);
    ObjectNode applied = cluster.sent("PATCH").getFirst();
    assertThat(applied.at("/metadata/name").asText()).isEqualTo("mutation");
    assertThat(applied.path("webhooks")).hasSize(1);
    assertThat(applied.at("/webhooks/0/name").asText()).isEqualTo("pods.example.com");
    assertThat(applied.at("/webhooks/0/clientConfig"))
        .isEqualTo(StandIn.tree("{caBundle: '%s'}".formatted(trusted)));
    assertThat(duty.health()).isEqualTo(Health.OK);
  }

  @Test
  void what_is_so_is_not_written_again_and_what_is_reset_is_set_again() {
    has(MUTATING, "mutation", trusted);
    has(VALIDATING, "validation", trusted);
    duty.fulfil(true);
    assertThat(cluster.sent("PATCH")).isEmpty();

    has(VALIDATING, "validation", "reset");
    cluster.api().on("PATCH " + VALIDATING, 200, "{}");
    duty.fulfil(true);
    assertThat(cluster.sent("PATCH")).hasSize(1);
    assertThat(duty.health()).as("a replica stays in service").isEqualTo(Health.OK);
  }

  @Test
  void who_does_not_lead_is_ready_once_the_leader_has_seen_to_it_and_looks_no_more() {
    has(MUTATING, "mutation", "old");
    has(VALIDATING, "validation", trusted);
    duty.fulfil(false);
    assertThat(duty.health().state()).isEqualTo(State.FAILED);
    assertThat(duty.health().message()).contains("mutation, validation", "do not trust");
    assertThat(cluster.sent("PATCH")).isEmpty();

    has(MUTATING, "mutation", trusted);
    duty.fulfil(false);
    assertThat(duty.health()).isEqualTo(Health.OK);
    long asked = cluster.asked("GET");
    duty.fulfil(false);
    assertThat(cluster.asked("GET")).isEqualTo(asked);
  }

  @Test
  void configurations_that_nobody_made_are_in_nobody_s_way() {
    duty.fulfil(false);

    assertThat(duty.health()).isEqualTo(Health.OK);
  }
}
