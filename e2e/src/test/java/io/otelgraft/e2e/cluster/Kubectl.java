package io.otelgraft.e2e.cluster;

import io.otelgraft.e2e.Finished;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The program kubectl: access to a cluster as its users have it, with the messages that they see.
 */
final class Kubectl {

  private final Path program;
  private final Path kubeconfig;

  /**
   * Access to a cluster.
   *
   * @param program the program, of a version that fits the cluster's
   * @param kubeconfig where the cluster is, and as whom it is used
   */
  Kubectl(Path program, Path kubeconfig) {
    this.program = program;
    this.kubeconfig = kubeconfig;
  }

  /** The program itself. */
  Path program() {
    return program;
  }

  /** Where the cluster is, for other programs. */
  Path kubeconfig() {
    return kubeconfig;
  }

  /**
   * Runs it to its end.
   *
   * @return what it printed
   * @throws IllegalStateException when it fails, most often because the API server refused what it
   *     was asked; the message has what it said
   */
  String run(String... arguments) {
    return runWithInput("", arguments);
  }

  /** As {@link #run}, for arguments that have it read something, such as {@code -f -}. */
  String runWithInput(String input, String... arguments) {
    Finished kubectl = Finished.run(command(arguments), input);
    if (kubectl.exit() != 0) {
      throw new IllegalStateException(
          "kubectl %s: %s%s"
              .formatted(String.join(" ", arguments), kubectl.output(), kubectl.errors()));
    }
    return kubectl.output();
  }

  /** What it says, be it that it fails. */
  String attempt(String... arguments) {
    return attemptWithInput("", arguments);
  }

  /** As {@link #attempt}, for arguments that have it read something. */
  String attemptWithInput(String input, String... arguments) {
    Finished kubectl = Finished.run(command(arguments), input);
    return kubectl.output() + kubectl.errors();
  }

  /** Starts it, for what it prints as things happen. */
  Process start(String... arguments) {
    try {
      return command(arguments).start();
    } catch (IOException e) {
      throw new UncheckedIOException("kubectl", e);
    }
  }

  private ProcessBuilder command(String... arguments) {
    List<String> words = new ArrayList<>(List.of(program.toString(), "--kubeconfig=" + kubeconfig));
    words.addAll(List.of(arguments));
    return new ProcessBuilder(words);
  }
}
