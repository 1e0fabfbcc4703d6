package io.otelgraft.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end. */
final class Processes {

  private static final int LONGEST_SECONDS = 120;

  private Processes() {}

  /**
   * Runs a program.
   *
   * @return its standard output
   * @throws IllegalStateException if it fails or does not end; the message has all it printed
   */
  static String run(ProcessBuilder builder) {
    String command = String.join(" ", builder.command());
    try {
      Process process = builder.redirectErrorStream(true).start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      if (!process.waitFor(LONGEST_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException(command + " does not end:\n" + printed);
      }
      if (process.exitValue() != 0) {
        throw new IllegalStateException(
            command + " ended with " + process.exitValue() + ":\n" + printed);
      }
      return printed;
    } catch (IOException e) {
      throw new IllegalStateException(command + " cannot be run", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while running " + command, e);
    }
  }
}
