package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The best practices of the specification, as {@code deploy/examples} has them. */
final class ExamplesTest {
  private static final Path EXAMPLES = Path.of("../deploy/examples");
  private static final Path EXPECTED = Path.of("src/test/resources/examples");

  static List<Path> examples() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList();
    }
  }

  /** What is expected is a difference, which is what a reader wants to see. */
  @ParameterizedTest
  @MethodSource("examples")
  void an_example_has_no_errors_and_is_injected_as_expected(Path example) throws IOException {
    String name = example.getFileName().toString().replace(".yaml", "");

    var lint = graft("lint", "-f", example.toString());
    var inject = graft("inject", "-f", example.toString(), "-o", "diff");

    assertThat(lint.exit()).as(lint.out()).isZero();
    assertThat(inject.exit()).as(inject.err()).isZero();
    Golden.check(EXPECTED.resolve(name + ".lint.txt"), lint.out());
    Golden.check(EXPECTED.resolve(name + ".diff"), inject.out());
  }

  @Test
  void there_is_nothing_expected_of_an_example_that_is_gone() throws IOException {
    List<String> names =
        examples().stream()
            .map(file -> file.getFileName().toString().replace(".yaml", ""))
            .toList();
    try (Stream<Path> expected = Files.list(EXPECTED)) {
      assertThat(expected)
          .extracting(
              file -> file.getFileName().toString().replaceAll("\\.lint\\.txt$|\\.diff$", ""))
          .isSubsetOf(names);
    }
  }

  /** The first step switches the SDK off, and that is told; the last has nothing to tell. */
  @Test
  void only_the_step_that_switches_the_sdk_off_is_warned_about() {
    var first = graft("lint", "-f", EXAMPLES.resolve("migration-1-beside.yaml").toString());
    var last = graft("lint", "-f", EXAMPLES.resolve("migration-4-agent-alone.yaml").toString());

    assertThat(first.out()).contains("[SdkDisabled]");
    assertThat(last.out()).isEmpty();
  }
}
