package io.otelgraft.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * A shell of this machine, for tests of the scripts that a plugin has a container run.
 *
 * @param command how it is called
 */
public record Shell(List<String> command) {

  /** What became of a script. */
  public record Result(int exitCode, String output) {}

  /** {@code /bin/sh}, and those shells of images that this machine has. */
  public static Stream<Shell> all() {
    return Stream.of(List.of("/bin/sh"), List.of("/bin/dash"), List.of("/bin/busybox", "sh"))
        .filter(command -> Files.isExecutable(Path.of(command.getFirst())))
        .map(Shell::new);
  }

  /**
   * Runs a script to its end, as {@code command: [sh, -c]} of a container does.
   *
   * @param environment what is added to the environment of this process
   * @param script the script
   * @param arguments what follows it, the name of the script first
   * @return its exit code, and what it wrote to both of its outputs
   */
  public Result run(Map<String, String> environment, String script, String... arguments) {
    List<String> words = new ArrayList<>(command);
    words.add("-c");
    words.add(script);
    words.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(words).redirectErrorStream(true);
    builder.environment().putAll(environment);
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String output = new String(process.getInputStream().readAllBytes(), UTF_8);
      return new Result(process.waitFor(), output);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a script runs", e);
    }
  }

  @Override
  public String toString() {
    return String.join(" ", command);
  }
}
