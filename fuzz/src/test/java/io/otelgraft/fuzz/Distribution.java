package io.otelgraft.fuzz;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/** Graft as it is packaged. */
final class Distribution {
  private static final Path HOME = Path.of("..", "runtime", "target", "graft");

  /** The plugins that it ships with. */
  static final Path PLUGINS = HOME.resolve("plugins");

  private static final String OWN = "graft-";

  private Distribution() {}

  /**
   * A number that is made of Graft's own jars: another one whenever they change, and the same for
   * all who build the same.
   */
  static long seed() {
    CRC32 sum = new CRC32();
    try (Stream<Path> files = Files.walk(HOME)) {
      List<Path> jars =
          files
              .filter(file -> file.getFileName().toString().matches(OWN + ".*\\.jar"))
              .sorted()
              .toList();
      if (jars.isEmpty()) {
        throw new IllegalStateException("no jars of Graft in " + HOME + "; package it before");
      }
      for (Path jar : jars) {
        sum.update(Files.readAllBytes(jar));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    // Far from the seeds that are always tried.
    return (1L << 32) | sum.getValue();
  }
}
