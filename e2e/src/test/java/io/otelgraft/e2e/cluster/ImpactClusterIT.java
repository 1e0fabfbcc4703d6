package io.otelgraft.e2e.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.e2e.Manifests;
import io.otelgraft.e2e.cluster.Impact.Delivery;
import io.otelgraft.e2e.cluster.Impact.Language;
import io.otelgraft.e2e.cluster.Impact.Run;
import io.otelgraft.e2e.cluster.Impact.Sampled;
import io.otelgraft.e2e.images.ContainerImages;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.RegisterExtension;

/**
 * What injection costs a pod: the figures of {@code docs/performance-impact.md}.
 *
 * <p>{@code -Dgraft.e2e.impact=write} measures all of them, and writes the page. Otherwise some are
 * measured, which shows that they can be, and that the page is as it would be written but for its
 * numbers.
 */
@ExtendWith(ClusterExtension.class)
final class ImpactClusterIT {

  private static final Path PAGE = Path.of("../docs/performance-impact.md");

  /** Go is off unless an administrator allows it. */
  @RegisterExtension
  static final GraftInstallation GRAFT =
      GraftInstallation.with("--set=settings.enabled-languages={go}");

  @Test
  void what_injection_costs_is_as_the_documentation_has_it(
      Cluster cluster, ContainerImages images, Namespace namespace) throws IOException {
    boolean all = System.getProperty("graft.e2e.impact", "").equals("write");
    Meter.Load load = all ? new Meter.Load(0, 4, 2) : new Meter.Load(1, 2, 1);
    List<Sampled> sampled = all ? List.of(Sampled.values()) : List.of(Sampled.ALL);

    Impact impact =
        Impact.measure(
            cluster,
            images,
            namespace,
            // What a machine may not be able to comes first.
            all ? List.of(Language.values()).reversed() : List.of(Language.NODEJS),
            sampled,
            language ->
                all ? new Meter.Load(language.warmUp(), load.repetitions(), load.each()) : load);

    String page = ImpactPage.of(impact, machine(cluster), load);
    System.out.println(page);
    for (Run run : impact.runs()) {
      assertPlausible(run);
    }
    for (Language language : impact.languages()) {
      assertPlausible(language, impact);
    }
    if (all) {
      Files.writeString(PAGE, page);
    }
    assertThat(Manifests.text(PAGE).lines())
        .as("what %s would be, if it were written with -Dgraft.e2e.impact=write", PAGE)
        .containsAll(page.lines().filter(line -> !line.matches(".*\\d.*")).toList());
  }

  private static void assertPlausible(Run run) {
    MeasuredPod pod = run.pod();
    assertThat(pod.untilStarted()).as("%s", run).isPositive();
    assertThat(pod.untilStarted() + pod.untilAnswered()).as("%s", run).isPositive();
    assertThat(pod.startCpu()).as("%s", run).isPositive();
    assertThat(pod.cpuPerRequest()).as("%s", run).allMatch(cpu -> cpu > 0);
    assertThat(pod.resident()).as("%s", run).isPositive().isLessThanOrEqualTo(pod.memory());
    assertThat(pod.init().isPresent()).as("%s", run).isEqualTo(run.delivery() == Delivery.COPY);
    pod.init()
        .ifPresent(init -> {
          assertThat(init.time()).as("%s", run).isPositive().isLessThan(pod.untilStarted());
          assertThat(init.cpu()).as("%s", run).isPositive();
          assertThat(init.peak()).as("%s", run).isPositive();
        });
    if (run.delivery() != Delivery.NONE) {
      switch (run.sampled()) {
        case NONE -> assertThat(run.spans()).as("%s", run).isZero();
        // How many, the page says: as fast as this, agents let some go.
        case TENTH, ALL -> assertThat(run.spans()).as("%s", run).isPositive();
      }
    }
  }

  private static void assertPlausible(Language language, Impact impact) {
    assertThat(impact.imageSizeOf(language)).as("%s", language).isPositive();
    MeasuredPod plain = impact.run(language, Delivery.NONE, Sampled.ALL).pod();
    for (Delivery delivery : language.deliveries()) {
      MeasuredPod injected = impact.run(language, delivery, Sampled.ALL).pod();
      assertThat(injected.resident())
          .as("%s of %s", delivery, language)
          .isGreaterThan(plain.resident());
      assertThat(Figure.of(injected.cpuPerRequest()).median())
          .as("%s of %s", delivery, language)
          .isGreaterThan(Figure.of(plain.cpuPerRequest()).median());
      if (delivery != Delivery.SIDECAR) {
        assertThat(injected.untilAnswered())
            .as("%s of %s", delivery, language)
            .isGreaterThan(plain.untilAnswered());
      }
    }
  }

  private static String machine(Cluster cluster) throws IOException {
    JsonNode node =
        Manifests.object(cluster.kubectl().run("get", "nodes", "--output=yaml")).at("/items/0");
    String processor =
        Files.readString(Path.of("/proc/cpuinfo"))
            .lines()
            .filter(line -> line.startsWith("model name"))
            .map(line -> line.replaceFirst(".*: *", ""))
            .findFirst()
            .orElse("an unnamed processor");
    return "On %s, on a machine with %s processors (%s), Linux %s, Kubernetes %s, %s."
        .formatted(
            LocalDate.now(ZoneOffset.UTC),
            node.at("/status/capacity/cpu").asText(),
            processor,
            node.at("/status/nodeInfo/kernelVersion").asText().replaceFirst("-.*", ""),
            node.at("/status/nodeInfo/kubeletVersion").asText(),
            node.at("/status/nodeInfo/containerRuntimeVersion").asText().replace("://", " "));
  }
}
