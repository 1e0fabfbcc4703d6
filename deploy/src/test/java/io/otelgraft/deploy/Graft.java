package io.otelgraft.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The packaged command line. */
final class Graft {

  /** The folder that {@code ./mvnw package} makes. */
  static final Path DISTRIBUTION = Path.of("../runtime/target/graft").toAbsolutePath().normalize();

  private Graft() {}

  /** Runs a command that has to succeed: its standard output. */
  static String run(String... arguments) {
    try {
      Process process = command(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
      process.getOutputStream().close();
      String out = new String(process.getInputStream().readAllBytes(), UTF_8);
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
      assertThat(process.exitValue()).as("graft " + String.join(" ", arguments)).isZero();
      return out;
    } catch (IOException | InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /** A command that nobody's settings reach. */
  static ProcessBuilder command(String... arguments) {
    List<String> command = new ArrayList<>(List.of(DISTRIBUTION.resolve("bin/graft").toString()));
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().keySet().removeIf(name -> name.startsWith("GRAFT_"));
    builder.environment().put("GRAFT_AOT", "off");
    builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
    return builder;
  }
}
