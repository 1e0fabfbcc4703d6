package io.otelgraft.e2e;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What came of a program that was run to its end.
 *
 * @param exit its exit code
 * @param output what it printed
 * @param errors what it printed as errors
 */
public record Finished(int exit, String output, String errors) {

  /**
   * Runs a program, and waits for its end.
   *
   * @param input what it reads
   * @throws UncheckedIOException when it cannot be started
   */
  public static Finished run(ProcessBuilder program, String input) {
    try {
      // Files: nobody has to read one stream while the program waits for another.
      Path in = Files.createTempFile("graft-", ".in");
      Path errors = Files.createTempFile("graft-", ".err");
      try {
        Files.writeString(in, input);
        Process process = program.redirectInput(in.toFile()).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Finished(end(process), output, Files.readString(errors));
      } finally {
        Files.delete(in);
        Files.delete(errors);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(program.command().getFirst(), e);
    }
  }

  private static int end(Process process) {
    try {
      return process.waitFor();
    } catch (InterruptedException e) {
      process.destroy();
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while a program works", e);
    }
  }
}
