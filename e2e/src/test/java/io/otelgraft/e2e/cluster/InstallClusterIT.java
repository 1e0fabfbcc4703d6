package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.fixtures.Compatibility;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Graft as README.md has it installed: what a user sees of it from then on. */
@ExtendWith(ClusterExtension.class)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class InstallClusterIT {

  private static final Duration SOON = Duration.ofSeconds(60);

  /** Pods are counted once a minute. */
  private static final Duration COUNTED = Duration.ofSeconds(100);

  private static final String HOST =
      "opentelemetry-operator-webhook.opentelemetry-operator-system.svc";

  private static final List<String> CONFIGURATIONS =
      List.of(
          "mutatingwebhookconfiguration/opentelemetry-operator-mutation",
          "validatingwebhookconfiguration/opentelemetry-operator-validation");

  private static final String INSTRUMENTATION =
      """
      apiVersion: opentelemetry.io/v1alpha1
      kind: Instrumentation
      metadata: {name: instrumentation}
      spec:
        exporter: {endpoint: "http://otel-collector.observability.svc.cluster.local:4318"}
      """;

  private static final String[] DRY_RUN = {
    "create", "--dry-run=server", "--output=json", "--filename=-"
  };

  /** Makes the image, which is made for all tests already. */
  private static final String MAKE_THE_IMAGE = "deploy/image/build\n";

  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.by(
          Guide.commands("README.md", "## Install", 1).substring(MAKE_THE_IMAGE.length()));

  /** Of pods that were replaced. */
  private static final StringBuilder LOGGED = new StringBuilder();

  private static String busybox;

  @BeforeAll
  static void an_image(Cluster cluster, ContainerImages images) {
    busybox = cluster.load(images.busybox());
  }

  /** A Deployment of two pods whose template has an annotation. */
  private static String deployment(String name, String annotation, String value) {
    return """
    apiVersion: apps/v1
    kind: Deployment
    metadata: {name: %1$s}
    spec:
      replicas: 2
      selector: {matchLabels: {app: %1$s}}
      template:
        metadata:
          labels: {app: %1$s}
          annotations: {%2$s: "%3$s"}
        spec:
          terminationGracePeriodSeconds: 0
          containers:
          - name: app
            image: %4$s
            command: [sh, -c, "env; exec tail -f /dev/null"]
    """
        .formatted(name, annotation, value, busybox);
  }

  private static List<String> caBundles() {
    List<String> bundles = new ArrayList<>();
    for (String configuration : CONFIGURATIONS) {
      String[] parts = configuration.split("/", -1);
      for (JsonNode webhook : GRAFT.release().get(parts[0], parts[1]).path("webhooks")) {
        bundles.add(webhook.at("/clientConfig/caBundle").asText());
      }
    }
    return bundles;
  }

  private static String authority() {
    return GRAFT
        .release()
        .get("secret", "opentelemetry-operator-webhook-cert")
        .at("/data/ca.crt")
        .asText();
  }

  @Test
  void once_it_is_ready_both_replicas_are_and_the_API_server_trusts_them() {
    assertThat(
            GRAFT
                .release()
                .get("deployment", GraftRelease.NAME)
                .at("/status/readyReplicas")
                .asInt())
        .isEqualTo(2);
    assertThat(caBundles()).hasSize(4).containsOnly(authority());
    assertThat(new String(Base64.getDecoder().decode(authority()), US_ASCII))
        .startsWith("-----BEGIN CERTIFICATE-----");
    assertThat(GRAFT.release().get("lease", GraftRelease.NAME).at("/spec/holderIdentity").asText())
        .startsWith(GraftRelease.NAME);
  }

  /** What the chart grants is all that it needs: a right that it lacks would be told here. */
  @Test
  @Order(Integer.MAX_VALUE - 3)
  @Compatibility("8-rights")
  void nothing_that_it_does_is_forbidden() {
    assertThat(GRAFT.release().readiness().values())
        .hasSize(2)
        .allSatisfy(readiness ->
            assertThat(readiness)
                .contains("[+]cluster ok\n", "[+]duties ok\n", "[+]caBundle ok\n"));
    assertThat(LOGGED).as("of the pods before the upgrade").contains("webhooks on https://");
    assertThat(LOGGED.append(GRAFT.release().log()).toString())
        .contains("webhooks on https://")
        .doesNotContain("forbidden", " 403", " ERROR ");
  }

  @Test
  void the_first_page_s_commands_install_it_and_its_own_test_passes() {
    assertThat(Guide.commands("README.md", "## Install", 1)).startsWith(MAKE_THE_IMAGE);
    assertThat(GRAFT.told())
        .contains("STATUS: deployed", "Phase:          Succeeded")
        .doesNotContain("Phase:          Failed");
  }

  @Test
  void the_first_page_s_commands_have_a_workload_injected(Cluster cluster) {
    cluster.kubectl().run("create", "namespace", "shop");
    try {
      cluster
          .kubectl()
          .runWithInput(
              deployment("cart", "example.com/owner", "me"),
              "--namespace=shop",
              "apply",
              "--filename=-");

      assertThat(GRAFT.release().shell(Guide.commands("README.md", "## Install", 2)))
          .contains(
              "instrumentation.opentelemetry.io/instrumentation created",
              "deployment.apps/cart patched");

      // Its agent's image cannot be pulled here: that a pod asks for it is looked at.
      GRAFT
          .release()
          .await(
              () -> {
                String pods =
                    cluster.kubectl().run("--namespace=shop", "get", "pods", "--output=json");
                return pods.contains("-javaagent:/otel-auto-instrumentation/javaagent.jar")
                    && pods.contains("otelgraft.io/injected");
              },
              SOON);
      GRAFT
          .release()
          .await(
              () ->
                  cluster
                      .kubectl()
                      .run("--namespace=shop", "get", "instrumentations")
                      .lines()
                      .anyMatch(line -> line.endsWith("True")),
              SOON);
    } finally {
      cluster.kubectl().run("delete", "namespace", "shop", "--wait=false");
    }
  }

  @Test
  void an_Instrumentation_says_how_it_is(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);

    JsonNode accepted =
        namespace.await(
            "instrumentation", "instrumentation", one -> Namespace.isTrue(one, "Ready"), SOON);
    assertThat(Namespace.isTrue(accepted, "Accepted")).isTrue();
    assertThat(accepted.at("/status/observedGeneration").asInt()).isEqualTo(1);
    assertThat(accepted.at("/status/languages/java/image").asText()).contains("java");
    assertThat(accepted.at("/status/languages/python/image").asText()).contains("python");
    assertThat(namespace.kubectl("get", "otelinst").lines().toList().getLast())
        .contains("instrumentation", "True");
  }

  @Test
  void one_by_which_no_pod_could_be_injected_is_refused(Namespace namespace) {
    // What the definition says of itself.
    assertThat(
            namespace.toldOf(
                INSTRUMENTATION + "  sampler: {type: parentbased_traceidratio, argument: often}\n"))
        .contains("The Instrumentation \"instrumentation\" is invalid: spec.sampler.argument:");
    // What it cannot say.
    assertThat(
            namespace.toldOf(
                INSTRUMENTATION + "  resource: {resourceAttributes: {team: \"${K8S_TEAM}\"}}\n"))
        .contains(
            "The Instrumentation \"instrumentation\" is invalid:"
                + " spec.resource.resourceAttributes.team: holds ${K8S_TEAM}, which is no"
                + " variable");
    assertThat(namespace.kubectl("get", "otelinst", "--output=name")).isEmpty();
  }

  @Test
  void the_pods_of_an_annotated_workload_are_injected_and_counted(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);
    assertThat(
            namespace.toldOf(
                deployment("cart", "instrumentation.opentelemetry.io/inject-sdk", "true")))
        .doesNotContain("Warning");

    namespace.awaitRollout("deployment/cart", SOON);
    assertThat(namespace.kubectl("logs", "deployment/cart"))
        .contains("OTEL_SERVICE_NAME=cart\n")
        .contains("OTEL_EXPORTER_OTLP_ENDPOINT=http://otel-collector.observability")
        .contains("k8s.namespace.name=" + namespace.name())
        .contains("k8s.deployment.name=cart");
    namespace.await(
        "instrumentation",
        "instrumentation",
        one ->
            one.at("/status/pods/injected").asInt() == 2
                && one.at("/status/workloads/injected").asInt() == 1,
        COUNTED);
    assertThat(namespace.kubectl("get", "events.events.k8s.io", "--output=wide"))
        .containsPattern("Injected .*replicaset/cart-");
  }

  /** The agent's image cannot be pulled here; what is admitted is looked at. */
  @Test
  void a_language_s_agent_is_delivered(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);

    assertThat(admitted(namespace))
        .contains("opentelemetry-auto-instrumentation-java")
        .contains("JAVA_TOOL_OPTIONS")
        .contains("-javaagent:/otel-auto-instrumentation/javaagent.jar");
  }

  @Test
  void a_pod_that_asks_for_what_is_not_there_is_rejected_with_what_to_do(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);

    String told =
        namespace.attempt(
            "run",
            "cart",
            "--image=" + busybox,
            "--annotations=instrumentation.opentelemetry.io/inject-java=instrumentatoin");

    assertThat(told)
        .startsWith(
            "Error from server (Forbidden): admission webhook \"mpod.kb.io\" denied the request:")
        .contains(
            "names the Instrumentation %s/instrumentatoin, which does not exist"
                .formatted(namespace.name()))
        .contains("has: instrumentation;");
    assertThat(namespace.kubectl("get", "pods", "--output=name")).isEmpty();
  }

  @Test
  @Compatibility("2-events")
  void whose_pods_are_rejected_is_told_so_by_an_event(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);
    namespace.apply(
        deployment("cart", "instrumentation.opentelemetry.io/inject-java", "instrumentatoin"));

    awaitEvent(namespace, "Rejected .*replicaset/cart-.*instrumentatoin");
  }

  private static void awaitEvent(Namespace namespace, String pattern) {
    Pattern event = Pattern.compile(pattern, Pattern.DOTALL);
    GRAFT
        .release()
        .await(
            () ->
                event
                    .matcher(namespace.kubectl("get", "events.events.k8s.io", "--output=wide"))
                    .find(),
            SOON);
  }

  @Test
  void a_dry_run_leaves_no_traces(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);
    namespace.await(
        "instrumentation", "instrumentation", one -> Namespace.isTrue(one, "Ready"), SOON);
    // Events would be about who makes the pods.
    namespace.apply(
        """
        apiVersion: apps/v1
        kind: ReplicaSet
        metadata: {name: tried}
        spec:
          replicas: 0
          selector: {matchLabels: {app: tried}}
          template:
            metadata: {labels: {app: tried}}
            spec: {containers: [{name: app, image: none}]}
        """);
    String owner = namespace.get("replicaset", "tried").at("/metadata/uid").asText();
    List<String> before = traces(namespace);

    assertThat(namespace.kubectlWithInput(tried(owner, "true"), DRY_RUN))
        .contains("JAVA_TOOL_OPTIONS");
    assertThatThrownBy(() -> namespace.kubectlWithInput(tried(owner, "instrumentatoin"), DRY_RUN))
        .hasMessageContaining("admission webhook \"mpod.kb.io\" denied the request:");
    assertThat(
            namespace.kubectlWithInput(
                deployment("cart", "instrumentation.opentelemetry.io/inject-java", "true"),
                DRY_RUN))
        .contains("inject-java");

    // What is told of a pod that was to be created for good is told after all that was before.
    namespace.apply(
        deployment("cart", "instrumentation.opentelemetry.io/inject-java", "instrumentatoin"));
    awaitEvent(namespace, "Rejected .*replicaset/cart-");
    namespace.kubectl("delete", "deployment", "cart", "--cascade=foreground");
    assertThat(traces(namespace)).isEqualTo(before);
  }

  /** A pod as the controller of a ReplicaSet would make it. */
  private static String tried(String owner, String instrumentation) {
    return """
    apiVersion: v1
    kind: Pod
    metadata:
      name: tried-1
      labels: {app: tried}
      annotations: {instrumentation.opentelemetry.io/inject-java: "%s"}
      ownerReferences:
      - {apiVersion: apps/v1, kind: ReplicaSet, name: tried, uid: %s, controller: true}
    spec: {containers: [{name: app, image: none}]}
    """
        .formatted(instrumentation, owner);
  }

  /**
   * The names of all objects that a test's namespace and Graft's have, of any kind, but for those
   * of the Deployment {@code cart}; who leads; and the pods that an Instrumentation counts.
   */
  private static List<String> traces(Namespace namespace) {
    String kinds =
        GRAFT
            .release()
            .kubectl("api-resources", "--namespaced", "--verbs=list", "--output=name")
            .lines()
            .collect(Collectors.joining(","));
    List<String> traces = new ArrayList<>();
    namespace
        .kubectl("get", kinds, "--output=name")
        .lines()
        .filter(name -> !name.contains("/cart"))
        .forEach(traces::add);
    // Events there are about Graft's own pods.
    GRAFT
        .release()
        .kubectl("get", kinds, "--output=name")
        .lines()
        .filter(name -> !name.startsWith("event"))
        .forEach(traces::add);
    traces.add(GRAFT.release().get("lease", GraftRelease.NAME).at("/spec/holderIdentity").asText());
    JsonNode status = namespace.get("instrumentation", "instrumentation").path("status");
    for (String counted : List.of("pods", "workloads")) {
      for (String count : List.of("injected", "outdated", "notInjected")) {
        traces.add(counted + " " + count + ": " + status.path(counted).path(count).asInt());
      }
    }
    return traces;
  }

  @Test
  void who_applies_a_workload_is_warned_of_what_its_pods_lack(Namespace namespace) {
    String told =
        namespace.toldOf(
            deployment("cart", "instrumentation.opentelemetry.io/inject-java", "true"));

    assertThat(told)
        .contains("Warning: ")
        .contains("deployment.apps/cart created")
        .contains(namespace.name())
        .contains("Instrumentation");
  }

  @Test
  void who_annotates_a_pod_that_runs_is_told_where_it_would_count(Namespace namespace) {
    namespace.kubectl("run", "cart", "--image=" + busybox);

    assertThat(
            namespace.attempt(
                "annotate", "pod", "cart", "instrumentation.opentelemetry.io/inject-java=true"))
        .contains("Warning: ")
        .contains("template")
        .contains("pod/cart annotated");
    double left = notAsked();
    assertThat(namespace.attempt("annotate", "pod", "cart", "example.com/owner=me"))
        .isEqualTo("pod/cart annotated\n");
    assertThat(notAsked()).as("updates that Graft is not even asked about").isGreaterThan(left);
  }

  /** How many updates of pods the API server has found that its conditions rule out. */
  private static double notAsked() {
    return GRAFT
        .release()
        .ofApiServer("apiserver_admission_match_condition_exclusions_total")
        .stream()
        .filter(sample -> "mpod.kb.io".equals(sample.labels().get("name")))
        .filter(sample -> "UPDATE".equals(sample.labels().get("operation")))
        .mapToDouble(MetricSample::value)
        .sum();
  }

  @Test
  void a_caBundle_that_somebody_resets_is_set_again() {
    for (String configuration : CONFIGURATIONS) {
      GRAFT
          .release()
          .kubectl(
              "patch",
              configuration,
              "--type=json",
              "--patch=[{\"op\": \"remove\", \"path\": \"/webhooks/0/clientConfig/caBundle\"}]");
    }

    GRAFT.release().await(() -> caBundles().stream().allMatch(authority()::equals), SOON);
  }

  @Test
  void a_definition_that_was_made_by_an_older_one_is_brought_up_to_date() {
    GRAFT
        .release()
        .kubectl(
            "patch",
            "crd",
            "instrumentations.opentelemetry.io",
            "--type=json",
            "--patch=[{\"op\": \"remove\", \"path\":"
                + " \"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/java\"},"
                + " {\"op\": \"add\", \"path\":"
                + " \"/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/quill\","
                + " \"value\": {\"type\": \"object\", \"properties\": {\"image\": {\"type\":"
                + " \"string\"}}}}]");

    // A section that somebody else may have a plugin for stays.
    GRAFT
        .release()
        .await(
            () -> {
              JsonNode sections = GRAFT.release().sections();
              return sections.has("java") && sections.has("quill");
            },
            SOON);
  }

  @Test
  @Order(Integer.MAX_VALUE - 4)
  void other_values_are_rolled_out_and_Helm_leaves_alone_what_is_Graft_s(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);
    List<String> before = caBundles();
    LOGGED.append(GRAFT.release().log());

    GRAFT.release().upgrade("--set=settings.compatibility=operator", "--set=replicas=2");

    assertThat(caBundles()).isEqualTo(before);
    assertThat(GRAFT.release().pods()).hasSize(2);
    String pod =
        namespace.kubectl(
            "run",
            "cart",
            "--image=" + busybox,
            "--annotations=instrumentation.opentelemetry.io/inject-java=true",
            "--dry-run=server",
            "--output=json");
    assertThat(pod).contains("-javaagent:/otel-auto-instrumentation-java-cart/javaagent.jar");
  }

  @Test
  @Order(Integer.MAX_VALUE - 2)
  void a_certificate_of_one_s_own_is_served_as_it_changes(
      Cluster cluster, Namespace namespace, @TempDir Path folder) throws IOException {
    namespace.apply(INSTRUMENTATION);
    Certificate authority = Certificate.of(HOST);
    Path trusted = Files.writeString(folder.resolve("ca.crt"), authority.certificate());
    Certificate first = authority.sign(HOST, 0, 90);
    keep(cluster, first);

    GRAFT
        .release()
        .upgrade(
            "--set=certificates.source=secret",
            "--set=certificates.secret.name=graft-tls",
            "--set-file=certificates.secret.caBundle=" + trusted);

    assertThat(caBundles()).hasSize(4).containsOnly(Certificate.base64(authority.certificate()));
    awaitServed(first);
    isInjected(namespace);

    Certificate second = authority.sign(HOST, 0, 90);
    keep(cluster, second);
    // A kubelet looks after its pods' volumes once a minute, and when a pod has changed.
    GRAFT
        .release()
        .kubectl(
            "annotate",
            "pods",
            "--selector=app.kubernetes.io/component=operator",
            "example.com/changed=now");
    awaitServed(second);
    isInjected(namespace);
    // A replica of before sees its rights go before it goes itself.
    Collection<String> replicas = GRAFT.release().servedSerials().keySet();
    assertThat(
            GRAFT
                .release()
                .log()
                .lines()
                .filter(line -> replicas.stream().anyMatch(line::contains))
                .collect(Collectors.joining("\n")))
        .contains("webhooks on https")
        .doesNotContain("forbidden", " 403", " ERROR ");
  }

  private static void keep(Cluster cluster, Certificate certificate) {
    cluster
        .kubectl()
        .runWithInput(
            certificate.secret("graft-tls"),
            "apply",
            "--namespace=" + GraftRelease.NAMESPACE,
            "--filename=-");
  }

  private static void awaitServed(Certificate certificate) {
    BigInteger serial = ServedCertificate.serial(certificate.certificate());
    GRAFT
        .release()
        .await(
            () -> {
              Collection<BigInteger> served = GRAFT.release().servedSerials().values();
              return served.size() == 2 && served.stream().allMatch(serial::equals);
            },
            COUNTED);
  }

  /** That a pod has an agent that is created now. */
  private static void isInjected(Namespace namespace) {
    assertThat(admitted(namespace)).contains("otelgraft.io/injected");
  }

  /** A pod that asks for Java, as it would be if it were created now. */
  private static String admitted(Namespace namespace) {
    return namespace.kubectl(
        "run",
        "cart",
        "--image=" + busybox,
        "--annotations=instrumentation.opentelemetry.io/inject-java=true",
        "--dry-run=server",
        "--output=json");
  }

  @Test
  @Order(Integer.MAX_VALUE - 1)
  void uninstalled_it_leaves_the_resources_and_nothing_in_the_way_of_pods(Namespace namespace) {
    namespace.apply(INSTRUMENTATION);

    GRAFT.release().uninstall();

    for (String configuration : CONFIGURATIONS) {
      assertThat(GRAFT.release().attempt("get", configuration)).contains("NotFound");
    }
    assertThat(
            GRAFT
                .release()
                .attempt("get", "deployments,services,serviceaccounts,configmaps", "--output=name"))
        .doesNotContain(GraftRelease.NAME);
    assertThat(GRAFT.release().attempt("get", "clusterroles,clusterrolebindings", "--output=name"))
        .doesNotContain("/" + GraftRelease.NAME);
    assertThat(namespace.kubectl("get", "otelinst", "--output=name"))
        .isEqualTo("instrumentation.opentelemetry.io/instrumentation\n");
    namespace.kubectl(
        "run",
        "cart",
        "--image=" + busybox,
        "--annotations=instrumentation.opentelemetry.io/inject-java=true",
        "--command",
        "--",
        "tail",
        "-f",
        "/dev/null");
    namespace.awaitReady("cart", SOON);
  }

  @Test
  @Order(Integer.MAX_VALUE)
  void the_plain_manifests_install_it_as_well(Namespace namespace) {
    String commands =
        Guide.commands("docs/install.md", "## With kubectl", 1)
            .replace("registry.example.com/graft:1", GRAFT.release().image());
    assertThat(commands).contains(GRAFT.release().image());
    try {
      GRAFT.release().shell(commands);

      assertThat(caBundles()).hasSize(4).containsOnly(authority());
      assertThat(GRAFT.release().readiness().values())
          .hasSize(2)
          .allSatisfy(readiness ->
              assertThat(readiness)
                  .contains("[+]cluster ok\n", "[+]duties ok\n", "[+]caBundle ok\n"));
      namespace.apply(INSTRUMENTATION);
      isInjected(namespace);
      assertThat(GRAFT.release().log()).doesNotContain("forbidden", " 403", " ERROR ");
    } finally {
      GRAFT
          .release()
          .kubectl(
              "delete",
              "--ignore-not-found",
              "--filename="
                  + Path.of("../deploy/manifests/opentelemetry-operator.yaml").toAbsolutePath());
    }
  }
}
