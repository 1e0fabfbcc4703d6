package io.otelgraft.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.e2e.images.Images;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A real PHP, started by nothing but what Graft injected: as a command, as a server, and as FPM.
 * The extension that it loads, and what is written in PHP, are stand-ins for OpenTelemetry's, which
 * come from no package registry; they load as those do.
 */
class PhpWithStandInAgentIT {
  private static final Duration END = Duration.ofSeconds(60);
  private static final String PLATFORM = "instrumentation.opentelemetry.io/otel-php-platform";
  private static final Images IMAGES = new Images(Path.of("images"), System.out::println);

  private final int port = Greeter.freePort();
  private StandInAgents shop;

  @BeforeEach
  void a_node_with_a_collector() throws IOException {
    shop = new StandInAgents("php", IMAGES.phpApp());
  }

  @AfterEach
  void stop() {
    shop.close();
  }

  private RunningPod run(String variant, ObjectNode workload) {
    return shop.run(IMAGES.standInForPhpAgent(variant), workload);
  }

  private ObjectNode serving(String... command) {
    ObjectNode workload = shop.greeter();
    Manifests.addVariable(workload, "PORT", Integer.toString(port));
    ObjectNode app = (ObjectNode) workload.at("/spec/template/spec/containers/0");
    List.of(command).forEach(app.putArray("command")::add);
    return workload;
  }

  /** What a command wrote that ended well. */
  private static String output(RunningPod pod) {
    RunningContainer app = pod.container("app");
    int code = app.awaitExit(END);
    assertThat(code).as(app.log()).isZero();
    return app.log();
  }

  private static String says(String compiledIn, String own, String first, String agent) {
    return """
    compiled_in: %s
    own: %s
    first: %s
    extension: %s
    packages: %4$s
    variables:\
    """
        .formatted(compiledIn, own, first, agent);
  }

  private static String brief(String output) {
    return output.replaceAll(" *\n", "\n").strip();
  }

  @Test
  void a_command_is_reported_and_keeps_the_settings_that_were_compiled_in() {
    RunningPod pod = run("agent", shop.greeter());

    assertThat(brief(output(pod))).isEqualTo(says("read", "not read", "nothing", "loaded"));
    assertThat(shop.span(pod, "/app/app.php").attributes()).containsEntry("php.sapi", "cli");
  }

  @ParameterizedTest(name = "PHP_INI_SCAN_DIR={0}")
  @CsvSource({":/app/php.d, read", "/app/php.d:, read", "/app/php.d, not read"})
  void directories_of_the_pod_are_read_as_before_and_so_is_what_the_application_has_run_first(
      String directories, String compiledIn) {
    ObjectNode workload = shop.greeter();
    Manifests.addVariable(workload, "PHP_INI_SCAN_DIR", directories);
    RunningPod pod = run("agent", workload);

    assertThat(brief(output(pod)))
        .startsWith(says(compiledIn, "read", "the application's own", "loaded"));
    shop.span(pod, "/app/app.php");
  }

  @ParameterizedTest(name = "from a ConfigMap with the key {0}")
  @CsvSource({"scan-dir, read, the application's own", "none, not read, nothing"})
  void directories_may_come_from_a_ConfigMap_that_need_not_have_them(
      String key, String own, String first) {
    shop.object(
        """
        kind: ConfigMap
        metadata: {name: php, namespace: shop}
        data: {scan-dir: ':/app/php.d'}
        """);
    ObjectNode workload = shop.greeter();
    ((ObjectNode) workload.at("/spec/template/spec/containers/0"))
        .withArray("env")
        .add(
            Manifests.object(
                """
                name: PHP_INI_SCAN_DIR
                valueFrom: {configMapKeyRef: {name: php, key: %s, optional: true}}
                """
                    .formatted(key)));

    assertThat(brief(output(run("agent", workload))))
        .startsWith(says("read", own, first, "loaded"));
  }

  @ParameterizedTest(name = "{0}, for {1}")
  @CsvSource({
    "for-another-php, glibc, cannot open shared object file",
    "mislabelled, glibc, API",
    "agent, musl, cannot open shared object file",
  })
  void an_extension_that_is_of_no_use_is_told_of_and_the_application_runs(
      String variant, String platform, String why) {
    ObjectNode workload = shop.greeter();
    workload.withObject("/spec/template/metadata/annotations").put(PLATFORM, platform);
    String output = brief(output(run(variant, workload)));

    assertThat(output)
        .contains("PHP Startup", "opentelemetry", why)
        .endsWith(says("read", "not read", "nothing", "not loaded"));
    assertThat(shop.spans()).isEmpty();
  }

  @Test
  void packages_that_fail_are_told_of_and_the_application_runs() {
    assertThat(brief(output(run("broken", shop.greeter()))))
        .contains("OpenTelemetry is not loaded: a class is missing")
        .contains("extension: loaded\npackages: not loaded");
    assertThat(shop.spans()).isEmpty();
  }

  @Test
  void where_the_image_loads_a_tracer_that_nobody_sees_at_admission_the_agent_stays_out() {
    ObjectNode workload = shop.greeter();
    Manifests.addVariable(workload, "PHP_INI_SCAN_DIR", ":/app/with-a-tracer");

    assertThat(brief(output(run("agent", workload))))
        .contains("extension: loaded\npackages: not loaded");
    assertThat(shop.spans()).isEmpty();
  }

  @Test
  void requests_to_a_server_are_reported() throws Exception {
    RunningPod pod =
        run("agent", serving("sh", "-c", "exec php -S 127.0.0.1:$PORT -t /app/public"));

    assertThat(new Greeter(pod, port).greet("you")).isEqualTo("PHP greets you\n");
    assertThat(shop.span(pod, "/hello/you").attributes()).containsEntry("php.sapi", "cli-server");
  }

  /** As the documentation says: PHP runs nothing before a router script. */
  @Test
  void requests_that_a_router_script_answers_are_served_and_not_reported() throws Exception {
    RunningPod pod = run("agent", serving("sh", "-c", "exec php -S 127.0.0.1:$PORT /app/app.php"));

    assertThat(new Greeter(pod, port).greet("you")).isEqualTo("PHP greets you\n");
    assertThat(shop.spans()).isEmpty();
  }

  @Test
  void requests_to_FPM_are_reported_though_its_workers_have_no_environment() throws Exception {
    RunningPod pod = run("agent", serving("/app/serve-fpm"));

    assertThat(askOverFastCgi(pod, "/hello/you")).endsWith("PHP greets you");
    assertThat(shop.span(pod, "/hello/you").attributes()).containsEntry("php.sapi", "fpm-fcgi");
  }

  /** Asks as a web server does, as soon as FPM listens. */
  private String askOverFastCgi(RunningPod pod, String path)
      throws IOException, InterruptedException {
    ProcessBuilder builder =
        new ProcessBuilder("cgi-fcgi", "-bind", "-connect", "127.0.0.1:" + port)
            .redirectErrorStream(true);
    builder
        .environment()
        .putAll(
            Map.of(
                "REQUEST_METHOD", "GET",
                "REQUEST_URI", path,
                "SCRIPT_FILENAME", "/app/app.php"));
    long end = System.nanoTime() + END.toNanos();
    while (true) {
      Process client = builder.start();
      client.getOutputStream().close();
      String answer =
          new String(client.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
      if (client.waitFor() == 0 && !answer.startsWith("Could not connect")) {
        return answer;
      }
      RunningContainer app = pod.container("app");
      assertThat(app.isRunning() && System.nanoTime() < end).as(answer + "\n" + app.log()).isTrue();
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }
}
