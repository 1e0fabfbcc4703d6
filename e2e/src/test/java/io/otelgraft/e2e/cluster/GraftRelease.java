package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.e2e.Finished;
import io.otelgraft.e2e.images.ContainerImage;
import io.otelgraft.e2e.images.ContainerImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Graft in a cluster as its users have it: installed by Helm, with the rights that the chart gives
 * it, in a namespace that holds its pods to the restricted standard.
 */
final class GraftRelease implements AutoCloseable {

  /** Where it is, and what it and its Deployment are called. */
  static final String NAMESPACE = "opentelemetry-operator-system";

  static final String NAME = "opentelemetry-operator";

  private static final String CHART =
      Path.of("../deploy/helm/opentelemetry-operator").toAbsolutePath().normalize().toString();
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Duration LOOK = Duration.ofMillis(200);

  private final Kubectl kubectl;
  private final Path helm;
  private final List<String> values;

  private GraftRelease(Kubectl kubectl, Path helm, List<String> values) {
    this.kubectl = kubectl;
    this.helm = helm;
    this.values = List.copyOf(values);
  }

  /**
   * Installs it, and waits until it is ready.
   *
   * @param image Graft's
   * @param options of {@code helm install}, such as {@code --set}
   */
  static GraftRelease install(
      Cluster cluster, ContainerImages images, ContainerImage image, String... options) {
    String reference = cluster.load(image);
    int colon = reference.lastIndexOf(':');
    GraftRelease release =
        new GraftRelease(
            cluster.kubectl(),
            images.helm(),
            List.of(
                "--set=image.repository=" + reference.substring(0, colon),
                "--set-string=image.tag=" + reference.substring(colon + 1),
                "--set=image.pullPolicy=Never"));
    release.kubectl.runWithInput(
        """
        apiVersion: v1
        kind: Namespace
        metadata:
          name: %s
          labels: {pod-security.kubernetes.io/enforce: restricted}
        """
            .formatted(NAMESPACE),
        "apply",
        "--filename=-");
    release.deploy("install", options);
    return release;
  }

  private void deploy(String how, String... options) {
    List<String> arguments = new ArrayList<>(List.of(how, NAME, CHART));
    arguments.addAll(values);
    arguments.addAll(List.of("--wait", "--timeout=3m"));
    arguments.addAll(List.of(options));
    try {
      helm(arguments);
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "\n" + describe(), e);
    }
  }

  /** Changes its values, and waits until that is rolled out. */
  void upgrade(String... options) {
    deploy("upgrade", options);
  }

  /** Runs {@code helm test}; gives what it printed. */
  String test() {
    return helm(List.of("test", NAME, "--timeout=2m"));
  }

  /** Removes it. */
  void uninstall() {
    helm(List.of("uninstall", NAME, "--wait", "--timeout=2m"));
  }

  private String helm(List<String> arguments) {
    List<String> words =
        new ArrayList<>(
            List.of(
                helm.toString(),
                "--kubeconfig=" + kubectl.kubeconfig(),
                "--namespace=" + NAMESPACE));
    words.addAll(arguments);
    Finished finished = Finished.run(new ProcessBuilder(words), "");
    if (finished.exit() != 0) {
      throw new IllegalStateException(
          "helm %s: %s%s"
              .formatted(String.join(" ", arguments), finished.output(), finished.errors()));
    }
    return finished.output();
  }

  /** kubectl in its namespace. */
  String kubectl(String... arguments) {
    List<String> words = new ArrayList<>(List.of("--namespace=" + NAMESPACE));
    words.addAll(List.of(arguments));
    return kubectl.run(words.toArray(String[]::new));
  }

  /** What kubectl says in its namespace, be it that it fails. */
  String attempt(String... arguments) {
    List<String> words = new ArrayList<>(List.of("--namespace=" + NAMESPACE));
    words.addAll(List.of(arguments));
    return kubectl.attempt(words.toArray(String[]::new));
  }

  /**
   * Waits until something is so.
   *
   * @throws IllegalStateException when that does not come in time
   */
  void await(BooleanSupplier wanted, Duration deadline) {
    long end = System.nanoTime() + deadline.toNanos();
    while (!wanted.getAsBoolean()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("it is not as wanted within " + deadline);
      }
      LockSupport.parkNanos(LOOK.toNanos());
    }
  }

  /** An object of its namespace, or of the cluster. */
  JsonNode get(String kind, String name) {
    return read(kubectl("get", kind, name, "--output=json"));
  }

  /** The sections of languages, and other fields, that the definition of Instrumentation has. */
  JsonNode sections() {
    return get("crd", "instrumentations.opentelemetry.io")
        .at("/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties");
  }

  /** Waits until its Deployment has all of its pods, of its present generation, available. */
  void awaitRollout(Duration deadline) {
    awaitRollout(NAME, deadline);
  }

  /** The same for another Deployment beside it. */
  void awaitRollout(String deployment, Duration deadline) {
    kubectl(
        "rollout", "status", "deployment/" + deployment, "--timeout=" + deadline.toSeconds() + "s");
  }

  /** Its pods that are not about to end. */
  List<JsonNode> pods() {
    List<JsonNode> pods = new ArrayList<>();
    for (JsonNode pod :
        read(kubectl(
                "get", "pods", "--selector=app.kubernetes.io/component=operator", "--output=json"))
            .path("items")) {
      if (!pod.path("metadata").has("deletionTimestamp")) {
        pods.add(pod);
      }
    }
    return pods;
  }

  /** What each of its pods answers to {@code /readyz}. */
  Map<String, String> readiness() {
    Map<String, String> readiness = new TreeMap<>();
    for (JsonNode pod : pods()) {
      String name = pod.at("/metadata/name").asText();
      readiness.put(
          name,
          kubectl.run(
              "get",
              "--raw",
              "/api/v1/namespaces/%s/pods/%s:8080/proxy/readyz".formatted(NAMESPACE, name)));
    }
    return readiness;
  }

  /** What its pods have logged. */
  String log() {
    return kubectl(
        "logs", "--selector=app.kubernetes.io/component=operator", "--prefix", "--tail=-1");
  }

  /** What there is to know when a test fails. */
  String describe() {
    return "--- %s\n%s\n%s\n%s"
        .formatted(
            NAMESPACE,
            attempt("get", "all,leases", "--output=wide"),
            attempt("get", "events", "--sort-by=.lastTimestamp"),
            attempt(
                "logs",
                "--selector=app.kubernetes.io/component=operator",
                "--prefix",
                "--tail=100"));
  }

  /** Removes it if it is there, with its namespace. */
  @Override
  public void close() {
    if (helm(List.of("list", "--short")).lines().anyMatch(NAME::equals)) {
      uninstall();
    }
    kubectl.run("delete", "namespace", NAMESPACE, "--wait=true");
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
