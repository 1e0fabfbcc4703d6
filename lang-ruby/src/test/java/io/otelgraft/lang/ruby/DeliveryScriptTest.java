package io.otelgraft.lang.ruby;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.testkit.Shell;
import io.otelgraft.testkit.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** Runs the script in each shell that is here, on a directory laid out as the agent's image. */
@ParameterizedClass
@MethodSource("io.otelgraft.testkit.Shell#all")
final class DeliveryScriptTest {
  private final Shell shell;

  @TempDir private Path root;
  private Path source;
  private Path agent;

  DeliveryScriptTest(Shell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void an_image_without_an_entry_and_a_volume() throws IOException {
    source = root.resolve("image");
    agent = Files.createDirectories(root.resolve("agent"));
    write("gems/opentelemetry-sdk-1.8.0/lib/opentelemetry-sdk.rb");
  }

  private void write(String file) throws IOException {
    Path path = source.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, "it");
  }

  private Result deliver() {
    return shell.run(Map.of(), DeliveryScript.of(source.toString(), agent.toString()));
  }

  @Test
  void the_agent_is_copied_and_the_file_that_Ruby_loads_is_written() throws IOException {
    write("src/autoinstrumentation.rb");

    assertThat(deliver()).isEqualTo(new Result(0, ""));
    assertThat(agent.resolve("gems/opentelemetry-sdk-1.8.0/lib/opentelemetry-sdk.rb")).exists();
    assertThat(agent.resolve("src/autoinstrumentation.rb")).exists();
    Path attach = agent.resolve("attach.rb");
    assertThat(attach)
        .content()
        .contains("rescue ScriptError, StandardError => e", "(datadog|ddtrace|newrelic_rpm|");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(attach)))
        .isEqualTo("rw-r--r--");
  }

  @Test
  void what_ran_before_can_run_again() throws IOException {
    write("musl/opentelemetry-auto-instrumentation.rb");
    deliver();

    assertThat(deliver()).isEqualTo(new Result(0, ""));
    assertThat(agent.resolve("musl/opentelemetry-auto-instrumentation.rb")).exists();
  }

  @Test
  void an_image_without_an_entry_leaves_the_file_that_Ruby_loads_and_nothing_else() {
    Result nothing = deliver();

    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.output())
        .isEqualTo(
            "the agent's image has neither %s/src/autoinstrumentation.rb nor the like in glibc or musl: Ruby starts as it was\n"
                .formatted(source));
    assertThat(agent.toFile().list()).containsExactly("attach.rb");
  }
}
