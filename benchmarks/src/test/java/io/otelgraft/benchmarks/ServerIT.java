package io.otelgraft.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerIT {

  private static List<Figure> measured(Part part) {
    Progress progress =
        new Progress(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));
    part.measure(progress);
    assertThat(progress.figures())
        .allMatch(figure -> figure.value() > 0 || figure.unit() == Unit.ERRORS);
    return progress.figures();
  }

  private static void assumeLoadGenerator() {
    boolean installed =
        List.of(System.getenv("PATH").split(File.pathSeparator, -1)).stream()
            .anyMatch(folder -> Files.isExecutable(Path.of(folder, "h2load")));
    assumeTrue(installed, "could not run here: h2load is missing (Debian: nghttp2-client)");
  }

  @Test
  void the_server_is_started_and_manifests_are_injected() {
    assertThat(measured(new Start(Distribution.given(), 1)))
        .extracting(Figure::name)
        .contains("start.ready", "start.answered", "start.memory", "inject");
  }

  @Test
  void the_server_is_loaded_in_turn_with_one_that_does_nothing() {
    assumeLoadGenerator();

    assertThat(measured(new ServerUnderLoad(Distribution.given(), ServerUnderLoad.Effort.LEAST)))
        .extracting(Figure::name)
        .contains(
            "load.annotated.8.rate",
            "load.plain.8.share",
            "load.annotated.1.p99",
            "paced.annotated.p99.9",
            "load.memory");
  }

  @Test
  void a_plugin_is_replaced_under_load_without_a_wrong_answer() {
    List<Figure> figures =
        measured(new PluginSwap(Distribution.given(), 2, 100, Duration.ofSeconds(15)));

    assertThat(figures)
        .filteredOn(figure -> figure.name().equals("swap.wrong"))
        .singleElement()
        .matches(Figure::isMet);
  }

  @Test
  void a_server_with_many_resources_still_injects() {
    assumeLoadGenerator();

    assertThat(measured(new LargeCluster(Distribution.given(), 20, Duration.ofSeconds(3))))
        .extracting(Figure::name)
        .contains("large.memory");
  }
}
