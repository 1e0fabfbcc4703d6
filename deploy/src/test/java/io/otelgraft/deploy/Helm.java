package io.otelgraft.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Helm, with Graft's chart. */
final class Helm {

  static final Path CHART = Path.of("helm/opentelemetry-operator");

  /** As what is rendered here may tell one version from the other. */
  private static final String KUBERNETES = "1.34";

  /** Makes programs that tests need, and knows where they are. */
  private static final Path MADE = Path.of("../e2e/made");

  private Helm() {}

  /**
   * What helm printed.
   *
   * @param exit its exit code
   * @param out its standard output
   * @param err its standard error
   */
  record Run(int exit, String out, String err) {}

  /** Skips the test, and says why, if there is no helm. */
  static void assumeThere() {
    assumeTrue(find().isPresent(), "could not run here: there is no helm; ./verify makes one");
  }

  private static Optional<Path> find() {
    if (Files.isExecutable(MADE)) {
      String folder = run(List.of(MADE.toString(), "--where", "../e2e/helm")).out().strip();
      Path made = Path.of(folder, "helm");
      if (Files.isExecutable(made)) {
        return Optional.of(made);
      }
    }
    return Stream.of(System.getenv("PATH").split(":", -1))
        .map(folder -> Path.of(folder, "helm"))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Runs helm. */
  static Run helm(String... arguments) {
    List<String> command = new ArrayList<>(List.of(find().orElseThrow().toString()));
    command.addAll(List.of(arguments));
    return run(command);
  }

  /** Renders the chart as {@code helm install} with these options would apply it. */
  static Run template(String... options) {
    return templateOf("opentelemetry-operator", options);
  }

  /** Renders the chart for a release of a name. */
  static Run templateOf(String release, String... options) {
    List<String> arguments = new ArrayList<>();
    arguments.addAll(List.of("template", release, CHART.toString()));
    arguments.addAll(List.of("--kube-version", KUBERNETES));
    arguments.addAll(List.of("--namespace", "opentelemetry-operator-system"));
    arguments.addAll(List.of(options));
    return helm(arguments.toArray(String[]::new));
  }

  private static Run run(List<String> command) {
    try {
      Path err = Files.createTempFile("helm", ".err");
      try {
        Process process = new ProcessBuilder(command).redirectError(err.toFile()).start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES)) {
          process.destroyForcibly();
          throw new AssertionError(command + " does not end");
        }
        return new Run(process.exitValue(), out, Files.readString(err));
      } finally {
        Files.delete(err);
      }
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
