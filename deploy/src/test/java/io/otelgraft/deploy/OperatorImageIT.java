package io.otelgraft.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.deploy.ImageContainer.Ended;
import java.io.BufferedReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The image, made of the packaged distribution, and started as a pod starts it. */
final class OperatorImageIT {

  private static final String VERSION = "1.2.3";
  private static final String NAME = "registry.example.com/graft:" + VERSION;

  /** The JVM ends at once if it does not take the cache. */
  private static final String ONLY_WITH_CACHE = "-XX:AOTMode=on";

  private static final Pattern LISTENING =
      Pattern.compile("webhooks on https://[^:]*:(\\d+), health on http://[^:]*:(\\d+)");

  private static ContainerImage image;
  private static Path files;

  @TempDir private Path folder;

  @BeforeAll
  static void make() {
    assumeTrue(
        ImageContainer.isPossible(),
        "could not run here: this user may not make a mount namespace, as the image's cache needs");
    Path cache =
        Path.of(
            System.getenv()
                .getOrDefault("GRAFT_CACHE", System.getProperty("user.home") + "/.cache/graft"),
            "operator-image");
    ImageFiles made =
        ImageFiles.of(
            Graft.DISTRIBUTION,
            Path.of(System.getProperty("java.home")),
            cache.resolve("files"),
            Progress.from(System.out, 0));
    image = new ContainerImage(made, VERSION, cache);
    files = made.root();
  }

  private ImageContainer container() {
    return new ImageContainer(files, folder).env("JDK_JAVA_OPTIONS", ONLY_WITH_CACHE);
  }

  private JsonNode config(Path archive) throws Exception {
    Programs.run(List.of("tar", "-xf", archive.toString(), "-C", folder.toString()));
    JsonNode manifest =
        new ObjectMapper().readTree(folder.resolve("manifest.json").toFile()).path(0);
    assertThat(manifest.path("RepoTags").path(0).asText()).isEqualTo(NAME);
    return new ObjectMapper()
        .readTree(folder.resolve(manifest.path("Config").asText()).toFile())
        .path("config");
  }

  @Test
  void the_archive_says_that_it_starts_as_nobody_and_without_a_shell() throws Exception {
    Path archive = folder.resolve("graft.tar");

    image.writeTo(archive, NAME);
    JsonNode config = config(archive);

    // A number, as the kubelet cannot look a name up that it is to prove not to be root.
    assertThat(config.path("User").asText()).isEqualTo("65532:65532");
    assertThat(config.at("/Entrypoint/0").asText()).isEqualTo("/graft/jdk/bin/java");
    assertThat(config.path("Labels").path("org.opencontainers.image.version").asText())
        .isEqualTo(VERSION);
    List<String> entries = new ArrayList<>();
    for (Path layer : Folders.below(folder)) {
      if (layer.toString().endsWith(".tar.gz")) {
        entries.addAll(
            Programs.run(List.of("tar", "--numeric-owner", "-tvzf", layer.toString()))
                .lines()
                .filter(line -> !line.startsWith("tar: ")) // A header that it does not know.
                .toList());
      }
    }
    assertThat(entries)
        .hasSizeGreaterThan(100)
        .allSatisfy(entry -> assertThat(entry).contains(" 0/0 "))
        .noneMatch(entry -> entry.matches(".*\\bbin/(sh|bash|busybox)$"))
        .noneMatch(entry -> entry.charAt(8) == 'w' && !entry.endsWith(" tmp/"));
  }

  @Test
  void the_same_files_make_the_same_image_to_the_byte() throws Exception {
    String first = image.writeTo(folder.resolve("first.tar"), NAME);
    String second = image.writeTo(folder.resolve("second.tar"), NAME);

    assertThat(second).isEqualTo(first);
    assertThat(folder.resolve("second.tar")).hasSameBinaryContentAs(folder.resolve("first.tar"));
  }

  @Test
  void every_command_runs_in_it() throws Exception {
    Ended run = container().run("inject", "-f", "/graft/examples/flask.yaml");

    assertThat(run.exit()).as(run.printed()).isZero();
    assertThat(run.printed()).contains("name: PYTHONPATH");
  }

  /** As the chart mounts it. */
  @Test
  void a_plugin_that_is_mounted_is_one_of_the_languages() throws Exception {
    Ended run = container().mount(quill(), "/graft/plugins/quill").run("plugins");

    assertThat(run.exit()).as(run.printed()).isZero();
    assertThat(run.printed())
        .containsPattern("(?m)^quill .* quill/ ")
        .containsPattern("(?m)^java ");
  }

  @Test
  void it_serves_with_one_folder_to_write_to_and_stops_when_it_is_told_to() throws Exception {
    Path shared = shared();
    Process server = serve(shared);
    try (BufferedReader lines = server.inputReader(UTF_8)) {
      Matcher ports = untilReady(lines);
      String management = "http://localhost:" + ports.group(2);

      assertThat(get(management + "/readyz")).contains("[+]plugins ok");
      assertThat(get(management + "/livez")).contains("[+]decisions ok");
      // Which takes a module of the JDK that nobody requires.
      assertThat(get(management + "/metrics")).contains("\nprocess_open_fds ");

      Ended asked = ask(shared, ports.group(1), "/mutate-v1-pod");
      assertThat(asked.exit()).as(asked.printed()).isZero();
      assertThat(asked.printed()).contains("\"allowed\":true", "\"patch\":");

      server.destroy();
      assertThat(server.waitFor(Duration.ofMinutes(1))).isTrue();
      assertThat(server.exitValue()).isZero();
    } finally {
      server.destroyForcibly();
    }
  }

