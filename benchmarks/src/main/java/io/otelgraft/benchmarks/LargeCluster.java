package io.otelgraft.benchmarks;

import io.otelgraft.benchmarks.ClosedLoad.Clients;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/**
 * The memory of a server that knows many resources. Of the objects in a cluster, Graft keeps no
 * others than these.
 *
 * @param distribution what is measured
 * @param each how many Namespaces, and how many Instrumentations
 * @param load how long pods are admitted
 */
record LargeCluster(Distribution distribution, int each, Duration load) implements Part {

  @Override
  public String name() {
    return "large";
  }

  @Override
  public void measure(Progress progress) {
    String cluster = String.format(Locale.ROOT, "%,d namespaces and Instrumentations", each);
    progress.step(cluster);
    try (Workplace workplace = Workplace.open();
        ServerProcess graft =
            ServerProcess.graft(
                distribution, workplace, distribution.plugins(), resources(workplace))) {
      ServerUnderLoad.answer(workplace, graft, Reviews.ANNOTATED);
      progress.add(
          Figure.of("large.ready", cluster + ", ready", graft.startToReady() / 1e9, Unit.SECONDS));
      progress.add(
          Figure.of("large.memory.idle", "  idle, RSS", graft.memory().resident(), Unit.MEBIBYTES));
      new ClosedLoad(workplace)
          .run(
              graft,
              ServerUnderLoad.PODS,
              Reviews.ANNOTATED,
              Clients.http1(8),
              Duration.ofSeconds(1),
              load);
      progress.add(
          Figure.of("large.memory", "  under load, peak RSS", graft.memory().peak(), Unit.MEBIBYTES)
              .limit(150));
    }
  }

  /** A namespace of a team with an Instrumentation of its own. */
  private static String team(int number) {
    return """
    ---
    apiVersion: v1
    kind: Namespace
    metadata:
      name: team-%1$d
      labels:
        kubernetes.io/metadata.name: team-%1$d
        team: team-%1$d
      annotations:
        owner: team-%1$d@example.com
    ---
    apiVersion: opentelemetry.io/v1alpha1
    kind: Instrumentation
    metadata:
      name: default
      namespace: team-%1$d
    spec:
      exporter:
        endpoint: http://collector.team-%1$d.svc.cluster.local:4317
      propagators: [tracecontext, baggage]
      sampler:
        type: parentbased_traceidratio
        argument: "0.1"
      resource:
        resourceAttributes:
          deployment.environment.name: production
          team: team-%1$d
      java:
        env:
        - name: OTEL_INSTRUMENTATION_MICROMETER_ENABLED
          value: "true"
    """
        .formatted(number);
  }

  private Path resources(Workplace workplace) {
    StringBuilder all = new StringBuilder(Reviews.resources());
    for (int i = 1; i <= each; i++) {
      all.append(team(i));
    }
    try {
      return Files.writeString(workplace.newFile("cluster", ".yaml"), all);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
