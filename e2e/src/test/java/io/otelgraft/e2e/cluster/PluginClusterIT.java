package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.e2e.images.ContainerImages;
import io.otelgraft.fixtures.PluginJar;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A language that does not come with Graft is dropped into a Graft that runs. */
@ExtendWith(ClusterExtension.class)
final class PluginClusterIT {

  /** The kubelet looks after the files of a ConfigMap once a minute or so. */
  private static final Duration NOTICED = Duration.ofMinutes(4);

  private static final String LOADED = "plugin lute/ loaded";

  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.with(
          "--set=plugins[0].name=lute",
          "--set=plugins[0].volume.configMap.name=lute-plugin",
          "--set=plugins[0].volume.configMap.optional=true");

  @Test
  void a_jar_in_a_ConfigMap_brings_a_language_without_a_restart(
      Cluster cluster, ContainerImages images, Namespace namespace, @TempDir Path folder) {
    String ask = "--annotations=instrumentation.opentelemetry.io/inject-lute=true";
    String busybox = cluster.load(images.busybox());
    assertThat(GRAFT.release().sections().has("lute")).isFalse();

    Path jar =
        PluginJar.language("lute")
            .declaring(".title(\"Lute\").section(\"lute\")")
            .member(
                """
                public void inject(Injection injection) {
                  for (var target : injection.targets()) {
                    injection.edit(target).env().setIfAbsent("LUTE_TRACES", "on");
                  }
                }
                """)
            .in(folder);
    GRAFT.release().kubectl("create", "configmap", "lute-plugin", "--from-file=" + jar);
    // Each replica has it as its own kubelet noticed.
    GRAFT.release().await(() -> logs().stream().allMatch(log -> log.contains(LOADED)), NOTICED);
    GRAFT.release().await(() -> GRAFT.release().sections().has("lute"), NOTICED);
    namespace.apply(
        """
        apiVersion: opentelemetry.io/v1alpha1
        kind: Instrumentation
        metadata: {name: instrumentation}
        spec:
          lute: {env: [{name: LUTE_LEVEL, value: "3"}]}
        """);
    // The API server may tell the replicas of a section that is new a moment late, and each of them
    // answers some of these.
    GRAFT
        .release()
        .await(
            () ->
                IntStream.range(0, 8)
                    .mapToObj(_ ->
                        namespace.attempt(
                            "run",
                            "cart",
                            "--image=" + busybox,
                            ask,
                            "--dry-run=server",
                            "--output=json"))
                    .allMatch(answer -> answer.contains("LUTE_LEVEL")),
            NOTICED);

    namespace.kubectl(
        "run", "cart", "--image=" + busybox, ask, "--command", "--", "tail", "-f", "/dev/null");
    namespace.awaitReady("cart", Duration.ofSeconds(60));
    assertThat(namespace.kubectl("exec", "cart", "--", "env"))
        .contains("LUTE_TRACES=on", "LUTE_LEVEL=3");
    assertThat(GRAFT.release().pods())
        .allSatisfy(
            pod -> assertThat(pod.at("/status/containerStatuses/0/restartCount").asInt()).isZero());
  }

  private static List<String> logs() {
    return GRAFT.release().pods().stream()
        .map(pod -> GRAFT.release().kubectl("logs", pod.at("/metadata/name").asText()))
        .toList();
  }
}
