package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Nodes that do not exist: in place of their kubelets, kwok says that their pods run. Only pods
 * that ask for them come to them.
 */
final class FakeNodes implements AutoCloseable {

  private static final String LABEL = "e2e.otelgraft.io/fake";

  private static final Duration READY = Duration.ofSeconds(60);

  private final Kubectl kubectl;
  private final Process kwok;
  private final Path log;

  private FakeNodes(Kubectl kubectl, Process kwok, Path log) {
    this.kubectl = kubectl;
    this.kwok = kwok;
    this.log = log;
  }

  /**
   * None as yet.
   *
   * @param directory with kwok and its configuration
   */
  static FakeNodes of(Kubectl kubectl, Path directory) {
    try {
      Path log = Files.createTempFile("kwok-", ".log");
      Process kwok =
          new ProcessBuilder(
                  directory.resolve("kwok").toString(),
                  "--kubeconfig=" + kubectl.kubeconfig(),
                  "--config=" + directory.resolve("stages.yaml"),
                  "--node-lease-duration-seconds=40",
                  "--manage-nodes-with-label-selector=" + LABEL)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      return new FakeNodes(kubectl, kwok, log);
    } catch (IOException e) {
      throw new UncheckedIOException("kwok", e);
    }
  }

  /**
   * Adds so many, and waits until they are ready.
   *
   * @throws IllegalStateException when they do not become so; the message has what kwok says
   */
  void add(int count) {
    try {
      kubectl.runWithInput(
          IntStream.range(0, count).mapToObj(FakeNodes::node).collect(Collectors.joining()),
          "create",
          "--filename=-");
      kubectl.run(
          "wait",
          "node",
          "--for=condition=Ready",
          "--selector=" + LABEL,
          "--timeout=" + READY.toSeconds() + "s");
    } catch (IllegalStateException e) {
      throw new IllegalStateException(e.getMessage() + "; kwok: " + log(), e);
    }
  }

  /** Has a pod come to these nodes. */
  static void choose(ObjectNode podSpec) {
    podSpec.withObject("/nodeSelector").put(LABEL, "true");
    podSpec.withArray("/tolerations").addObject().put("key", LABEL).put("operator", "Exists");
  }

  private static String node(int number) {
    return """
    ---
    apiVersion: v1
    kind: Node
    metadata:
      name: fake-%1$d
      labels: {%2$s: "true", kubernetes.io/os: linux, kubernetes.io/hostname: fake-%1$d}
    spec:
      taints: [{key: %2$s, effect: NoSchedule}]
    status:
      allocatable: {cpu: "32", memory: 256Gi, pods: "110", ephemeral-storage: 1Ti}
      capacity: {cpu: "32", memory: 256Gi, pods: "110", ephemeral-storage: 1Ti}
    """
        .formatted(number, LABEL);
  }

  private String log() {
    try {
      return Files.readString(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Removes them. Pods that are left are in nobody's way if they have a {@code
   * terminationGracePeriodSeconds} of 0: nobody says of others that they have ended.
   */
  @Override
  public void close() {
    try {
      kubectl.run("delete", "node", "--selector=" + LABEL);
      Files.delete(log);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      kwok.destroy();
    }
  }
}
