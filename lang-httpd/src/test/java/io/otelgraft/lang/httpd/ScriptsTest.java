package io.otelgraft.lang.httpd;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.testkit.Shell;
import io.otelgraft.testkit.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Runs the scripts in each shell that is here, on directories laid out like those of the images.
 */
@ParameterizedClass
@MethodSource("io.otelgraft.testkit.Shell#all")
final class ScriptsTest {
  private static final String MODULE = "WebServerModule/Apache/libmod_apache_otel.so";
  private static final String INCLUDE = "Include /usr/local/apache2/conf/opentemetry_agent.conf";

  private final Shell shell;

  @TempDir private Path root;
  private Path source;
  private Path agent;
  private Path copy;

  ScriptsTest(Shell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void lay_out_image_and_volumes() throws IOException {
    source = root.resolve("image");
    agent = Files.createDirectories(root.resolve("agent"));
    copy = Files.createDirectories(root.resolve("source-conf"));
    write(source.resolve(MODULE), "module");
    write(source.resolve("sdk_lib/lib/libopentelemetry_common.so"), "library");
    write(
        source.resolve("conf/opentelemetry_sdk_log4cxx.xml.template"),
        "<file name=\"__agent_log_dir__/a.log\"/>");
    write(copy.resolve("httpd.conf"), "Listen 80\nInclude conf/extra/*.conf");
    write(copy.resolve("extra/vhosts.conf"), "# none\n");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private Result attach(String... directives) {
    return attach(Map.of(), directives);
  }

  private Result attach(Map<String, String> environment, String... directives) {
    List<String> arguments = new ArrayList<>(List.of("--", "/usr/local/apache2/conf"));
    arguments.addAll(Arrays.asList(directives));
    Map<String, String> all = new java.util.HashMap<>();
    all.put("OTEL_APACHE_AGENT_CONF", "\nApacheModuleServiceInstanceId <<SID-PLACEHOLDER>>\n");
    all.put("APACHE_SERVICE_INSTANCE_ID", "storefront-5d9c-x2x");
    all.putAll(environment);
    String script =
        Scripts.attach(
            source.toString(), agent.toString(), copy.toString(), "/home-of-agent", MODULE);
    return shell.run(all, script, arguments.toArray(String[]::new));
  }

  private List<String> main() throws IOException {
    return Files.readAllLines(copy.resolve("httpd.conf"));
  }

  private List<String> configuration() throws IOException {
    return Files.readAllLines(copy.resolve("opentemetry_agent.conf"));
  }

  @Test
  @Compatibility("5.6-script")
  void the_agent_is_copied_and_its_configuration_included_at_the_end() throws IOException {
    assertThat(attach()).isEqualTo(new Result(0, ""));

    assertThat(agent.resolve(MODULE)).hasContent("module");
    assertThat(agent.resolve("conf/opentelemetry_sdk_log4cxx.xml"))
        .hasContent("<file name=\"/home-of-agent/logs/a.log\"/>");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(agent.resolve("logs"))))
        .isEqualTo("rwxrwxrwx");
    assertThat(main()).containsExactly("Listen 80", "Include conf/extra/*.conf", INCLUDE);
    assertThat(configuration())
        .containsExactly("", "ApacheModuleServiceInstanceId storefront-5d9c-x2x", "");
    assertThat(copy.toFile().list())
        .containsExactlyInAnyOrder("httpd.conf", "opentemetry_agent.conf", "extra");
  }

  @Test
  void the_configuration_is_copied_with_all_that_is_in_it() throws IOException {
    Path server = root.resolve("conf");
    write(server.resolve("httpd.conf"), "Listen 8080\n");
    write(server.resolve("extra/.hidden.conf"), "# here\n");

    assertThat(copied(server)).isEqualTo(new Result(0, ""));
    assertThat(copy.resolve("httpd.conf")).hasContent("Listen 8080\n");
    assertThat(copy.resolve("extra/.hidden.conf")).hasContent("# here\n");
  }

  /** As it is in a container beside the server that the annotation names as well. */
  @Test
  @Compatibility("5.6-not-a-server")
  void a_container_without_a_configuration_starts_as_it_is() throws IOException {
    Path nowhere = root.resolve("nowhere");
    Files.delete(copy.resolve("httpd.conf"));

    assertThat(copied(nowhere))
        .isEqualTo(new Result(0, "there is no " + nowhere + ": nothing is copied\n"));
    assertThat(attach().exitCode()).isZero();
  }

  @Test
  void what_cannot_be_copied_ends_the_script() throws IOException {
    Path server = Files.createDirectories(root.resolve("conf"));
    write(server.resolve("httpd.conf"), "Listen 8080\n");
    write(root.resolve("full"), "no directory");

    assertThat(
            shell
                .run(
                    Map.of(),
                    Scripts.copy(root.resolve("full").toString()),
                    "--",
                    server.toString())
                .exitCode())
        .isNotZero();
  }

  private Result copied(Path server) {
    return shell.run(Map.of(), Scripts.copy(copy.toString()), "--", server.toString());
  }

