package io.otelgraft.lang.ruby;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.spi.Variable;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command is written as one line here, its words apart by blanks. */
final class CommandLineTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "ruby --disable=rubyopt app.rb | --disable=rubyopt",
        "/usr/local/bin/ruby -w --disable-rubyopt app.rb | --disable-rubyopt",
        "ruby3.1 --disable rubyopt app.rb | --disable rubyopt",
        "ruby --disable=gems,rubyopt app.rb | --disable=gems,rubyopt",
        "ruby --disable-all app.rb | --disable-all",
      })
  void options_by_which_Ruby_ignores_RUBYOPT_are_found(String command, String option) {
    assertThat(line(command).deafOption()).contains(option);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ruby",
        "ruby --disable=gems app.rb",
        "ruby --disable-gems app.rb",
        "ruby app.rb --disable=rubyopt",
        "ruby --disable",
        "rails --disable=rubyopt",
        "bundle exec ruby app.rb",
      })
  void options_of_the_program_are_not_taken_for_them(String command) {
    assertThat(line(command).deafOption()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "ruby -rddtrace/auto_instrument app.rb, ddtrace/auto_instrument in the command",
    "ruby -r datadog/auto_instrument app.rb, datadog/auto_instrument in the command",
    "ruby --require=newrelic_rpm app.rb, newrelic_rpm in the command",
    "bundle exec ddprofrb exec rails server, ddprofrb in the command",
    "/usr/local/bundle/bin/ddtracerb exec puma, /usr/local/bundle/bin/ddtracerb in the command",
  })
  void commands_that_load_a_tracer_are_recognised(String command, String found) {
    assertThat(line(command).tracer()).contains(found);
  }

  /** As the guides of their vendors have them, for each of the names that are known. */
  private static final List<String> TRACERS =
      List.of(
          "-r opentelemetry-auto-instrumentation",
          "-r/otel-auto-instrumentation-ruby/src/autoinstrumentation",
          "-rddtrace/auto_instrument",
          "-rdatadog/auto_instrument",
          "-rnewrelic_rpm",
          "-r/gems/new_relic/agent",
          "-r elastic-apm",
          "-r elastic_apm/rails",
          "-rappsignal",
          "-rscout_apm",
          "-rskylight",
          "-rinstana/setup",
          "-r/opt/onesdk/loader",
          "-r/opt/dynatrace/oneagent/loader",
          "-rsolarwinds_apm",
          "-rsplunk/otel",
          "-rhoneycomb-beeline",
          "-ratatus");

  static List<String> tracers() {
    return TRACERS;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void libraries_that_trace_are_recognised(String options) {
    assertThat(CommandLine.tracer(Variable.of("RUBYOPT", options))).isPresent();
  }

  @Test
  void each_name_has_a_case() {
    assertThat(CommandLine.TRACERS)
        .allSatisfy(
            name -> assertThat(TRACERS).as(name).anyMatch(options -> options.contains(name)));
    assertThat(CommandLine.WRAPPERS)
        .allSatisfy(wrapper ->
            assertThat(line("bundle exec " + wrapper + " exec puma").tracer()).isPresent());
  }

  @Test
  void a_tracer_is_found_in_a_shell_script() {
    CommandLine shell = new CommandLine(List.of("sh", "-c", "exec ruby '-rskylight' app.rb"));
    assertThat(shell.tracer()).contains("skylight in the command");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "ruby app.rb",
        "ruby newrelic_report.rb",
        "ruby -rbundler/setup app.rb",
        "ruby -r",
        "rake datadog:report",
      })
  void other_commands_load_none(String command) {
    assertThat(line(command).tracer()).isEmpty();
  }

  @Test
  void a_tracer_is_found_in_the_options_of_the_pod() {
    assertThat(CommandLine.tracer(Variable.of("RUBYOPT", "-W0 -r /opt/Datadog-lib/boot")))
        .contains("/opt/Datadog-lib/boot in RUBYOPT");
    assertThat(CommandLine.tracer(Variable.of("RUBYOPT", "-W0 -rbootsnap/setup"))).isEmpty();
  }

  private static CommandLine line(String command) {
    return new CommandLine(command.isEmpty() ? List.of() : List.of(command.split(" ", -1)));
  }
}
