package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.images.ContainerImages;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.file.Path;
import org.opentest4j.TestAbortedException;

/**
 * Measures pods on their node: a pod that sees the node's cgroups and has its network, with the
 * program {@code e2e/impact/measure.py}. The cluster has to be one of one node.
 */
final class Meter {

  /**
   * How a pod is asked once it has answered: one request after the other.
   *
   * @param warmUp so many seconds before anything counts
   * @param repetitions so often is measured
   * @param each so many seconds
   */
  record Load(int warmUp, int repetitions, int each) {}

  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Path PROGRAM = Path.of("impact", "measure.py");
  private static final String NAME = "meter";
  private static final String MOUNTED = "/meter/measure.py";

  private final Namespace namespace;

  private Meter(Namespace namespace) {
    this.namespace = namespace;
  }

  /**
   * Starts it in a namespace.
   *
   * @throws TestAbortedException where the node's accounts are not to be read
   */
  static Meter start(Cluster cluster, ContainerImages images, Namespace namespace) {
    ObjectNode program = Manifests.object("{apiVersion: v1, kind: ConfigMap}");
    program.withObject("/metadata").put("name", NAME);
    program.withObject("/data").put(PROGRAM.getFileName().toString(), Manifests.text(PROGRAM));
    namespace.apply(program.toString());
    // Of the image, its Python is of use.
    namespace.apply(
        """
        apiVersion: v1
        kind: Pod
        metadata: {name: %1$s}
        spec:
          hostNetwork: true
          terminationGracePeriodSeconds: 1
          containers:
          - name: %1$s
            image: %2$s
            command: [python, -c, 'import signal; signal.pause()']
            volumeMounts:
            - {name: program, mountPath: /meter}
            - {name: node, mountPath: /host, readOnly: true}
          volumes:
          - {name: program, configMap: {name: %1$s}}
          - {name: node, hostPath: {path: /}}
        """
            .formatted(NAME, cluster.load(images.flaskApp())));
    namespace.awaitReady(NAME, Shop.SOON);
    try {
      namespace.kubectl("exec", NAME, "--", "python", MOUNTED, "check");
    } catch (IllegalStateException e) {
      throw new TestAbortedException(
          "could not run here: the node does not show what pods take: " + e.getMessage(), e);
    }
    return new Meter(namespace);
  }

  /**
   * Creates a pod on the node's network, measures it from its start on, and leaves it running.
   *
   * @param pod has a container {@code app} that answers {@code /hello/you}
   * @param port where it does
   */
  MeasuredPod measure(ObjectNode pod, int port, Load load) {
    Process measuring =
        namespace.start(
            "exec",
            "--stdin",
            NAME,
            "--",
            "python",
            MOUNTED,
            Integer.toString(port),
            Integer.toString(load.warmUp),
            Integer.toString(load.repetitions),
            Integer.toString(load.each));
    try (BufferedReader said = measuring.inputReader(UTF_8);
        Writer input = measuring.outputWriter(UTF_8)) {
      line(said, measuring);
      JsonNode created =
          MAPPER.readTree(
              namespace.kubectlWithInput(
                  pod.toString(), "create", "--filename=-", "--output=json"));
      input.write(created.at("/metadata/uid").asText() + "\n");
      input.flush();
      JsonNode measured = MAPPER.readTree(line(said, measuring));
      return MeasuredPod.read(
          measured,
          namespace.await(
              "pod",
              created.at("/metadata/name").asText(),
              // What it answers with is known before the API has it.
              state -> state.at("/status/containerStatuses/0").has("containerID"),
              Shop.SOON));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      measuring.destroy();
    }
  }

  private static String line(BufferedReader said, Process measuring) throws IOException {
    String line = said.readLine();
    if (line == null) {
      throw new IllegalStateException(
          "nothing is measured: " + new String(measuring.getErrorStream().readAllBytes(), UTF_8));
    }
    return line;
  }

  /** Removes a pod, and waits until it is gone, so that another can listen where it did. */
  void remove(String pod) {
    namespace.kubectl("delete", "pod", pod, "--grace-period=1", "--wait=true");
  }
}
