package io.otelgraft.lang.php;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.testkit.Shell;
import io.otelgraft.testkit.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
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
  void an_empty_image_and_a_volume() throws IOException {
    source = Files.createDirectories(root.resolve("image with blanks"));
    agent = Files.createDirectories(root.resolve("agent"));
  }

  private void build(String place) throws IOException {
    write(place + "/opentelemetry.so", "extension of " + place);
    write(place + "/autoload.php", "packages of " + place);
    write(place + "/composer/autoload_real.php", "more of " + place);
  }

  private void write(String file, String text) throws IOException {
    Path path = source.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  private Result deliver(String only, String... directoriesAndHomes) {
    String script = DeliveryScript.of("'" + source + "'", agent.toString(), only);
    String[] arguments =
        Stream.concat(Stream.of("--"), Stream.of(directoriesAndHomes)).toArray(String[]::new);
    return shell.run(Map.of(), script, arguments);
  }

  /** All files of the agent, by their paths. */
  private List<String> delivered() throws IOException {
    try (Stream<Path> files = Files.walk(agent)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> agent.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void each_build_is_where_PHP_looks_for_it_and_packages_are_there_once_for_each_version()
      throws IOException {
    for (String place :
        List.of("20230831/glibc/non-zts", "20230831/glibc/zts", "20230831/musl/non-zts")) {
      build(place);
    }
    build("20240924/glibc/non-zts");

    assertThat(deliver("", "ini", "/home-of-agent")).isEqualTo(new Result(0, ""));

    assertThat(delivered())
        .containsExactly(
            "attach.php",
            "extensions/8.3-glibc-zts0/opentelemetry.so",
            "extensions/8.3-glibc-zts1/opentelemetry.so",
            "extensions/8.3-musl-zts0/opentelemetry.so",
            "extensions/8.4-glibc-zts0/opentelemetry.so",
            "ini/opentelemetry.ini",
            "libc/glibc/libc.ini",
            "libc/musl/libc.ini",
            "packages/8.3/autoload.php",
            "packages/8.3/composer/autoload_real.php",
            "packages/8.4/autoload.php",
            "packages/8.4/composer/autoload_real.php");
    assertThat(agent.resolve("extensions/8.3-musl-zts0/opentelemetry.so"))
        .hasContent("extension of 20230831/musl/non-zts");
    assertThat(agent.resolve("libc/musl/libc.ini")).hasContent("graft.libc = musl");
  }

  @Test
  void each_place_where_the_agent_is_mounted_has_an_ini_file_of_its_own() throws IOException {
    build("20230831/glibc/non-zts");
    deliver("", "ini", "/home", "ini-2", "/otel-auto-instrumentation-php");

    assertThat(agent.resolve("ini/opentelemetry.ini"))
        .content()
        .contains(
            """
            extension = "/home/extensions/"PHP_MAJOR_VERSION"."PHP_MINOR_VERSION"-"${graft.libc}"-zts"PHP_ZTS"/opentelemetry.so"
            graft.first = ${auto_prepend_file}
            auto_prepend_file = "/home/attach.php"
            """)
        .contains("\nOTEL_SERVICE_NAME = ${OTEL_SERVICE_NAME}\n");
    assertThat(agent.resolve("ini-2/opentelemetry.ini"))
        .content()
        .contains("auto_prepend_file = \"/otel-auto-instrumentation-php/attach.php\"");
  }

  @Test
  void only_the_version_that_is_known_is_copied() throws IOException {
    build("20220829/glibc/non-zts");
    build("20230831/glibc/non-zts");
    deliver("8.2", "ini", "/home");

    assertThat(delivered())
        .contains("packages/8.2/autoload.php")
        .noneMatch(file -> file.contains("8.3"));
  }

  @Test
  void a_directory_may_have_the_name_of_a_version_that_came_later() throws IOException {
    build("8.6/musl/zts");
    deliver("", "ini", "/home");

    assertThat(delivered()).contains("extensions/8.6-musl-zts1/opentelemetry.so");
  }

  @Test
  void what_is_no_build_is_passed_over_and_what_ran_before_can_run_again() throws IOException {
    build("20230831/glibc/non-zts");
    build("19990101/glibc/non-zts");
    build("20230831/glibc/debug");
    write("20240924/glibc/non-zts/opentelemetry.so", "without packages");
    write("opentelemetry.ini", "extension=/somewhere/else.so");
    Files.createDirectories(agent.resolve("packages/8.3"));
    Files.createDirectories(agent.resolve("extensions/8.1-glibc-zts0"));
    deliver("", "ini", "/home");
    List<String> once = delivered();

    assertThat(deliver("", "ini", "/home")).isEqualTo(new Result(0, ""));
    assertThat(delivered())
        .isEqualTo(once)
        .contains("packages/8.3/autoload.php")
        .filteredOn(file -> file.startsWith("extensions"))
        .containsExactly("extensions/8.3-glibc-zts0/opentelemetry.so");
  }

  @Test
  void an_image_without_a_build_leaves_PHP_as_it_was_and_says_so() throws IOException {
    build("20230831/glibc/non-zts");

    Result nothing = deliver("8.4", "ini", "/home");

    assertThat(nothing.exitCode()).isZero();
    assertThat(nothing.output())
        .isEqualTo(
            "the agent's image has no opentelemetry.so and autoload.php in %s/API/LIBC/THREADS for PHP 8.4: PHP starts as it was\n"
                .formatted(source));
    assertThat(delivered()).isEmpty();
  }
}
