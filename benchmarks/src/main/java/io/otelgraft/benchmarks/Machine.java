package io.otelgraft.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/**
 * Where and of what a run was made.
 *
 * @param at when it began
 * @param cpu its model
 * @param cores how many processors Java sees
 * @param memory of the machine, in bytes
 * @param kernel name and version
 * @param jdk the version of the Java that measures and is measured
 * @param revision of the sources, with {@code -dirty} if they are changed
 * @param load the average number of runnable processes of the minute before
 */
record Machine(
    Instant at,
    String cpu,
    int cores,
    long memory,
    String kernel,
    String jdk,
    String revision,
    double load) {

  /** Above this share of the cores, others take enough of the time to be seen in the figures. */
  private static final double QUIET = 0.25;

  /** This machine now. */
  static Machine here() {
    return new Machine(
        Instant.now().truncatedTo(ChronoUnit.SECONDS),
        field("/proc/cpuinfo", "model name"),
        Runtime.getRuntime().availableProcessors(),
        1024 * Long.parseLong(field("/proc/meminfo", "MemTotal").split(" ", 2)[0]),
        System.getProperty("os.name") + " " + System.getProperty("os.version"),
        System.getProperty("java.vendor") + " " + Runtime.version(),
        checkedOut(),
        Double.parseDouble(read("/proc/loadavg").split(" ", 2)[0]));
  }

  /** Whether others leave the processors to the measurement. */
  boolean isQuiet() {
    return load <= QUIET * cores;
  }

  /** On a few lines, for people. */
  String text() {
    return String.format(
        Locale.ROOT,
        "%s, %d cores, %.1f GB, %s, %s%nrevision %s, %s, load average before %.2f%n",
        cpu,
        cores,
        memory / 1e9,
        kernel,
        jdk,
        revision,
        at,
        load);
  }

  ObjectNode toJson() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("at", at.toString())
        .put("cpu", cpu)
        .put("cores", cores)
        .put("memoryBytes", memory)
        .put("kernel", kernel)
        .put("jdk", jdk)
        .put("revision", revision)
        .put("loadBefore", load);
  }

  /** The value of the first line {@code key : value}; "unknown" if there is none. */
  static String field(String file, String key) {
    return read(file)
        .lines()
        .filter(line -> line.startsWith(key))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  private static String read(String file) {
    try {
      return Files.readString(Path.of(file));
    } catch (IOException e) {
      throw new UncheckedIOException("./bench measures on Linux, with /proc", e);
    }
  }

  private static String checkedOut() {
    try {
      Process git =
          new ProcessBuilder("git", "describe", "--always", "--dirty", "--abbrev=12")
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String revision = new String(git.getInputStream().readAllBytes(), UTF_8).strip();
      return revision.isEmpty() ? "unknown" : revision;
    } catch (IOException e) {
      return "unknown";
    }
  }
}
