package io.otelgraft.testkit;

import com.github.difflib.DiffUtils;
import com.github.difflib.UnifiedDiffUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.opentest4j.AssertionFailedError;

/** A file that holds what a test expects. */
final class Golden {
  private static final int LINES_AROUND = 3;

  private Golden() {}

  /** Compares, or writes the file if the tests run with {@code -Dgolden=write}. */
  static void check(Path file, String actual) throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
      return;
    }
    if (!Files.exists(file)) {
      throw new AssertionFailedError(
          file
              + " does not exist; run the tests with -Dgolden=write, and read what they write:\n"
              + actual);
    }
    String expected = Files.readString(file);
    if (!expected.equals(actual)) {
      throw new AssertionFailedError(
          "not what "
              + file
              + " says; correct the plugin, or run the tests with -Dgolden=write:\n"
              + diff(file.getFileName().toString(), expected, actual),
          expected,
          actual);
    }
  }

  private static String diff(String name, String expected, String actual) {
    List<String> lines = List.of(expected.split("\n", -1));
    return String.join(
        "\n",
        UnifiedDiffUtils.generateUnifiedDiff(
            name + " (expected)",
            name + " (actual)",
            lines,
            DiffUtils.diff(lines, List.of(actual.split("\n", -1))),
            LINES_AROUND));
  }
}
