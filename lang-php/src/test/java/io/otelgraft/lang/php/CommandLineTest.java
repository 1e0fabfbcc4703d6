package io.otelgraft.lang.php;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Each command is written as one line here, its words apart by blanks. */
final class CommandLineTest {

  @ParameterizedTest
  @CsvSource({
    "php -n app.php, -n",
    "/usr/local/bin/php -q -n app.php, -n",
    "php8.3 -qn app.php, -qn",
    "php -d memory_limit=1G -n app.php, -n",
    "php -dmemory_limit=1G -n app.php, -n",
    "php -S 0.0.0.0:80 -n -t public, -n",
    "php-cgi --no-php-ini, --no-php-ini",
    "php-fpm8.2 -F -n, -n",
    "php83-fpm -y /etc/fpm.conf -n, -n",
  })
  void options_by_which_PHP_reads_no_ini_files_are_found(String command, String option) {
    assertThat(line(command).deafOption()).contains(option);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "php",
        "php app.php -n",
        "php -f app.php -- -n",
        "php -r n",
        "php -rn",
        "php -d -n=1 app.php",
        "php --ini -- -n",
        "php-fpm -F -R",
        "phpunit -n",
        "sh -n script",
        "artisan -n",
      })
  void options_of_the_program_are_not_taken_for_them(String command) {
    assertThat(line(command).deafOption()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "php-fpm -d open_basedir=/var/www, open_basedir=/var/www",
    "php -dopen_basedir=/var/www:/tmp app.php, open_basedir=/var/www:/tmp",
  })
  void directories_that_PHP_is_confined_to_are_found(String command, String found) {
    assertThat(line(command).confinement()).contains(found);
  }

  @Test
  void they_are_found_in_a_shell_script() {
    CommandLine shell =
        new CommandLine(List.of("sh", "-c", "exec php -d 'open_basedir=/app' -S 0.0.0.0:80"));
    assertThat(shell.confinement()).contains("open_basedir=/app");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "php -d open_basedir= app.php",
        "php -d open_basedir=/ app.php",
        "php -d open_basedir=/app:/otel-auto-instrumentation app.php",
        "php -d open_basedir=/app:/otel-auto-instrumentation-php app.php",
        "php -d memory_limit=1G app.php",
      })
  void those_that_let_the_agent_in_are_not_held_against_it(String command) {
    assertThat(line(command).confinement()).isEmpty();
  }

  /** As the guides of their vendors have them, for each of the names that are known. */
  private static final List<String> TRACERS =
      List.of(
          "php -d extension=opentelemetry app.php",
          "php -d extension=/otel-auto-instrumentation/20230831/opentelemetry.so app.php",
          "php -d auto_prepend_file=/otel-auto-instrumentation/autoload.php app.php",
          "php -d extension=ddtrace.so app.php",
          "php -dzend_extension=/opt/Datadog/dd_library_loader.so app.php",
          "php -d extension=newrelic.so app.php",
          "php -d extension=elastic_apm.so app.php",
          "php -d auto_prepend_file=/opt/elastic-apm/bootstrap.php app.php",
          "php -d extension=elastic_otel_php.so app.php",
          "php -d auto_prepend_file=/opt/elastic-otel/bootstrap.php app.php",
          "php -d extension=appdynamics_agent.so app.php",
          "php -d extension=skywalking_agent app.php",
          "php -d extension=tideways.so app.php",
          "php -d zend_extension=/opt/instana/instana.so app.php",
          "php -d extension=scoutapm.so app.php",
          "php -d auto_prepend_file=/var/odigos/php/index.php app.php");

  static List<String> tracers() {
    return TRACERS;
  }

  @ParameterizedTest
  @MethodSource("tracers")
  void commands_that_load_a_tracer_are_recognised(String command) {
    assertThat(line(command).tracer()).isPresent();
  }

  @Test
  void each_name_has_a_case() {
    assertThat(Tracers.NAMES)
        .allSatisfy(name ->
            assertThat(TRACERS)
                .as(name)
                .anyMatch(command -> command.toLowerCase(Locale.ROOT).contains(name)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "php newrelic_report.php",
        "php -d extension=redis.so app.php",
        "php artisan datadog:report",
      })
  void other_commands_load_none(String command) {
    assertThat(line(command).tracer()).isEmpty();
  }

  private static CommandLine line(String command) {
    return new CommandLine(List.of(command.split(" ", -1)));
  }
}
