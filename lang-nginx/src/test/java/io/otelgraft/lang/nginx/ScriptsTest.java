package io.otelgraft.lang.nginx;

import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.fixtures.Compatibility;
import io.otelgraft.testkit.Shell;
import io.otelgraft.testkit.Shell.Result;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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
  private static final String MODULE =
      "WebServerModule/Nginx/1.25.3/ngx_http_opentelemetry_module.so";
  private static final String LOAD =
      "env OTEL_RESOURCE_ATTRIBUTES;\nload_module /home-of-agent/" + MODULE + ";\n";
  private static final String INCLUDE = "\ninclude opentelemetry/agent.conf;\n";
  private static final String MAIN = "events {}\nhttp {\n  include conf.d/*.conf;\n}\n";

  private final Shell shell;

  @TempDir private Path root;
  private Path source;
  private Path agent;
  private Path server;
  private Path copy;

  ScriptsTest(Shell shell) {
    this.shell = shell;
  }

  @BeforeEach
  void lay_out_images_and_volumes() throws IOException {
    source = root.resolve("image");
    agent = Files.createDirectories(root.resolve("agent"));
    copy = Files.createDirectories(root.resolve("source-conf"));
    server = root.resolve("etc");
    write(source.resolve(MODULE), "module");
    write(
        source.resolve("conf/opentelemetry_sdk_log4cxx.xml.template"),
        "<file name=\"__agent_log_dir__/a.log\"/>");
    write(server.resolve("nginx.conf"), MAIN);
    write(server.resolve("conf.d/default.conf"), "server {}\n");
    nginx("nginx version: nginx/1.25.3");
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  /** Puts a server on the path that says its version like that. */
  private void nginx(String version) throws IOException {
    Path program = root.resolve("bin/nginx");
    write(program, "#!/bin/sh\necho '" + version + "' >&2\n");
    assertThat(program.toFile().setExecutable(true)).isTrue();
  }

  private Result copy() {
    String path = root.resolve("bin") + ":/usr/bin:/bin";
    return shell.run(Map.of("PATH", path), Scripts.copy(copy.toString()), "--", server.toString());
  }

  private Result attach(String instance, String... directives) {
    List<String> arguments = new ArrayList<>(List.of("--", "nginx.conf"));
    arguments.addAll(Arrays.asList(directives));
    Map<String, String> environment = new HashMap<>();
    environment.put("OTEL_NGINX_AGENT_CONF", "NginxModuleServiceInstanceId <<SID-PLACEHOLDER>>;\n");
    environment.put("OTEL_NGINX_SERVICE_INSTANCE_ID", instance);
    String script =
        Scripts.attach(source.toString(), agent.toString(), copy.toString(), "/home-of-agent");
    return shell.run(environment, script, arguments.toArray(String[]::new));
  }

  private Result both() {
    assertThat(copy()).isEqualTo(new Result(0, ""));
    return attach("storefront-5d9c-x2x");
  }

  private String main() throws IOException {
    return Files.readString(copy.resolve("nginx.conf"));
  }

  private String configuration() throws IOException {
    return Files.readString(copy.resolve("opentelemetry/agent.conf"));
  }

  @Test
  @Compatibility("5.7-script")
  void the_module_for_the_server_is_loaded_and_configured_in_its_block_http() throws IOException {
    assertThat(both()).isEqualTo(new Result(0, ""));

    assertThat(main())
        .isEqualTo(LOAD + "events {}\nhttp {" + INCLUDE + "\n  include conf.d/*.conf;\n}\n");
    assertThat(configuration()).isEqualTo("NginxModuleServiceInstanceId storefront-5d9c-x2x;\n\n");
    assertThat(agent.resolve(MODULE)).hasContent("module");
    assertThat(agent.resolve("conf/opentelemetry_sdk_log4cxx.xml"))
        .hasContent("<file name=\"/home-of-agent/logs/a.log\"/>");
    assertThat(copy.resolve("conf.d/default.conf")).exists();
    assertThat(server.resolve("nginx.conf")).hasContent(MAIN);
  }

  /** As it is in a container beside the server that the annotation names as well. */
  @Test
  @Compatibility("5.7-not-a-server")
  void a_container_without_a_configuration_starts_as_it_is() throws IOException {
    Path nowhere = root.resolve("nowhere");
    server = nowhere;

    assertThat(copy()).isEqualTo(new Result(0, "there is no " + nowhere + ": nothing is copied\n"));
    assertThat(attach("p"))
        .isEqualTo(new Result(0, "there is no nginx.conf: the server starts as it was\n"));
    assertThat(copy).isEmptyDirectory();
  }

  @Test
  void what_ran_before_can_run_again() throws IOException {
    both();
    String main = main();

    assertThat(both()).isEqualTo(new Result(0, ""));
    assertThat(main()).isEqualTo(main);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "events {} http{%s server {} }",
        "events {}\n  http  {%s\n}\n",
        "events {}\nhttp\n{%s\n}\n",
        "events {}\nhttp # of { course\n{%s\n}\n",
        "# http {\nuser 'http {';\nevents { use http; }\nhttp {%s\n}\n",
        "error_log \"/a\\\" http {\";\nenv http;\nevents {}\nhttp {%s server { location /http { } } }\n",
        "stream { server { listen 1; } }\nevents {}\nhttp {%s\n}\n",
      })
  void the_block_http_is_found_wherever_it_begins(String main) throws IOException {
    write(server.resolve("nginx.conf"), main.replace("%s", ""));
    assertThat(both()).isEqualTo(new Result(0, ""));
    assertThat(main().strip()).isEqualTo((LOAD + main.replace("%s", INCLUDE)).strip());
  }

  @ParameterizedTest
  @ValueSource(strings = {"include http.conf;\n", "# http {}\n", "events { http {} }\n", ""})
  void a_server_without_a_block_http_in_its_main_file_is_left_as_it_is(String main)
      throws IOException {
    write(server.resolve("nginx.conf"), main);
    Result result = both();
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("nginx.conf has no block http of its own");
    assertThat(main()).isEqualTo(main);
    assertThat(agent).isEmptyDirectory();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx version: nginx/1.99.0",
        "nginx version: nginx/1.25.3;evil",
        "nginx: command not understood",
        "",
      })
  void a_server_of_a_version_without_a_module_is_left_as_it_is(String version) throws IOException {
    nginx(version);
    Result result = both();
    assertThat(result.exitCode()).isZero();
    assertThat(result.output()).contains("the server starts as it was");
    assertThat(main()).isEqualTo(MAIN);
  }

  @Test
  void a_version_may_be_followed_by_who_built_it() throws IOException {
    nginx("nginx version: nginx/1.25.3 (Ubuntu)");
    assertThat(both()).isEqualTo(new Result(0, ""));
    assertThat(main()).startsWith(LOAD);
  }

  @Test
  void a_server_that_loads_a_module_of_OpenTelemetry_already_is_left_as_it_is() throws IOException {
    write(server.resolve("modules/otel.conf"), "load_module modules/ngx_otel_module.so;\n");
    assertThat(both().output()).contains("loads a module of OpenTelemetry already");
    assertThat(main()).isEqualTo(MAIN);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "two words",
        "a; load_module /evil.so",
        "a;\nload_module /evil.so;",
        "a\";\r\nload_module /evil.so;\n\"",
        "ends in a backslash\\",
        "\\\"",
        "'; touch broken #",
        "$(touch broken) `touch broken`",
        "${HOME}",
        "/&|/e touch broken",
        "a } http {",
        "-f",
        "<<SID-PLACEHOLDER>>",
        "größer 名前",
      })
  void a_value_stays_one_argument_of_its_directive(String value) throws IOException {
    copy();
    assertThat(attach(value, "NginxModuleServiceName", value, "NginxModuleEnabled", "ON"))
        .isEqualTo(new Result(0, ""));
    assertThat(Directives.parse(configuration()))
        .containsExactly(
            List.of("NginxModuleServiceInstanceId", value),
            List.of("NginxModuleServiceName", value),
            List.of("NginxModuleEnabled", "ON"));
    assertThat(copy.resolve("broken")).doesNotExist();
  }

  /** Directives with their arguments, as the server reads them. */
  private static final class Directives {
    private final List<List<String>> read = new ArrayList<>();
    private List<String> words = new ArrayList<>();

    static List<List<String>> parse(String text) {
      Directives directives = new Directives();
      int at = 0;
      while (at < text.length()) {
        at = directives.next(text, at);
      }
      assertThat(directives.words).as("a directive without its end").isEmpty();
      return directives.read;
    }

    private int next(String text, int start) {
      int at = start;
      char c = text.charAt(at);
      if (Character.isWhitespace(c)) {
        return at + 1;
      }
      if (c == ';') {
        read.add(words);
        words = new ArrayList<>();
        return at + 1;
      }
      StringBuilder word = new StringBuilder();
      if (c != '"') {
        while (!Character.isWhitespace(text.charAt(at)) && text.charAt(at) != ';') {
          assertThat(text.charAt(at)).isNotIn('{', '}', '#', '\\', '\'', '"');
          word.append(text.charAt(at++));
        }
        words.add(word.toString());
        return at;
      }
      at++;
      while (text.charAt(at) != '"') {
        char next = text.charAt(at);
        if (next == '\\') {
          at++;
          next =
              switch (text.charAt(at)) {
                case 'n' -> '\n';
                case 'r' -> '\r';
                case 't' -> '\t';
                default -> text.charAt(at);
              };
        }
        word.append(next);
        at++;
      }
      words.add(word.toString());
      assertThat(text.charAt(at + 1)).as("what follows a quoted word").isIn(' ', ';');
      return at + 1;
    }
  }

  @Test
  void what_goes_wrong_ends_the_script_before_the_server_is_changed() throws IOException {
    Files.delete(source.resolve("conf/opentelemetry_sdk_log4cxx.xml.template"));
    assertThat(both().exitCode()).isNotZero();
    assertThat(main()).isEqualTo(MAIN);
  }

  @Test
  void what_cannot_be_copied_ends_the_script() throws IOException {
    write(root.resolve("full"), "no directory");
    copy = root.resolve("full");

    assertThat(copy().exitCode()).isNotZero();
  }
}
