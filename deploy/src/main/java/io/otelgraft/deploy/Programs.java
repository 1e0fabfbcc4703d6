package io.otelgraft.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Runs other programs to their end, with nothing in their environment but the PATH. */
final class Programs {

  private static final int LONGEST_MINUTES = 10;

  private Programs() {}

  /**
   * Runs a program that has to succeed.
   *
   * @return all it printed
   * @throws Unbuildable if it cannot be run, fails, or does not end; the message has all it printed
   */
  static String run(List<String> command) {
    return attempt(command, true)
        .orElseThrow(() -> new Unbuildable(command.getFirst() + " is missing; install it"));
  }

  /** Runs a program that may fail or be missing: all it printed; empty then. */
  static Optional<String> tryToRun(List<String> command) {
    return attempt(command, false);
  }

  private static Optional<String> attempt(List<String> command, boolean mustSucceed) {
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    // Where Debian has chroot and its like, for users as well.
    builder.environment().put("PATH", path + ":/usr/sbin:/sbin");
    builder.environment().put("LC_ALL", "C");
    try {
      Process process = builder.start();
      process.getOutputStream().close();
      String printed = new String(process.getInputStream().readAllBytes(), UTF_8);
      boolean ended = process.waitFor(LONGEST_MINUTES, TimeUnit.MINUTES);
      if (!ended) {
        process.destroyForcibly();
      }
      if (ended && process.exitValue() == 0) {
        return Optional.of(printed);
      }
      if (mustSucceed) {
        throw new Unbuildable(
            "%s %s:%n%s"
                .formatted(
                    String.join(" ", command),
                    ended ? "failed with exit code " + process.exitValue() : "does not end",
                    printed));
      }
      return Optional.empty();
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Unbuildable("interrupted while running " + command.getFirst());
    }
  }
}
