package io.otelgraft.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file that is made from the code, or from the chart. */
final class Golden {

  private Golden() {}

  /** Compares, or writes the file if the tests run with {@code -Dgolden=write}. */
  static void check(Path file, String actual) throws IOException {
    if ("write".equals(System.getProperty("golden"))) {
      Files.writeString(file, actual);
      return;
    }
    assertThat(Files.readString(file))
        .as(
            "%s is not what it is made from: read what this writes, and commit it:"
                + " ./mvnw -pl deploy -am verify -Dtest=none -Dsurefire.failIfNoSpecifiedTests=false"
                + " -Dit.test='ValuesIT,ChartIT' -Dfailsafe.failIfNoSpecifiedTests=false"
                + " -Dgolden=write",
            file)
        .isEqualTo(actual);
  }
}
