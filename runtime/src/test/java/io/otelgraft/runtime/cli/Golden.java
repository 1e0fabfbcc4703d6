package io.otelgraft.runtime.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that holds what a test expects. */
final class Golden {

  private Golden() {}

  /** Compares, or writes the file if the tests run with {@code -Dgolden=write}. */
  static void check(Path file, String actual) throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Files.writeString(file, actual);
      return;
    }
    assertThat(file)
        .as(
            "not as the code is: read what this writes, and commit it:"
                + " ./mvnw -pl runtime -am test -Dtest='MigrateTest,ExamplesTest,ReferenceTest'"
                + " -Dsurefire.failIfNoSpecifiedTests=false -Dgolden=write")
        .exists()
        .hasContent(actual);
  }
}
