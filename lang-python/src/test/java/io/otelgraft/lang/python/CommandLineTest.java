package io.otelgraft.lang.python;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command is written as one line here, its words apart by blanks. */
final class CommandLineTest {

  @ParameterizedTest
  @CsvSource({
    "python app.py, python",
    "/venv/bin/python -m app, /venv/bin/python",
    "python3.13t app.py, python3.13t",
    "pypy3 app.py, pypy3",
    "gunicorn -w 4 app:app, python3",
    "celery -A tasks worker, python3",
  })
  void a_command_that_is_python_has_an_interpreter(String command, String interpreter) {
    assertThat(line(command).interpreter()).contains(interpreter);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "sh -c python",
        "/app/start.sh",
        "tini -- python app.py",
        "/home/app/.local/bin/gunicorn app:app",
        "pythonw app.py",
        "python-wrapper app.py",
      })
  void no_interpreter_is_guessed_for_other_commands(String command) {
    assertThat(line(command).interpreter()).isEmpty();
  }

  /** As the guides of their vendors have them, for each of the names that are known. */
  private static final List<String> TRACERS =
      List.of(
          "opentelemetry-instrument python app.py",
          "python /otel/bin/opentelemetry-instrument python app.py",
          "python -m opentelemetry.instrumentation.auto_instrumentation gunicorn app:app",
          "PYTHONPATH=/otel/opentelemetry/instrumentation/auto_instrumentation:/otel python app.py",
          "/venv/bin/ddtrace-run gunicorn app:app",
          "PYTHONPATH=/usr/lib/python3/dist-packages/ddtrace/bootstrap python app.py",
          "PYTHONPATH=/datadog-lib/ python app.py",
          "newrelic-admin run-program python app.py",
          "PYTHONPATH=/venv/newrelic/bootstrap python app.py",
          "elasticapm-run python app.py",
          "sw-python run python app.py",
          "PYTHONPATH=/venv/skywalking/bootstrap python app.py",
          "pyagent run -- python app.py",
          "python -m autodynatrace app.py",
          "splunk-py-trace python app.py",
          "splk-py-trace python app.py",
          "appsignal-wrap gunicorn app:app");

  static List<String> tracers() {
    return TRACERS;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void commands_that_attach_a_tracer_are_recognised(String command) {
    assertThat(CommandLine.tracer(line(command).words())).isPresent();
  }

  @Test
  void each_name_has_a_case() {
    assertThat(CommandLine.TRACERS)
        .allSatisfy(
            name -> assertThat(TRACERS).as(name).anyMatch(command -> command.contains(name)));
  }

  @Test
  void a_tracer_is_found_in_a_shell_script() {
    assertThat(CommandLine.tracer(List.of("sh", "-c", "exec ddtrace-run python app.py")))
        .contains("exec ddtrace-run python app.py");
  }

  @ParameterizedTest
  @ValueSource(strings = {"python app.py", "python newrelic_report.py", "flask run"})
  void other_commands_attach_none(String command) {
    assertThat(CommandLine.tracer(line(command).words())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "python -E app.py, -E",
    "python3 -I -m app, -I",
    "/venv/bin/python -u -S app.py, -S",
    "python -uE app.py, -uE",
  })
  void options_that_keep_the_agent_out_are_found(String command, String option) {
    assertThat(line(command).deafOption()).contains(option);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "python",
        "python -u app.py",
        "python app.py -E",
        "python -m app -I",
        "python -c S -E",
        "python -Wignore::SyntaxWarning app.py",
        "python -X Importtime app.py",
        "gunicorn -E app:app",
      })
  void options_of_the_program_are_not_taken_for_them(String command) {
    assertThat(line(command).deafOption()).isEmpty();
  }

  private static CommandLine line(String command) {
    return new CommandLine(List.of(command.split(" ", -1)));
  }
}
