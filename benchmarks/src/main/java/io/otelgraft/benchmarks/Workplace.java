package io.otelgraft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A folder for the files of a run, deleted at its end.
 *
 * @param folder the folder
 * @param credentials of the servers
 */
record Workplace(Path folder, Credentials credentials) implements AutoCloseable {

  /** A new one. */
  static Workplace open() {
    try {
      Path folder = Files.createTempDirectory("graft-bench-");
      Workplace workplace = new Workplace(folder, Credentials.in(folder));
      Files.writeString(workplace.resources(), Reviews.resources());
      for (Reviews review : Reviews.values()) {
        Files.write(workplace.body(review), review.bytes());
      }
      return workplace;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What {@link Reviews#resources} gives, as a file. */
  Path resources() {
    return folder.resolve("shop.yaml");
  }

  /** A review as a file. */
  Path body(Reviews review) {
    return folder.resolve(review.name().toLowerCase(Locale.ROOT) + ".json");
  }

  /** A new file of a name that is free. */
  Path newFile(String prefix, String suffix) {
    try {
      return Files.createTempFile(folder, prefix, suffix);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
