package io.otelgraft.runtime.cli;

import static io.otelgraft.runtime.cli.CommandLineRun.graft;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.core.document.Documents;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Images in the forms in which tools write them, made here entry by entry. */
final class ImageEnvTest {
  private static final String ANNOTATION = "instrumentation.opentelemetry.io/image-env";

  @TempDir Path folder;

  @Test
  void what_docker_save_writes_tells_what_to_set() throws IOException {
    Path tar = tar(saved("shop:1", config("amd64", "PATH=/bin", "PYTHONPATH=/app:/lib")));

    var run = graft("image-env", tar.toString());

    assertThat(run.exit()).as(run.err()).isZero();
    assertThat(run.out())
        .isEqualTo(
            """
            # shop:1 (linux/amd64): on the pod, or the pod template of its workload
            metadata:
              annotations:
                instrumentation.opentelemetry.io/image-env: PYTHONPATH=/app:/lib

            # or in the Instrumentation, for all pods with the image
            spec:
              imageEnv:
              - image: shop:1
                env:
                - name: PYTHONPATH
                  value: /app:/lib
            """);
  }

  @Test
  void what_a_language_sets_beside_its_lists_is_told_as_well() throws IOException {
    Path tar =
        tar(
            saved(
                "shop:1",
                config(
                    "amd64",
                    "NODE_PATH=/usr/local/lib/node_modules",
                    "CORECLR_PROFILER={846F5F1C-F9AE-4B07-969E-05C26BC060D8}",
                    "OTEL_LOGS_EXPORTER=none",
                    "NODE_VERSION=22.1.0")));

    assertThat(annotation(graft("image-env", tar.toString(), "-o", "json")).lines())
        .containsExactly(
            "NODE_PATH=/usr/local/lib/node_modules",
            "CORECLR_PROFILER={846F5F1C-F9AE-4B07-969E-05C26BC060D8}",
            "OTEL_LOGS_EXPORTER=none");
  }

  @Test
  void a_variable_of_the_image_that_is_told_is_not_hidden() throws IOException {
    Path pod =
        Files.writeString(
            folder.resolve("pod.yaml"),
            """
            apiVersion: v1
            kind: Pod
            metadata:
              name: cart
              namespace: shop
              annotations:
                instrumentation.opentelemetry.io/inject-nodejs: "true"
                instrumentation.opentelemetry.io/image-env: NODE_PATH=/usr/local/lib/node_modules
            spec: {containers: [{name: app, image: 'shop:1'}]}
            ---
            apiVersion: opentelemetry.io/v1alpha1
            kind: Instrumentation
            metadata: {name: standard, namespace: shop}
            """);

    var told = graft("inject", "-f", pod.toString());
    assertThat(told.exit()).as(told.err()).isZero();
    assertThat(told.out()).contains("NODE_OPTIONS").doesNotContain("name: NODE_PATH");
    Files.writeString(
        pod, Files.readString(pod).replaceAll("\n.*image-env: NODE_PATH.*(?=\n)", ""));
    assertThat(graft("inject", "-f", pod.toString()).out()).contains("name: NODE_PATH");
    assertThat(graft("explain", "-f", pod.toString()).out())
        .contains("if the image itself sets NODE_PATH");
  }

