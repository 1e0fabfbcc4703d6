package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.e2e.Directories;
import io.otelgraft.e2e.Finished;
import io.otelgraft.e2e.images.ContainerImage;
import io.otelgraft.e2e.images.ContainerImages;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;

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

  /** Where it serves the webhooks in its pods. */
  private static final int WEBHOOK_PORT = 9443;

  private final Kubectl kubectl;
  private final Path helm;
  private final List<String> values;
  private final String image;

  private GraftRelease(Kubectl kubectl, Path helm, String image) {
    this.kubectl = kubectl;
    this.helm = helm;
    this.image = image;
    int colon = image.lastIndexOf(':');
    this.values =
        List.of(
            "--set=image.repository=" + image.substring(0, colon),
            "--set-string=image.tag=" + image.substring(colon + 1),
            "--set=image.pullPolicy=Never");
  }

  /**
   * Installs it, and waits until it is ready.
   *
   * @param image Graft's
   * @param options of {@code helm install}, such as {@code --set}
   */
  static GraftRelease install(
      Cluster cluster, ContainerImages images, ContainerImage image, String... options) {
    GraftRelease release = in(cluster, images, image);
    release.deploy("install", options);
    return release;
  }

  /** What is to be installed in a namespace that is there, by {@link #shell}. */
  static GraftRelease in(Cluster cluster, ContainerImages images, ContainerImage image) {
    GraftRelease release = new GraftRelease(cluster.kubectl(), images.helm(), cluster.load(image));
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
    return release;
  }

  /** The name of its image, as pods have it. */
  String image() {
    return image;
  }

  /**
   * Runs commands as a user does in the checkout, with {@code helm} and {@code kubectl} for this
   * cluster; but that what Helm installs has the image of these tests.
   *
   * @return what they printed
   * @throws IllegalStateException when one fails; the message has what was printed
   */
  String shell(String commands) {
    try {
      Path programs = Files.createTempDirectory("graft-programs-");
      try {
        Files.createSymbolicLink(programs.resolve("kubectl"), kubectl.program().toAbsolutePath());
        Path shim =
            Files.writeString(
                programs.resolve("helm"),
                """
                #!/bin/sh
                [ "$1" != install ] || set -- "$@" %s
                exec %s "$@"
                """
                    .formatted(String.join(" ", values), helm.toAbsolutePath()));
        Files.setPosixFilePermissions(shim, PosixFilePermissions.fromString("rwx------"));
        return shell(commands, programs);
      } finally {
        Directories.delete(programs);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String shell(String commands, Path programs) {
    ProcessBuilder bash = new ProcessBuilder("bash", "-euo", "pipefail", "-c", commands);
    bash.directory(Path.of("..").toAbsolutePath().normalize().toFile()).redirectErrorStream(true);
    bash.environment().put("KUBECONFIG", kubectl.kubeconfig().toAbsolutePath().toString());
    bash.environment().merge("PATH", programs.toString(), (path, first) -> first + ":" + path);
    Finished finished = Finished.run(bash, "");
    if (finished.exit() != 0) {
      throw new IllegalStateException(
          commands + "\n" + finished.output() + finished.errors() + describe());
    }
    return finished.output();
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
    return ofEachPod(pod -> kubectl.run("get", "--raw", managed(pod, "readyz")));
  }

  /** Something of each of its pods, by the pod's name. */
  private <T> Map<String, T> ofEachPod(Function<String, T> look) {
    Map<String, T> found = new TreeMap<>();
    for (JsonNode pod : pods()) {
      String name = pod.at("/metadata/name").asText();
      found.put(name, look.apply(name));
    }
    return found;
  }

  /** The path of the API at which a pod's management port answers. */
  private static String managed(String pod, String path) {
    return "/api/v1/namespaces/%s/pods/%s:8080/proxy/%s".formatted(NAMESPACE, pod, path);
  }

  /** The serial number of the certificate that each of its pods shows. */
  Map<String, BigInteger> servedSerials() {
    return ofEachPod(pod -> ServedCertificate.serial(kubectl, NAMESPACE, pod, WEBHOOK_PORT));
  }

  /** The resident memory of each of its pods' processes, in bytes. */
  Map<String, Long> residentMemory() {
    return ofEachPod(pod ->
        MetricSample.at(kubectl, managed(pod, "metrics")).stream()
            .filter(sample -> sample.name().equals("process_resident_memory_bytes"))
            .mapToLong(sample -> (long) sample.value())
            .findFirst()
            .orElseThrow());
  }

  /** The samples of a metric that the API server tells of itself. */
  List<MetricSample> ofApiServer(String metric) {
    return MetricSample.ofApiServer(kubectl).stream()
        .filter(sample -> sample.name().equals(metric))
        .toList();
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
    kubectl.run("delete", "namespace", NAMESPACE, "--wait=true", "--ignore-not-found");
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
