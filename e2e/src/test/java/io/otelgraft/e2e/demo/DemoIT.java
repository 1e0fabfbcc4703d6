package io.otelgraft.e2e.demo;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import io.opentelemetry.proto.trace.v1.Span.SpanKind;
import io.otelgraft.e2e.demo.Told.Alone;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.otlp.OtlpProtocol;
import io.otelgraft.e2e.otlp.ReceivedSpan;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code ./demo} tells, as it tells it: {@code graft serve} and the real agents. */
class DemoIT {

  private static final Checkout CHECKOUT = new Checkout(Path.of("..").toAbsolutePath().normalize());
  private static final Images IMAGES = new Images(CHECKOUT.file("e2e/images"), System.out::println);

  private static final List<Application> ALONE =
      Application.ALONE.stream()
          .filter(application -> !application.equals(Application.DOTNET) || isForDotnet())
          .toList();

  private static final Readme README = new Readme(CHECKOUT.text("README.md"));

  private static final String COLLECTOR_OVER_HTTP =
      "http://otel-collector.observability.svc.cluster.local:4318";

  @TempDir private static Path logs;

  private static final ByteArrayOutputStream PRINTED = new ByteArrayOutputStream();
  private static Stage stage;
  private static Told told;

  @BeforeAll
  static void the_story_is_told() throws Exception {
    Screen screen = new Screen(new PrintStream(PRINTED, true, UTF_8), false, Duration.ZERO);
    stage = new Stage(CHECKOUT, IMAGES, Application.CHAIN, ALONE, logs);
    Demo.introduce(stage, screen);
    told = new Story(CHECKOUT, stage, Application.CHAIN, ALONE, screen).tell();
    screen.progress(Demo.DONE);
  }

  @AfterAll
  static void nothing_stays_but_logs() {
    if (stage == null) {
      return;
    }
    stage.close();
    assertThat(stage.directory()).doesNotExist();
    assertThat(logs.resolve("graft-serve.log")).isNotEmptyFile();
    assertThat(ProcessHandle.current().descendants()).isEmpty();
  }

  /** There is a CoreCLR for this one. */
  private static boolean isForDotnet() {
    return System.getProperty("os.arch").equals("amd64");
  }

  private static String printed() {
    return PRINTED.toString(UTF_8);
  }

  private static JsonNode pod(Application application) {
    return told.admissions().stream()
        .filter(admission -> admission.application().equals(application))
        .findFirst()
        .orElseThrow()
        .pod();
  }