  @Test
  void an_archive_may_be_compressed() throws IOException {
    Path tar = tar(saved("shop:1", config("amd64", "JAVA_TOOL_OPTIONS=-Xss1m")));
    Path gzip = folder.resolve("image.tar.gz");
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(gzip))) {
      Files.copy(tar, out);
    }

    assertThat(annotation(graft("image-env", gzip.toString(), "-o", "json")))
        .isEqualTo("JAVA_TOOL_OPTIONS=-Xss1m");
  }

  @Test
  void an_image_layout_is_read_as_a_folder_and_as_an_archive() throws IOException {
    Map<String, String> layout =
        layout(Map.of("amd64", config("amd64", "NODE_OPTIONS=--no-warnings")));
    Path directory = Files.createDirectories(folder.resolve("layout"));
    for (Map.Entry<String, String> file : layout.entrySet()) {
      Path path = directory.resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.writeString(path, file.getValue());
    }

    for (Path path : new Path[] {directory, tar(layout)}) {
      assertThat(annotation(graft("image-env", path.toString(), "-o", "json")))
          .isEqualTo("NODE_OPTIONS=--no-warnings");
    }
  }

  @Test
  void of_several_platforms_that_differ_one_has_to_be_chosen() throws IOException {
    Map<String, String> images = new LinkedHashMap<>();
    images.put("amd64", config("amd64", "PYTHONPATH=/amd"));
    images.put("arm64", config("arm64", "PYTHONPATH=/arm"));
    String tar = tar(layout(images)).toString();

    var unclear = graft("image-env", tar);
    assertThat(unclear.exit()).isEqualTo(2);
    assertThat(unclear.err()).contains("linux/amd64, linux/arm64", "--platform");
    assertThat(annotation(graft("image-env", tar, "-o", "json", "--platform", "linux/arm64")))
        .isEqualTo("PYTHONPATH=/arm");
    var none = graft("image-env", tar, "--platform", "linux/s390x");
    assertThat(none.exit()).isEqualTo(2);
    assertThat(none.err()).contains("no image for linux/s390x, only for linux/amd64, linux/arm64");
  }

  @Test
  void of_several_platforms_that_agree_none_has_to_be_chosen() throws IOException {
    Map<String, String> images = new LinkedHashMap<>();
    images.put("amd64", config("amd64", "PYTHONPATH=/app"));
    images.put("arm64", config("arm64", "PYTHONPATH=/app"));

    assertThat(annotation(graft("image-env", tar(layout(images)).toString(), "-o", "json")))
        .isEqualTo("PYTHONPATH=/app");
  }

  @Test
  void a_container_is_named_and_all_is_printed_on_request() throws IOException {
    Path tar = tar(saved("shop:1", config("amd64", "PATH=/bin", "PYTHONPATH=/app")));

    assertThat(annotation(graft("image-env", tar.toString(), "-o", "json", "-c", "web", "--all")))
        .isEqualTo("web/PATH=/bin\nweb/PYTHONPATH=/app");
  }

  @Test
  void an_image_that_sets_nothing_is_told_as_such() throws IOException {
    var run = graft("image-env", tar(saved("shop:1", config("amd64", "PATH=/bin"))).toString());

    assertThat(run.out()).contains("sets nothing that injection changes", ANNOTATION + ": \"\"");
  }

  @Test
  void yaml_holds_what_json_does() throws IOException {
    String tar = tar(saved("shop:1", config("amd64", "PYTHONPATH=/app"))).toString();

    assertThat(
            Documents.read("yaml", graft("image-env", tar, "-o", "yaml").out())
                .list()
                .getFirst()
                .tree()
                .toString())
        .isEqualTo(
            new ObjectMapper().readTree(graft("image-env", tar, "-o", "json").out()).toString());
  }

  @Test
  void what_is_no_image_is_one_line_that_says_what_is() throws IOException {
    Path text = Files.writeString(folder.resolve("text"), "hello");
    Path other = tar(Map.of("package.json", "{}"));
    Path cut = folder.resolve("cut.tar");
    Files.write(cut, Arrays.copyOf(Files.readAllBytes(tar(saved("a", "{}"))), 700));
    Map<String, String> layout =
        new LinkedHashMap<>(layout(Map.of("amd64", config("amd64", "PATH=/bin"))));
    layout.replaceAll((name, json) -> name.startsWith("blobs") ? json + " " : json);

    expectFailure(folder.resolve("gone"), "does not exist");
    expectFailure(text, "ends too early");
    expectFailure(other, "has neither index.json", "nor manifest.json");
    expectFailure(folder, "has neither index.json");
    expectFailure(cut, "ends too early");
    expectFailure(tar(layout), "is damaged", "not what its digest says");
  }

  private static void expectFailure(Path path, String... parts) {
    var run = graft("image-env", path.toString());
    assertThat(run.exit()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err()).startsWith("graft: " + path).contains(parts).hasLineCount(1);
  }

  private static String annotation(CommandLineRun run) throws IOException {
    assertThat(run.exit()).as(run.err()).isZero();
    JsonNode answer = new ObjectMapper().readTree(run.out());
    return answer.path("pod").path("metadata").path("annotations").path(ANNOTATION).asText();
  }

  private static String config(String architecture, String... env) {
    return """
    {"architecture": "%s", "os": "linux", "config": {"Env": ["%s"]}}\
    """
        .formatted(architecture, String.join("\", \"", env));
  }

  private static Map<String, String> saved(String name, String config) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("layer.tar", "not JSON at all");
    files.put("abc.json", config);
    files.put(
        "manifest.json",
        "[{\"Config\": \"abc.json\", \"RepoTags\": [\""
            + name
            + "\"], \"Layers\": [\"layer.tar\"]}]");
    return files;
  }

  /** A layout whose index names another index, as tools write it for several platforms. */
  private static Map<String, String> layout(Map<String, String> configs) {
    Map<String, String> files = new LinkedHashMap<>();
    files.put("oci-layout", "{\"imageLayoutVersion\": \"1.0.0\"}");
    StringBuilder manifests = new StringBuilder();
    configs.forEach((architecture, config) -> {
      String manifest = "{\"config\": {\"digest\": \"" + blob(config, files) + "\"}}";
      manifests
          .append(manifests.isEmpty() ? "" : ",")
          .append("{\"digest\": \"")
          .append(blob(manifest, files))
          .append("\", \"platform\": {\"os\": \"linux\", \"architecture\": \"")
          .append(architecture)
          .append("\"}}");
    });
    manifests.append(
        ",{\"digest\": \"sha256:"
            + "0".repeat(64)
            + "\", \"annotations\": {\"vnd.docker.reference.type\": \"attestation-manifest\"}}");
    String index = blob("{\"manifests\": [" + manifests + "]}", files);
    files.put(
        "index.json",
        "{\"manifests\": [{\"digest\": \""
            + index
            + "\", \"annotations\": {\"org.opencontainers.image.ref.name\": \"1\"}}]}");
    return files;
  }

  private static String blob(String json, Map<String, String> files) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      String hex = HexFormat.of().formatHex(digest);
      files.put("blobs/sha256/" + hex, json);
      return "sha256:" + hex;
    } catch (java.security.NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private Path tar(Map<String, String> files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (Map.Entry<String, String> file : files.entrySet()) {
      byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
      tar.write(header(file.getKey(), content.length));
      tar.write(content);
      tar.write(new byte[(512 - content.length % 512) % 512]);
    }
    tar.write(new byte[1024]);
    return Files.write(folder.resolve("image" + tar.size() + ".tar"), tar.toByteArray());
  }

  private static byte[] header(String name, int size) {
    byte[] header = new byte[512];
    put(header, 0, "./" + name);
    put(header, 100, "0000644\0");
    put(header, 124, "%011o\0".formatted(size));
    put(header, 148, "        ");
    header[156] = '0';
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte octet : header) {
      sum += octet & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] octets = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(octets, 0, header, at, octets.length);
  }
}
