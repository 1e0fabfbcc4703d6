package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImages;
import java.time.Duration;
import java.util.Base64;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Pods are injected while things come and go, or start without an agent where nobody is there. */
@ExtendWith(ClusterExtension.class)
final class AvailabilityClusterIT {

  @RegisterExtension static final GraftInstallation GRAFT = GraftInstallation.with();

  private static final Duration SOON = Duration.ofMinutes(2);
  private static final Duration ROLLOUT = Duration.ofMinutes(3);
  private static final int SOME = 50;
  private static final String SECRET = "opentelemetry-operator-webhook-cert";
  private static final String HOST =
      "opentelemetry-operator-webhook.opentelemetry-operator-system.svc";

  private Cluster cluster;
  private Namespace namespace;
  private String pod;

  @BeforeEach
  void pods_that_are_injected(Cluster cluster, ContainerImages images, Namespace namespace) {
    this.cluster = cluster;
    this.namespace = namespace;
    namespace.apply(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec: {exporter: {endpoint: "http://collector:4317"}}
        """);
    pod =
        """
        apiVersion: v1
        kind: Pod
        metadata:
          generateName: cart-
          annotations: {instrumentation.opentelemetry.io/inject-java: "true"}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - {name: app, image: "%s", command: [tail, -f, /dev/null]}
        """
            .formatted(cluster.load(images.busybox()));
    GRAFT.release().await(() -> injects(), SOON);
  }

  private boolean injects() {
    return namespace
        .kubectlWithInput(pod, "create", "--dry-run=server", "--output=json", "--filename=-")
        .contains("otelgraft.io/injected");
  }

  private AdmissionLoad load() {
    AdmissionLoad load = AdmissionLoad.start(cluster.kubectl(), namespace, pod);
    load.awaitInjected(SOME, SOON);
    return load;
  }

  private static void assertAllInjected(AdmissionLoad load) {
    assertThat(load.failures()).isEmpty();
    assertThat(load.unanswered()).as(load.lastProblem()).isZero();
  }

  @Test
  void no_pod_goes_without_an_agent_while_Graft_is_rolled_out_anew() {
    try (AdmissionLoad load = load()) {
      GRAFT.release().kubectl("rollout", "restart", "deployment/" + GraftRelease.NAME);
      GRAFT.release().awaitRollout(ROLLOUT);
      load.awaitInjected(SOME, SOON);

      assertAllInjected(load);
    }
  }

  @Test
  void no_pod_goes_without_an_agent_while_one_of_two_replicas_is_deleted() {
    try (AdmissionLoad load = load()) {
      String leader =
          GRAFT.release().get("lease", GraftRelease.NAME).at("/spec/holderIdentity").asText();
      JsonNode leading =
          GRAFT.release().pods().stream()
              .filter(pod -> leader.startsWith(pod.at("/metadata/name").asText()))
              .findFirst()
              .orElseThrow();
      GRAFT.release().kubectl("delete", "pod", leading.at("/metadata/name").asText());
      GRAFT.release().awaitRollout(ROLLOUT);
      load.awaitInjected(SOME, SOON);

      assertAllInjected(load);
    }
  }

  /** Sixty of its ninety days are over. */
  @Test
  void no_pod_goes_without_an_agent_while_the_certificate_is_renewed() {
    JsonNode secret = GRAFT.release().get("secret", SECRET);
    Certificate authority = new Certificate(entry(secret, "ca.crt"), entry(secret, "ca.key"));
    Certificate old = authority.sign(HOST, 61, 90);
    try (AdmissionLoad load = load()) {
      GRAFT
          .release()
          .kubectl(
              "patch",
              "secret",
              SECRET,
              "--patch={\"data\": {\"tls.crt\": \"%s\", \"tls.key\": \"%s\"}}"
                  .formatted(Certificate.base64(old.certificate()), Certificate.base64(old.key())));
      GRAFT
          .release()
          .await(
              () ->
                  !entry(GRAFT.release().get("secret", SECRET), "tls.crt")
                      .equals(old.certificate()),
              SOON);
      // New connections are made with it.
      GRAFT
          .release()
          .kubectl(
              "delete", "pod", GRAFT.release().pods().getFirst().at("/metadata/name").asText());
      GRAFT.release().awaitRollout(ROLLOUT);
      load.awaitInjected(SOME, SOON);

      assertAllInjected(load);
    }
  }

  @Test
  void no_pod_goes_without_an_agent_while_the_API_server_starts_anew() {
    try (AdmissionLoad load = load()) {
      cluster.restartApiServer();
      GRAFT.release().await(() -> load.unanswered() > 0, SOON);
      load.awaitInjected(SOME, SOON);

      assertThat(load.failures()).isEmpty();
    }
    GRAFT
        .release()
        .await(
            () ->
                GRAFT.release().readiness().values().stream()
                    .allMatch(readiness -> readiness.contains("[+]cluster ok\n")),
            SOON);
  }

  private static String entry(JsonNode secret, String name) {
    return new String(
        Base64.getDecoder().decode(secret.path("data").path(name).asText()), US_ASCII);
  }

  @Test
  void without_any_replica_pods_start_without_an_agent_and_later_ones_have_it_again() {
    GRAFT.release().kubectl("scale", "deployment/" + GraftRelease.NAME, "--replicas=0");
    GRAFT.release().await(() -> GRAFT.release().pods().isEmpty(), SOON);
    String name =
        namespace.kubectlWithInput(
            pod, "create", "--filename=-", "--output=jsonpath={.metadata.name}");
    JsonNode started = namespace.awaitReady(name, SOON);
    assertThat(started.at("/metadata/annotations").has("otelgraft.io/injected")).isFalse();

    GRAFT.release().kubectl("scale", "deployment/" + GraftRelease.NAME, "--replicas=2");
    GRAFT.release().awaitRollout(ROLLOUT);
    assertThat(injects()).isTrue();
  }
}
