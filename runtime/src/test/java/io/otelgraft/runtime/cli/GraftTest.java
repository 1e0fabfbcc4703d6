package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static io.otelgraft.runtime.cli.CommandLineRun.graftReading;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What all commands have in common. */
final class GraftTest {

  @TempDir private Path folder;

  @ParameterizedTest
  @ValueSource(
      strings = {
        "inject",
        "explain",
        "lint",
        "admit",
        "plugins",
        "crds",
        "image-env",
        "settings",
        "completion"
      })
  void each_command_has_help_with_exit_codes_and_examples(String command) {
    var run = graft(command, "--help");

    assertThat(run.exit()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out())
        .startsWith("Usage: graft " + command)
        .containsSubsequence("Exit codes:", "  0 ", "  2 ", "Examples:");
    assertThat(run.out().substring(run.out().indexOf("Examples:"))).contains("graft " + command);
    assertThat(graft("help", command)).isEqualTo(run);
    assertThat(graft("--help").out()).contains("  " + command + " ");
  }

  @Test
  void without_a_command_the_help_goes_where_errors_go() {
    var run = graft();

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("Usage: graft COMMAND");
  }

  @Test
  void the_version_is_a_line() {
    assertThat(graft("--version").out()).matches("graft \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          injct -f x             | graft: there is no command injct, did you mean inject?; see graft --help
          serve                  | graft: missing required option: '--resources=FILE'; see graft serve --help
          inject                 | graft: missing required option: '--filename=FILE'; see graft inject --help
          inject -f              | graft: missing required parameter for option '--filename' (FILE); see graft inject --help
          inject -f - --outptu x | did you mean --output?; see graft inject --help
          inject -f - -o yml     | graft: -o yml: there is no such format; choose one of yaml, json, patch, diff
          inject -f nowhere.yaml | graft: nowhere.yaml: there is no such file or folder
          inject -f target       | graft: target/
          inject -f - --set mode | graft: --set mode: write --set KEY=VALUE; graft settings lists the keys
          crds --plugins no       | graft: there are no language plugins: no: does not exist
          """)
  void what_cannot_be_done_is_one_line_that_says_what_to_do(String line, String message) {
    var run = graftReading("not: {a: manifest", line.split(" ", -1));

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).contains(message.strip()).containsOnlyOnce("\n");
  }

  @Test
  void a_folder_without_manifests_is_said_to_have_none() {
    var run = graft("lint", "-f", folder.toString());

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.err()).contains(folder + ": there is no file in this folder that ends in .yaml");
  }

  @Test
  void text_that_is_no_manifest_is_refused_with_its_place() {
    var run = graftReading("kind: Pod\nkind: Pod\n", "inject", "-f", "-");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err())
        .startsWith("graft: stdin:2:1: duplicate key \"kind\"")
        .containsOnlyOnce("\n");
  }

  @Test
  void a_reader_that_has_seen_enough_is_no_error() {
    var err = new ByteArrayOutputStream();

    int exit = new Graft(writingTo(failing("Broken pipe"), err)).run("crds");

    assertThat(exit).isZero();
    assertThat(err.size()).isZero();
  }

  @Test
  void a_result_that_cannot_be_written_is_an_error() {
    var err = new ByteArrayOutputStream();

    int exit = new Graft(writingTo(failing("No space left on device"), err)).run("crds");

    assertThat(exit).isEqualTo(2);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .isEqualTo("graft: cannot write to standard output: No space left on device\n");
  }

  @Test
  void a_bug_is_one_line_without_a_stack_trace() {
    var err = new ByteArrayOutputStream();
    OutputStream out =
        new OutputStream() {
          @Override
          public void write(int b) {
            throw new IllegalStateException("two\nlines");
          }
        };

    int exit = new Graft(writingTo(out, err)).run("crds");

    assertThat(exit).isEqualTo(70);
    assertThat(err.toString(StandardCharsets.UTF_8))
        .startsWith("graft: failed by a bug, please report it: ")
        .contains("IllegalStateException: two lines at ")
        .containsOnlyOnce("\n");
  }

  private static Surroundings writingTo(OutputStream out, OutputStream err) {
    return new Surroundings(
        InputStream.nullInputStream(),
        out,
        err,
        Map.of(),
        Optional.of(CommandLineRun.home()),
        false);
  }

  private static OutputStream failing(String message) {
    return new OutputStream() {
      @Override
      public void write(int b) throws IOException {
        throw new IOException(message);
      }
    };
  }

  @Test
  void colours_are_for_terminals_whose_user_wants_them() throws IOException {
    var file = Files.writeString(folder.resolve("a.yaml"), "kind: Deployment\n").toString();

    assertThat(graft("lint", "-f", file).out()).doesNotContain("\033");
    assertThat(CommandLineRun.graftOnTerminal(Map.of(), "lint", "-f", file).out())
        .contains("\033[33mwarning\033[0m");
    assertThat(CommandLineRun.graftOnTerminal(Map.of("NO_COLOR", "1"), "lint", "-f", file).out())
        .doesNotContain("\033");
    assertThat(CommandLineRun.graftOnTerminal(Map.of("TERM", "dumb"), "lint", "-f", file).out())
        .doesNotContain("\033");
  }

  @Test
  void the_completion_knows_commands_and_options() {
    var run = graft("completion");

    assertThat(run.exit()).isZero();
    assertThat(run.out())
        .startsWith("#!/usr/bin/env bash")
        .contains("complete -F _complete_graft")
        .contains("inject", "explain", "--resources", "yaml", "sarif");
  }
}