  @Test
  @Compatibility("5.6-script")
  void what_ran_before_can_run_again() throws IOException {
    attach("ApacheModuleServiceName", "a b");
    List<String> main = main();
    List<String> configuration = configuration();

    assertThat(attach("ApacheModuleServiceName", "a b")).isEqualTo(new Result(0, ""));
    assertThat(main()).isEqualTo(main);
    assertThat(configuration()).isEqualTo(configuration);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "two words",
        "a\nInclude /etc/passwd",
        "a\r\nInclude /etc/passwd",
        "a\"\nInclude /etc/passwd\n\"",
        "ends in a backslash\\",
        "\\\"",
        "'; touch broken #",
        "$(touch broken) `touch broken`",
        "${HOME}",
        "$${HOME}$$${HOME}",
        "/&|/e touch broken",
        "<IfModule none>",
        "-f",
        "--version",
        "<<SID-PLACEHOLDER>>",
        "größer 名前",
      })
  void a_value_stays_one_argument_of_its_directive(String value) throws IOException {
    Result result =
        attach(
            Map.of("APACHE_SERVICE_INSTANCE_ID", value),
            "ApacheModuleServiceName",
            value,
            "ApacheModuleOtelExporterEndpoint",
            "http://collector:4317");

    assertThat(result).isEqualTo(new Result(0, ""));
    String expected = value.replaceAll("[\\r\\n]", " ").replaceAll("\\$+\\{", "{");
    assertThat(Stream.of(1, 3, 4).map(configurationLines()::get).map(Directive::parse))
        .containsExactly(
            new Directive("ApacheModuleServiceInstanceId", expected),
            new Directive("ApacheModuleServiceName", expected),
            new Directive("ApacheModuleOtelExporterEndpoint", "http://collector:4317"));
    assertThat(configuration()).hasSize(5);
    assertThat(copy.resolve("broken")).doesNotExist();
  }

  private List<String> configurationLines() throws IOException {
    return configuration();
  }

  /** A directive with one argument, as the server reads it. */
  private record Directive(String name, String argument) {
    static Directive parse(String line) {
      int blank = line.indexOf(' ');
      String rest = line.substring(blank + 1);
      if (!rest.startsWith("\"")) {
        assertThat(rest).doesNotContainAnyWhitespaces().doesNotContain("\\", "'", "${");
        return new Directive(line.substring(0, blank), rest);
      }
      StringBuilder argument = new StringBuilder();
      int at = 1;
      while (rest.charAt(at) != '"') {
        boolean escaped =
            rest.charAt(at) == '\\' && (rest.charAt(at + 1) == '\\' || rest.charAt(at + 1) == '"');
        argument.append(rest.charAt(escaped ? at + 1 : at));
        at += escaped ? 2 : 1;
      }
      assertThat(rest.substring(at + 1)).as("what follows the argument").isEmpty();
      return new Directive(line.substring(0, blank), argument.toString());
    }
  }

  @Test
  void a_file_of_a_config_map_is_changed_behind_its_links() throws IOException {
    Path data = Files.createDirectories(copy.resolve("..2026_11_22"));
    Files.move(copy.resolve("httpd.conf"), data.resolve("httpd.conf"));
    Files.createSymbolicLink(copy.resolve("..data"), Path.of("..2026_11_22"));
    Files.createSymbolicLink(copy.resolve("httpd.conf"), Path.of("..data/httpd.conf"));
    Files.setPosixFilePermissions(
        data.resolve("httpd.conf"), PosixFilePermissions.fromString("r--r--r--"));

    assertThat(attach()).isEqualTo(new Result(0, ""));
    assertThat(main()).endsWith(INCLUDE);
    assertThat(Files.getPosixFilePermissions(data.resolve("httpd.conf")))
        .as("so that it can be copied again")
        .containsAll(PosixFilePermissions.fromString("rw-r--r--"));
  }

  @Test
  void Debian_calls_the_main_file_otherwise() throws IOException {
    Files.move(copy.resolve("httpd.conf"), copy.resolve("apache2.conf"));

    assertThat(attach().exitCode()).isZero();
    assertThat(copy.resolve("apache2.conf")).content().endsWith(INCLUDE + "\n");
    assertThat(copy.resolve("httpd.conf")).doesNotExist();
  }

  @Test
  void a_server_that_loads_the_module_already_is_left_as_it_is() throws IOException {
    write(copy.resolve("extra/otel.conf"), "  loadmodule otel_apache_module /mine.so\n");
    List<String> before = main();

    assertThat(attach())
        .isEqualTo(
            new Result(
                0,
                "/usr/local/apache2/conf loads the module already: the server starts as it was\n"));
    assertThat(main()).isEqualTo(before);
    assertThat(agent).isEmptyDirectory();
  }

  @Test
  void a_server_whose_configuration_is_elsewhere_is_left_as_it_is() throws IOException {
    Files.delete(copy.resolve("httpd.conf"));

    Result result = attach();
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("has neither httpd.conf nor apache2.conf");
    assertThat(copy.toFile().list()).containsExactly("extra");
  }

  @Test
  void a_server_for_which_the_agent_has_no_module_is_left_as_it_is() throws IOException {
    Files.delete(source.resolve(MODULE));
    List<String> before = main();

    assertThat(attach().output()).contains("the agent's image has no " + MODULE);
    assertThat(main()).isEqualTo(before);
  }

  @Test
  void what_goes_wrong_ends_the_script_before_the_server_is_changed() throws IOException {
    Files.delete(source.resolve("conf/opentelemetry_sdk_log4cxx.xml.template"));
    List<String> before = main();

    assertThat(attach().exitCode()).isNotZero();
    assertThat(main()).isEqualTo(before);
  }
}
