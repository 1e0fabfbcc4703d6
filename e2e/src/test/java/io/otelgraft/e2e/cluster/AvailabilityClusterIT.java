package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImages;
import java.math.BigInteger;
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
      GRAFT.release().kubectl("delete", "pod", leading().at("/metadata/name").asText());
      GRAFT.release().awaitRollout(ROLLOUT);
      load.awaitInjected(SOME, SOON);

      assertAllInjected(load);
    }
  }

  private static JsonNode leading() {
    String leader =
        GRAFT.release().get("lease", GraftRelease.NAME).at("/spec/holderIdentity").asText();
    return GRAFT.release().pods().stream()
        .filter(pod -> leader.startsWith(pod.at("/metadata/name").asText()))
        .findFirst()
        .orElseThrow();
  }

  /**
   * A process that is gone from one moment to the next answers nothing more: with {@code
   * failurePolicy: Ignore}, a pod whose review was on its way there starts without an agent, and so
   * may those that come until Kubernetes has noticed. None is kept from starting, and once it has
   * been noticed, none goes without.
   */
  @Test
  void no_admission_fails_while_one_of_two_replicas_is_killed_without_a_warning() {
    try (AdmissionLoad load = load()) {
      JsonNode killed = leading();
      String name = killed.at("/metadata/name").asText();
      int restarts = restarts(killed);

      cluster.kill(killed);
      load.awaitInjected(SOME, SOON);
      GRAFT
          .release()
          .await(
              () -> {
                JsonNode pod = GRAFT.release().get("pod", name);
                return restarts(pod) > restarts && Namespace.isTrue(pod, "Ready");
              },
              ROLLOUT);
      int without = load.failures().size();
      load.awaitInjected(2 * SOME, SOON);

      System.out.printf(
          "a replica was killed: %d pods had an agent, %d went without%n",
          load.injected(), without);
      assertThat(load.failures())
          .as("all were admitted, and since it is back, with an agent")
          .hasSize(without)
          .allMatch(failure -> failure.startsWith(AdmissionLoad.NOT_INJECTED));
      assertThat(load.unanswered()).as(load.lastProblem()).isZero();
      assertThat(without).as("pods without an agent").isLessThan(load.injected() / 2);
    }
  }

  private static int restarts(JsonNode pod) {
    return pod.at("/status/containerStatuses/0/restartCount").asInt();
  }

  /** Sixty of its ninety days are over; and then somebody deletes the Secret that it is in. */
  @Test
  void no_pod_goes_without_an_agent_while_the_certificate_is_renewed_and_made_anew() {
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
      awaitServed(ServedCertificate.serial(old.certificate()));

      BigInteger renewed =
          ServedCertificate.serial(entry(GRAFT.release().get("secret", SECRET), "tls.crt"));
      GRAFT.release().kubectl("delete", "secret", SECRET);
      awaitServed(renewed);

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

  /** Waits until all replicas show what is in the Secret, which is not what was before. */
  private static void awaitServed(BigInteger before) {
    GRAFT
        .release()
        .await(
            () -> {
              String told =
                  GRAFT
                      .release()
                      .kubectl("get", "secret", SECRET, "--output=json", "--ignore-not-found");
              if (told.isBlank()) {
                return false;
              }
              BigInteger kept =
                  ServedCertificate.serial(entry(GRAFT.release().get("secret", SECRET), "tls.crt"));
              return !kept.equals(before)
                  && GRAFT.release().servedSerials().values().stream().allMatch(kept::equals);
            },
            SOON);
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