  private static ReceivedSpan server(Trace trace, String service) {
    return trace.spans().stream()
        .filter(span -> span.service().equals(service))
        .filter(span -> span.span().getKind() == SpanKind.SPAN_KIND_SERVER)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void one_trace_crosses_from_Python_to_Java_to_Nodejs_to_an_SDK_of_its_own_and_to_Go() {
    List<String> crossed = new ArrayList<>();
    told.trace()
        .walk((depth, span) -> {
          if (span.span().getKind() != SpanKind.SPAN_KIND_INTERNAL) {
            crossed.add(span.service() + " " + span.span().getKind().name().substring(10));
          }
        });
    List<String> expected =
        List.of(
            "flask-app SERVER",
            "flask-app CLIENT",
            "greeter-java SERVER",
            "greeter-java CLIENT",
            "greeter-nodejs SERVER",
            "greeter-nodejs CLIENT",
            "greeter-sdk SERVER",
            "greeter-sdk CLIENT",
            "greeter-go SERVER");
    boolean isGoSilent = told.chain().silent().contains(Application.GO);
    assertThat(crossed)
        .containsExactlyElementsOf(
            isGoSilent ? expected.subList(0, expected.size() - 1) : expected);
    assertThat(told.trace().spans())
        .allSatisfy(span -> assertThat(span.traceId()).isEqualTo(told.trace().id()));
  }

  @Test
  void each_service_says_who_it_is_and_where_it_runs() {
    assertThat(server(told.trace(), "flask-app").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "my-app",
                "k8s.deployment.name", "flask-app",
                "k8s.container.name", "app",
                "k8s.node.name", "node-1",
                "telemetry.sdk.language", "python"))
        .hasEntrySatisfying("k8s.pod.name", name -> assertThat(name).startsWith("flask-app-"));
    assertThat(server(told.trace(), "greeter-java").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-java",
                "service.version", "1.2",
                "telemetry.sdk.language", "java"));
    assertThat(server(told.trace(), "greeter-nodejs").resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-nodejs",
                "service.version", "1.2",
                "telemetry.sdk.language", "nodejs"));
  }

  @Test
  void the_Flask_example_as_it_stands_reports_over_HTTP_which_is_all_that_its_agent_speaks() {
    ReceivedSpan span = server(told.trace(), "flask-app");
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.HTTP_PROTOBUF);
    assertThat(span.scope().getName()).isEqualTo("opentelemetry.instrumentation.flask");
    assertThat(span.attributes()).containsEntry("http.route", "/hello/<name>");
    assertThat(printed()).contains("Warning: graft: ").contains("asks for grpc");
  }

  @Test
  void the_Flask_example_reports_over_gRPC_with_an_agent_that_speaks_it() {
    ReceivedSpan span = server(told.overGrpc().orElseThrow(), "flask-app");
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.GRPC);
    assertThat(span.resource())
        .containsEntry("k8s.deployment.name", "flask-app")
        .containsEntry("telemetry.sdk.language", "python");
    assertThat(span.resource().get("k8s.pod.name"))
        .startsWith("flask-app-")
        .isNotEqualTo(server(told.trace(), "flask-app").resource().get("k8s.pod.name"));
  }

  @Test
  void an_application_with_an_SDK_of_its_own_gets_configuration_and_nothing_else() {
    JsonNode pod = pod(Application.OWN_SDK);
    assertThat(pod.path("spec").properties().stream().map(Map.Entry::getKey))
        .containsExactly("containers");
    assertThat(pod.at("/spec/containers/0").has("volumeMounts")).isFalse();
    ReceivedSpan span = server(told.trace(), "greeter-sdk");
    assertThat(span.scope().getName()).as("it is the application's").isEqualTo("greeter-sdk");
    assertThat(span.resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-sdk",
                "service.version", "1.2",
                "telemetry.sdk.language", "python"));
  }

  @Test
  void Go_is_observed_by_a_sidecar_where_the_kernel_lets_it() {
    assertThat(pod(Application.GO).at("/spec/initContainers/0/restartPolicy").asText())
        .isEqualTo("Always");
    assertThat(printed()).contains("Go greets you").contains("enabled-languages=go");
    boolean isSilent = told.chain().silent().contains(Application.GO);
    assertThat(printed().contains("left out: go: its agent says: ")).isEqualTo(isSilent);
    assertThat(printed().contains("through Python, Java, Node.js, Python with its own SDK, Go"))
        .isNotEqualTo(isSilent);
    assumeFalse(isSilent, "could not run here: the kernel does not let Go's agent observe it");
    ReceivedSpan span = server(told.trace(), "greeter-go");
    assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
    assertThat(span.resource())
        .containsAllEntriesOf(
            Map.of(
                "k8s.namespace.name", "shop",
                "k8s.deployment.name", "greeter-go",
                "k8s.container.name", "app",
                "telemetry.sdk.language", "go"));
  }

  @Test
  void real_web_servers_load_a_stand_in_for_their_agents_module_and_report_through_it() {
    Map.of(
            Application.HTTPD, "Apache HTTPD, e2e/manifests/greeter-httpd.yaml, ",
            Application.NGINX, "nginx, e2e/manifests/greeter-nginx.yaml, ")
        .forEach((application, heading) -> {
          Alone seen = told.alone().get(application);
          assertThat(seen.loaded())
              .singleElement()
              .satisfies(
                  file -> assertThat(file).contains("/WebServerModule/").startsWith("/otel-auto-"));
          assertThat(seen.said())
              .allSatisfy(line ->
                  assertThat(line).startsWith("stand-in for the agent's module: sends to http://"));
          ReceivedSpan span = server(seen.trace().orElseThrow(), seen.greeter().deployment());
          assertThat(span.attributes()).containsEntry("url.path", "/hello/you");
          assertThat(printed())
              .contains(heading + "with a stand-in for its agent's module")
              .contains(application.title() + " greets you")
              .contains(seen.loaded().getFirst());
        });
  }

  @Test
  void a_real_CoreCLR_loads_stand_ins_for_its_agents_profiler_and_startup_hook() {
    assumeTrue(isForDotnet(), "could not run here: there is a CoreCLR for amd64 only");
    Alone seen = told.alone().get(Application.DOTNET);
    assertThat(seen.trace()).isEmpty();
    assertThat(seen.loaded())
        .hasSize(3)
        .contains(
            "/otel-auto-instrumentation/linux/OpenTelemetry.AutoInstrumentation.Native.so",
            "/otel-auto-instrumentation/net/OpenTelemetry.AutoInstrumentation.StartupHook.dll");
    assertThat(seen.said())
        .containsExactly(
            "stand-in for the profiler: asked for class 918728DD-259F-4A6A",
            "stand-in for the profiler: initialized",
            "stand-in for the startup hook: ran from /otel-auto-instrumentation");
    assertThat(printed())
        .contains(".NET, e2e/manifests/greeter-dotnet.yaml, with a stand-in for ")
        .contains(".NET greets you");
  }

  @Test
  void real_PHP_and_Ruby_run_stand_ins_for_their_agents_and_report_through_them() {
    Alone php = told.alone().get(Application.PHP);
    assertThat(php.loaded())
        .singleElement()
        .asString()
        .startsWith("/otel-auto-instrumentation/extensions/");
    assertThat(php.said())
        .containsExactly("stand-in for the agent's packages: sends to " + COLLECTOR_OVER_HTTP);
    assertThat(reported(php)).containsEntry("php.sapi", "cli-server");

    Alone ruby = told.alone().get(Application.RUBY);
    assertThat(ruby.loaded()).as("it is a script").isEmpty();
    assertThat(ruby.said())
        .anySatisfy(line ->
            assertThat(line)
                .startsWith("stand-in for the agent's gems: ran from /otel-auto-instrumentation/"))
        .contains("stand-in for the agent's gems: sends to " + COLLECTOR_OVER_HTTP);
    assertThat(reported(ruby)).containsEntry("url.path", "/hello/you");

    assertThat(printed())
        .contains("PHP, e2e/manifests/greeter-php.yaml, with a stand-in for its agent's extension ")
        .contains("PHP greets you", php.loaded().getFirst())
        .contains("Ruby, e2e/manifests/greeter-ruby.yaml, with a stand-in for its agent's gems")
        .contains("Ruby greets you");
  }

  /** What the span of an application says, which came as the stand-ins send it. */
  private static Map<String, String> reported(Alone seen) {
    ReceivedSpan span = server(seen.trace().orElseThrow(), seen.greeter().deployment());
    assertThat(span.protocol()).isEqualTo(OtlpProtocol.HTTP_JSON);
    return span.attributes();
  }

  @Test
  void the_pods_that_ran_are_the_ones_that_the_webhook_gave_back() {
    assertThat(told.admissions()).hasSize(Application.CHAIN.size() + ALONE.size());
    for (Admission admission : told.admissions()) {
      assertThat(admission.pod().at("/metadata/annotations/otelgraft.io~1injected").asText())
          .contains("Injected");
    }
    assertThat(pod(Application.FLASK).at("/spec/containers/0/env").findValuesAsText("name"))
        .contains("PYTHONPATH", "OTEL_SERVICE_NAME", "OTEL_EXPORTER_OTLP_ENDPOINT");
  }

  @Test
  void each_application_runs_until_the_end() {
    assertThat(told.greeters()).hasSize(Application.CHAIN.size() + ALONE.size());
    assertThat(told.greeters().values())
        .allSatisfy(greeter -> assertThat(greeter.app().isRunning()).isTrue());
  }

  @Test
  void what_can_be_left_out_is_all_but_Java_and_nothing_else() throws Exception {
    List<String> languages = List.of(output(0, "e2e/prepare", "--languages").strip().split(" "));
    assertThat(languages)
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(Application.CHAIN.stream(), Application.ALONE.stream())
                .filter(application -> !application.equals(Application.JAVA))
                .map(Application::language)
                .toList());
  }

  @Test
  void the_first_page_shows_what_is_printed() {
    boolean isGoSilent = told.chain().silent().contains(Application.GO);
    String sample = README.text();
    new Readme(isGoSilent ? sample.replace("own SDK, Go\n", "own SDK\n") : sample)
        .assertShows(
            printed(),
            line ->
                !(isGoSilent && line.contains("greeter-go"))
                    && (isForDotnet() || !line.contains("greeter-dotnet")));
  }

  @Test
  void the_first_page_says_of_each_language_what_is_there() {
    Map<String, JsonNode> plugins = new HashMap<>();
    for (JsonNode plugin : CHECKOUT.graft().plugins().path("loaded")) {
      plugins.put(plugin.path("id").asText(), plugin);
    }
    List<String> rows = new ArrayList<>();
    for (List<String> row : README.table("| language | annotation |")) {
      String language = row.get(1).replaceAll("`inject-([a-z-]+)`.*", "$1");
      rows.add(language);
      JsonNode plugin = plugins.get(language);
      assertThat(plugin).as(row.get(1)).isNotNull();
      assertThat(row.get(0))
          .isEqualTo(
              plugin.path("title").asText()
                  + (plugin.path("experimental").asBoolean() ? ", experimental" : ""));
      assertThat(row.get(1).contains("off by default"))
          .as(row.get(1))
          .isNotEqualTo(plugin.path("enabledByDefault").asBoolean());
      Application application = application(language);
      if (!application.equals(Application.DOTNET) || isForDotnet()) {
        assertThat(pod(application).at("/spec/containers/0/env").findValuesAsText("name"))
            .as(row.get(2))
            .containsAll(found("`([A-Z_]{4,})`", row.get(2)));
      }
      for (String version : found("\\((\\d[0-9a-z.]+)", row.get(3))) {
        assertThat(lockedBy(application)).as(row.get(3)).contains(version);
      }
    }
    assertThat(rows).containsExactlyInAnyOrderElementsOf(plugins.keySet());
  }

  private static Application application(String language) {
    return Stream.concat(Application.CHAIN.stream(), Application.ALONE.stream())
        .filter(application -> application.language().equals(language))
        .findFirst()
        .orElseThrow();
  }

  private static List<String> found(String pattern, String text) {
    return Pattern.compile(pattern).matcher(text).results().map(one -> one.group(1)).toList();
  }

  /** What the recipe says of its agent, or of itself where it has its own SDK. */
  private static String lockedBy(Application application) {
    String recipe =
        application.equals(Application.OWN_SDK)
            ? "app-python-sdk"
            : "agent-" + application.language();
    return Stream.of("build", "package.json", "requirements.lock")
        .map(file -> "e2e/images/" + recipe + "/" + file)
        .filter(file -> Files.exists(CHECKOUT.file(file)))
        .map(CHECKOUT::text)
        .collect(Collectors.joining());
  }

  private static String output(int code, String... command) throws Exception {
    List<String> words = new ArrayList<>(List.of(command));
    words.set(0, CHECKOUT.file(command[0]).toString());
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    assertThat(process.waitFor()).as(output).isEqualTo(code);
    return output;
  }

  @Test
  void a_typo_is_rejected_with_what_there_is_and_what_to_do() {
    assertThat(told.typo().fromKubectl("typo.yaml"))
        .startsWith("Error from server (Forbidden): error when creating \"typo.yaml\": ")
        .contains("admission webhook \"pods.otelgraft.io\" denied the request: ")
        .contains("shop/instrumentatoin, which does not exist")
        .contains("namespace shop has: instrumentation")
        .contains("correct the name or create the resource");
  }

  @Test
  void a_language_that_nobody_knew_is_injected_once_its_jar_is_there() {
    assertThat(told.unknown().message())
        .contains("instrumentation.opentelemetry.io/inject-quill")
        .contains("asks for a language that no plugin provides");
    assertThat(told.dropped().pod().at("/spec/initContainers/0/image").asText())
        .isEqualTo("registry.example.com/quill-agent:1.2.0");
    assertThat(told.dropped().pod().at("/spec/containers/0/env").toString())
        .contains("/app/fonts.q:/otel-auto-instrumentation/trace.q");
  }

  @Test
  void what_is_printed_is_plain_text_with_each_addition_and_its_reason() {
    assertThat(printed())
        .doesNotContain("\033")
        .containsPattern(
            "\\+ +- \\{name: OTEL_SERVICE_NAME, value: flask-app} +# name the service \\(label app"
                + " of the pod\\)")
        .contains("+     # and as above:")
        .containsPattern("└ greeter-java +GET /hello/ +server +\\d+[.]\\d ms")
        .containsPattern("flask-app +python +flask-app +flask-app-\\S+ +http/protobuf")
        .contains("the example's sampler takes one of ten");
    assertThat(Files.exists(stage.server().certificate())).isTrue();
  }
}