  @Test
  void without_a_folder_to_write_to_it_says_what_to_mount() throws Exception {
    Ended run = container().run("serve", "--resources=/graft/examples/flask.yaml");

    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.printed().lines().filter(line -> line.startsWith("graft: ")))
        .singleElement()
        .asString()
        .contains("/tmp")
        .contains("mount");
  }

  /** What the chart registers, and what its probes ask for. */
  @Test
  void what_the_chart_names_is_answered() throws Exception {
    Helm.assumeThere();
    Rendered rendered = Rendered.with();
    Path shared = shared();
    Process server = serve(shared);
    try (BufferedReader lines = server.inputReader(UTF_8)) {
      Matcher ports = untilReady(lines);
      List<String> paths = new ArrayList<>();
      for (String kind :
          List.of("MutatingWebhookConfiguration", "ValidatingWebhookConfiguration")) {
        for (JsonNode webhook : rendered.one(kind).path("webhooks")) {
          paths.add(webhook.at("/clientConfig/service/path").asText());
        }
      }
      assertThat(paths)
          .hasSize(4)
          .allSatisfy(path ->
              assertThat(ask(shared, ports.group(1), path).printed()).doesNotContain("404"));
      assertThat(ask(shared, ports.group(1), "/another").printed()).contains("answered 404");
      for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
        String path = rendered.container().at("/" + probe + "/httpGet/path").asText();
        assertThat(get("http://localhost:" + ports.group(2) + path)).contains("check passed");
      }
    } finally {
      server.destroyForcibly();
    }
  }

  private static final String REVIEW =
      """
      {"apiVersion": "admission.k8s.io/v1", "kind": "AdmissionReview", "request": {
        "uid": "1", "operation": "CREATE", "namespace": "my-app",
        "kind": {"group": "", "version": "v1", "kind": "Pod"},
        "resource": {"group": "", "version": "v1", "resource": "pods"},
        "object": {"apiVersion": "v1", "kind": "Pod",
          "metadata": {"name": "cart",
            "annotations": {"instrumentation.opentelemetry.io/inject-python": "true"}},
          "spec": {"containers": [{"name": "app", "image": "cart:1"}]}}}}
      """;

  /** A folder that whoever is in a container may write to as well. */
  private Path shared() throws Exception {
    Path shared = Files.createDirectory(folder.resolve("shared"));
    assertThat(shared.toFile().setWritable(true, false)).isTrue();
    Files.writeString(shared.resolve("review.json"), REVIEW);
    return shared;
  }

  private Process serve(Path shared) throws Exception {
    return container()
        .emptyDir("/tmp")
        .mount(shared, "/shared")
        .start(
            "serve",
            "--resources=/graft/examples/flask.yaml",
            "--set=server.port=0",
            "--set=server.tls.write-certificate=/shared/ca.crt",
            "--set=management.port=0",
            "--set=page.enabled=false",
            "--set=server.drain-delay=1ms");
  }

  /** Posts a review from another container. */
  private Ended ask(Path shared, String port, String path) throws Exception {
    return container()
        .mount(shared, "/shared")
        .run(
            "admit",
            "--server=https://localhost:" + port + path,
            "--ca=/shared/ca.crt",
            "--filename=/shared/review.json");
  }

  private static Matcher untilReady(BufferedReader lines) throws Exception {
    StringBuilder printed = new StringBuilder();
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      printed.append(line).append('\n');
      if (line.endsWith(" ready")) {
        Matcher ports = LISTENING.matcher(printed);
        assertThat(ports.find()).as(printed.toString()).isTrue();
        return ports;
      }
    }
    throw new AssertionError("it ended before it was ready:\n" + printed);
  }

  private static String get(String url) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpResponse<String> response =
          client.send(
              HttpRequest.newBuilder(URI.create(url)).build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(response.statusCode()).as(response.body()).isEqualTo(200);
      return response.body();
    }
  }

  /** The plugin of the guide, compiled: a folder with its jar. */
  private Path quill() throws Exception {
    Path sources = Path.of("../docs/examples/plugin");
    Path classes = folder.resolve("classes");
    Path plugin = Files.createDirectory(folder.resolve("quill"));
    tool(
        "javac",
        "-p",
        Graft.DISTRIBUTION.resolve("lib/graft-spi.jar").toString(),
        "-d",
        classes.toString(),
        sources.resolve("module-info.java").toString(),
        sources.resolve("com/example/quill/QuillPlugin.java").toString());
    tool(
        "jar",
        "--create",
        "--file",
        plugin.resolve("quill.jar").toString(),
        "-C",
        classes.toString(),
        ".");
    return plugin;
  }

  private static void tool(String name, String... arguments) {
    assertThat(ToolProvider.findFirst(name).orElseThrow().run(System.out, System.err, arguments))
        .as(name.toLowerCase(Locale.ROOT))
        .isZero();
  }
}
