package io.otelgraft.e2e.cluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Commands as the guides have them, for tests to run. */
final class Guide {

  private Guide() {}

  /**
   * A block of commands.
   *
   * @param file in the checkout
   * @param heading the line of the heading that it stands below
   * @param number 1 for the first block below that
   */
  static String commands(String file, String heading, int number) {
    try {
      String text = Files.readString(Path.of("..").resolve(file));
      int at = text.indexOf("\n" + heading + "\n");
      for (int i = 0; i < number && at >= 0; i++) {
        at = text.indexOf("\n```sh\n", at + 1);
      }
      if (at < 0) {
        throw new IllegalStateException(
            "%s has no block %d of commands below %s".formatted(file, number, heading));
      }
      int begin = at + "\n```sh\n".length();
      return text.substring(begin, text.indexOf("\n```\n", begin) + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
