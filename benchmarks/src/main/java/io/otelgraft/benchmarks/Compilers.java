package io.otelgraft.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;

/**
 * The threads with which a JVM compiles.
 *
 * @see <a href="https://docs.kernel.org/filesystems/proc.html">The /proc filesystem, 1.1 and
 *     3.1</a>
 */
final class Compilers {

  /** The unit of times in {@code /proc}: USER_HZ is 100 wherever Linux runs a JVM. */
  private static final Duration TICK = Duration.ofMillis(10);

  /** In {@code stat}, after the name, which ends with the last parenthesis: utime and stime. */
  private static final int UTIME = 11;

  private Compilers() {}

  /** The processor time that they have taken since the process was started. */
  static Duration timeOf(long pid) {
    try (Stream<Path> tasks = Files.list(Path.of("/proc/" + pid + "/task"))) {
      return TICK.multipliedBy(tasks.mapToLong(Compilers::ticks).sum());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long ticks(Path task) {
    try {
      String stat = Files.readString(task.resolve("stat"));
      if (!stat.contains("(C1 Compiler") && !stat.contains("(C2 Compiler")) {
        return 0;
      }
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      return Long.parseLong(fields[UTIME]) + Long.parseLong(fields[UTIME + 1]);
    } catch (NoSuchFileException ended) {
      return 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
