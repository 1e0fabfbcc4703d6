package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The blocks of YAML in the specification that belong to injection, as they stand there: {@code
 * NN-title.yaml}, NN being the place of the block in the document. What is a fragment was completed
 * to {@code NN-title.completed.yaml}, whose first line says with what.
 *
 * <p>Beside them stands what was reviewed by hand: {@code .lint.txt}, what lint says of the block;
 * {@code .injected.yaml} and {@code .findings.txt}, what inject prints and tells. What differs is
 * left in {@code target/specification} for comparison.
 */
final class SpecificationTest {
  private static final Path FOLDER = Path.of("src/test/resources/specification");
  private static final Path ACTUAL = Path.of("target/specification");

  /** Blocks that are whole and ask for injection, so that there is nothing to complete. */
  private static final Set<String> WHOLE = Set.of("41-flask");

  static Stream<String> blocks() throws IOException {
    return names(".yaml").filter(name -> !name.contains("."));
  }

  static Stream<String> workloads() throws IOException {
    return Stream.concat(names(".completed.yaml").map(name -> name + ".completed"), WHOLE.stream())
        .sorted();
  }

  private static Stream<String> names(String ending) throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(ending))
          .map(name -> name.substring(0, name.length() - ending.length()))
          .sorted()
          .toList()
          .stream();
    }
  }

  @ParameterizedTest
  @MethodSource("blocks")
  void a_block_is_linted_as_it_stands(String name) throws IOException {
    var run = graftReading(read(name + ".yaml"), "lint", "-f", "-");

    compare(name + ".lint.txt", run.exit() == ExitCode.NOT_DONE ? run.err() : run.out());
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void a_workload_is_injected(String name) throws IOException {
    var run = graftReading(read(name + ".yaml"), "inject", "-f", "-");

    compare(name + ".injected.yaml", run.out());
    compare(name + ".findings.txt", run.err());
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void a_workload_that_was_injected_is_left_as_it_is(String name) throws IOException {
    var once = graftReading(read(name + ".yaml"), "inject", "-f", "-").out();

    assertThat(graftReading(once, "inject", "-f", "-").out()).isEqualTo(once);
  }

  @Test
  void a_block_without_workloads_leaves_inject_as_it_came() throws IOException {
    var unchanged =
        blocks()
            .filter(name -> !List.of("01-pod", "17-sidecar-pattern", "41-flask").contains(name));

    assertThat(unchanged.toList())
        .hasSizeGreaterThan(10)
        .allSatisfy(name -> {
          var run = graftReading(read(name + ".yaml"), "inject", "-f", "-");
          assertThat(run).isEqualTo(new CommandLineRun(0, read(name + ".yaml"), ""));
        });
  }

  @Test
  void two_pods_without_a_line_between_them_are_refused_with_the_place() throws IOException {
    var run = graftReading(read("01-pod.yaml"), "inject", "-f", "-");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("graft: stdin:14:1: duplicate key \"apiVersion\"")
        .contains("put a line --- between two objects")
        .containsOnlyOnce("\n");
  }

  @Test
  void a_workload_whose_resource_is_nowhere_is_rejected_and_nothing_printed() throws IOException {
    var run = graftReading(read("17-sidecar-pattern.yaml"), "inject", "-f", "-");

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .contains("stdin:30:1: error: Deployment default/my-app:")
        .contains("finds no Instrumentation in namespace default")
        .contains("--resources");
  }

  /** Indentation aside, the lines of the block stand in the completed one, in their order. */
  @Test
  void what_was_completed_still_has_the_block_in_it() throws IOException {
    for (String name : names(".completed.yaml").filter(one -> !one.equals("01-pod")).toList()) {
      var completed = lines(name + ".completed.yaml").iterator();
      for (String line : lines(name + ".yaml")) {
        boolean found = line.isEmpty() || line.startsWith("# Step");
        while (!found && completed.hasNext()) {
          found = completed.next().equals(line);
        }
        assertThat(found).as(name + ": " + line).isTrue();
      }
    }
  }

  private static List<String> lines(String file) throws IOException {
    return read(file).lines().map(String::strip).toList();
  }

  private static String read(String file) throws IOException {
    return Files.readString(FOLDER.resolve(file));
  }

  private static void compare(String file, String actual) throws IOException {
    Files.createDirectories(ACTUAL);
    Files.writeString(ACTUAL.resolve(file), actual);
    assertThat(FOLDER.resolve(file)).exists();
    assertThat(actual).isEqualTo(read(file));
  }
}
