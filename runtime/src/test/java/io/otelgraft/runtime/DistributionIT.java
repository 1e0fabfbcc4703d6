package io.otelgraft.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The packaged distribution, started as a user starts it. */
final class DistributionIT {
  private static final Path PACKAGED = Path.of("target/graft").toAbsolutePath();
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final String VERSION = "graft \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\n";

  /** Makes the JVM refuse to start without a cache that it can use: the proof that it has one. */
  private static final Map<String, String> ONLY_WITH_CACHE =
      Map.of("JDK_JAVA_OPTIONS", "-XX:AOTMode=on");

  private static final Map<String, String> WITHOUT_CACHE = Map.of("GRAFT_AOT", "off");
  private static final Map<String, String> MAKE_CACHE = Map.of("GRAFT_AOT", "make");

  @TempDir private Path folder;
  private Path graft;

  @BeforeEach
  void unpack() throws IOException {
    graft = folder.resolve("graft with a space");
    copy(PACKAGED, graft);
  }

  @Test
  void it_starts_and_prints_the_answer_and_nothing_else() throws Exception {
    var run = run(WITHOUT_CACHE, graft.resolve("bin/graft"), "--version");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches(VERSION);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void it_starts_through_symlinks_also_relative_ones() throws Exception {
    var first = Files.createDirectories(folder.resolve("bin")).resolve("first");
    Files.createSymbolicLink(
        first, Path.of("..").resolve(folder.relativize(graft)).resolve("bin/graft"));
    var second = Files.createSymbolicLink(folder.resolve("second"), first);

    assertThat(run(WITHOUT_CACHE, second, "--version").out()).matches(VERSION);
  }

  @Test
  void a_java_that_is_too_old_is_passed_over_wherever_it_comes_from() throws Exception {
    var old = oldJava();
    var environment =
        Map.of(
            "GRAFT_AOT",
            "off",
            "JAVA_HOME",
            old.toString(),
            "PATH",
            old.resolve("bin") + ":" + System.getenv("PATH"));

    assertThat(run(environment, graft.resolve("bin/graft"), "--version").out()).matches(VERSION);
  }

  @Test
  void without_a_java_that_is_new_enough_one_line_says_what_to_install() throws Exception {
    var search = ". '" + graft.resolve("bin/jdk.sh") + "' && find_java 9999";

    var run = run(Map.of(), Path.of("/bin/sh"), "-c", search);

    assertThat(run.exit()).isEqualTo(1);
    assertThat(run.err())
        .containsOnlyOnce("\n")
        .contains("Java 9999")
        .contains("Install")
        .contains("JAVA_HOME");
  }

  @Test
  void the_first_run_leaves_a_cache_that_the_next_one_uses() throws Exception {
    assertThat(run(Map.of(), graft.resolve("bin/graft"), "--version").out()).matches(VERSION);

    awaitCache(graft.resolve("aot"));
    assertThat(run(ONLY_WITH_CACHE, graft.resolve("bin/graft"), "--version").out())
        .matches(VERSION);
  }

  @Test
  void a_server_leaves_a_cache_of_its_own_that_the_next_one_starts_with() throws Exception {
    var command =
        new String[] {
          "serve",
          "--resources",
          graft.resolve("examples/flask.yaml").toString(),
          "--set",
          "server.port=0",
          "--set",
          "management.port=0",
          "--set",
          "page.port=0",
          "--set",
          "server.drain-delay=1ms"
        };
    for (var environment : List.of(Map.<String, String>of(), ONLY_WITH_CACHE)) {
      var server = start(environment, graft.resolve("bin/graft"), command);
      try (var lines = server.errorReader()) {
        assertThat(lines.lines().anyMatch(line -> line.endsWith("ready"))).isTrue();
        awaitCache(graft.resolve("aot"));
        server.destroy();
        assertThat(server.waitFor(PATIENCE)).isTrue();
        assertThat(server.exitValue()).isZero();
      } finally {
        server.destroyForcibly();
      }
    }
    assertThat(names(graft.resolve("aot"))).containsExactly("serve.aot", "serve.aot.key");
  }

  @Test
  void an_image_build_makes_the_caches_of_all_commands_without_a_word() throws Exception {
    var run = run(MAKE_CACHE, graft.resolve("bin/graft"));

    assertThat(run).isEqualTo(new Run(0, "", ""));
    assertThat(names(graft.resolve("aot")))
        .containsExactly(
            "graft.aot",
            "graft.aot.key",
            "operate.aot",
            "operate.aot.key",
            "serve.aot",
            "serve.aot.key");
  }

  @Test
  void first_runs_at_the_same_time_all_answer_and_leave_one_cache() throws Exception {
    var processes = new ArrayList<Process>();
    for (int i = 0; i < 4; i++) {
      processes.add(start(Map.of(), graft.resolve("bin/graft"), "--version"));
    }

    for (var process : processes) {
      assertThat(finish(process).out()).matches(VERSION);
    }
    awaitCache(graft.resolve("aot"));
    assertThat(run(ONLY_WITH_CACHE, graft.resolve("bin/graft"), "--version").out())
        .matches(VERSION);
  }

  @Test
  void after_a_move_it_still_answers_cleanly_and_makes_a_cache_for_its_new_place()
      throws Exception {
    assertThat(run(MAKE_CACHE, graft.resolve("bin/graft")).exit()).isZero();
    var moved = Files.move(graft, folder.resolve("moved"));
    var before = Files.readString(moved.resolve("aot/graft.aot.key"));

    var run = run(Map.of(), moved.resolve("bin/graft"), "--version");

    assertThat(run.out()).matches(VERSION);
    assertThat(run.err()).isEmpty();
    await(() -> !read(moved.resolve("aot/graft.aot.key")).equals(before));
    awaitCache(moved.resolve("aot"));
    assertThat(run(ONLY_WITH_CACHE, moved.resolve("bin/graft"), "--version").out())
        .matches(VERSION);
  }

  @Test
  void a_cache_that_the_jvm_rejects_shows_neither_in_the_output_nor_in_the_errors()
      throws Exception {
    var other = folder.resolve("other");
    copy(graft, other);
    assertThat(run(MAKE_CACHE, graft.resolve("bin/graft")).exit()).isZero();
    assertThat(run(MAKE_CACHE, other.resolve("bin/graft")).exit()).isZero();
    // The key says that it fits, so the launcher passes it on.
    Files.copy(
        other.resolve("aot/graft.aot"),
        graft.resolve("aot/graft.aot"),
        StandardCopyOption.REPLACE_EXISTING);
    assertThat(run(ONLY_WITH_CACHE, graft.resolve("bin/graft"), "--version").exit()).isNotZero();

    var run = run(Map.of(), graft.resolve("bin/graft"), "--version");

    assertThat(run.exit()).isZero();
    assertThat(run.out()).matches(VERSION);
    assertThat(run.err()).isEmpty();
  }

  @Test
  void from_a_read_only_mount_it_keeps_its_cache_in_the_folder_of_the_user() throws Exception {
    var caches = folder.resolve("caches");
    var environment = Map.of("XDG_CACHE_HOME", caches.toString());
    try (var mount = ReadOnly.of(graft, folder.resolve("mount"))) {
      var command = mount.path().resolve("bin/graft");

      var run = run(environment, command, "--version");

      assertThat(run.out()).matches(VERSION);
      assertThat(run.err()).isEmpty();
      awaitCache(caches.resolve("graft/aot"));
      assertThat(mount.path().resolve("aot")).doesNotExist();
      var warm = Map.of("XDG_CACHE_HOME", caches.toString(), "JDK_JAVA_OPTIONS", "-XX:AOTMode=on");
      assertThat(run(warm, command, "--version").out()).matches(VERSION);
    }
  }

  @Test
  void where_nothing_can_be_written_it_runs_without_a_cache() throws Exception {
    var file = Files.writeString(folder.resolve("file"), "not a folder");
    try (var mount = ReadOnly.of(graft, folder.resolve("mount"))) {
      var run =
          run(
              Map.of("XDG_CACHE_HOME", file.toString()),
              mount.path().resolve("bin/graft"),
              "--version");

      assertThat(run.out()).matches(VERSION);
      assertThat(run.err()).isEmpty();
    }
  }

  @Test
  void the_example_is_injected_also_after_a_move_and_nothing_else_is_printed() throws Exception {
    assertThat(run(MAKE_CACHE, graft.resolve("bin/graft")).exit()).isZero();
    var expected =
        Files.readString(Path.of("src/test/resources/specification/41-flask.injected.yaml"));
    var example = Path.of("examples/flask.yaml");
    var moved = folder.resolve("moved");

    var warm =
        run(
            ONLY_WITH_CACHE,
            graft.resolve("bin/graft"),
            "inject",
            "-f",
            graft.resolve(example).toString());
    Files.move(graft, moved);
    var stale =
        run(
            Map.of(),
            moved.resolve("bin/graft"),
            "inject",
            "-f",
            moved.resolve(example).toString());

    assertThat(warm.out()).isEqualTo(expected);
    assertThat(stale.out()).isEqualTo(expected);
    assertThat(stale.err()).contains("warning: Deployment my-app/flask-app").containsOnlyOnce("\n");
  }

  @Test
  void a_reader_that_leaves_early_is_no_error() throws Exception {
    var command =
        "'%s' crds --plugins '%s' | head -n 1"
            .formatted(graft.resolve("bin/graft"), graft.resolve("plugins"));

    var run = run(WITHOUT_CACHE, Path.of("/bin/sh"), "-c", command);

    assertThat(run).isEqualTo(new Run(0, "apiVersion: apiextensions.k8s.io/v1\n", ""));
  }

  /** What docs/plugins.md tells to do: compile against the SPI alone, drop in, inject. */
  @Test
  void a_plugin_that_was_written_by_the_guide_injects() throws Exception {
    var sources = Path.of("../docs/examples/plugin").toAbsolutePath();
    var classes = folder.resolve("classes");
    var jdk = Path.of(System.getProperty("java.home"), "bin");
    var spi = graft.resolve("lib/graft-spi.jar").toString();

    var javac =
        run(
            Map.of(),
            jdk.resolve("javac"),
            "-p",
            spi,
            "-d",
            classes.toString(),
            sources.resolve("module-info.java").toString(),
            sources.resolve("com/example/quill/QuillPlugin.java").toString());
    assertThat(javac).isEqualTo(new Run(0, "", ""));
    var jar =
        run(
            Map.of(),
            jdk.resolve("jar"),
            "--create",
            "--file",
            graft.resolve("plugins/quill.jar").toString(),
            "-C",
            classes.toString(),
            ".");
    assertThat(jar.exit()).isZero();

    var plugins = run(WITHOUT_CACHE, graft.resolve("bin/graft"), "plugins");
    var app = sources.resolve("app.yaml").toString();
    var inject = run(WITHOUT_CACHE, graft.resolve("bin/graft"), "inject", "-f", app);

    assertThat(plugins.exit()).isZero();
    assertThat(plugins.out())
        .containsPattern("(?m)^quill +Quill .* spec\\.quill +quill\\.jar +com\\.example\\.quill ");
    assertThat(inject.exit()).isZero();
    assertThat(inject.out())
        .contains("- name: opentelemetry-auto-instrumentation-quill\n")
        .contains("image: registry.example.com/quill-agent:1.2.0\n")
        .contains("value: /app/fonts.q:/otel-auto-instrumentation/trace.q\n");
  }

  /** A folder that looks like a JDK 17, and tells on whoever starts it. */
  private Path oldJava() throws IOException {
    var home = folder.resolve("jdk-17");
    Files.createDirectories(home.resolve("bin"));
    Files.writeString(home.resolve("release"), "IMPLEMENTOR=\"Test\"\nJAVA_VERSION=\"17.0.15\"\n");
    var java =
        Files.writeString(
            home.resolve("bin/java"), "#!/bin/sh\necho started the old java\nexit 3\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
    return home;
  }

  /**
   * Waits until the training in the background has left caches with their keys, and nothing else.
   */
  private static void awaitCache(Path caches) {
    await(() -> {
      var names = names(caches);
      var keys = names.stream().filter(name -> name.endsWith(".aot.key")).toList();
      return !keys.isEmpty()
          && names.size() == 2 * keys.size()
          && keys.stream().allMatch(key -> names.contains(key.replace(".key", "")));
    });
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void await(BooleanSupplier condition) {
    var deadline = Instant.now().plus(PATIENCE);
    while (!condition.getAsBoolean()) {
      assertThat(Instant.now()).as("deadline").isBefore(deadline);
      LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
    }
  }

  private Run run(Map<String, String> environment, Path command, String... arguments)
      throws Exception {
    return finish(start(environment, command, arguments));
  }

  /** Starts it in a folder of its own, with an environment that holds a PATH and what is given. */
  private Process start(Map<String, String> environment, Path command, String... arguments)
      throws IOException {
    var words = new ArrayList<String>();
    words.add(command.toString());
    words.addAll(List.of(arguments));
    var builder = new ProcessBuilder(words);
    builder.directory(Files.createTempDirectory(folder, "elsewhere").toFile());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("HOME", folder.toString());
    builder.environment().putAll(environment);
    return builder.start();
  }

  /** What it says, read from pipes to their ends: so nothing it leaves running holds them open. */
  private static Run finish(Process process) throws Exception {
    process.getOutputStream().close();
    var out = CompletableFuture.supplyAsync(() -> text(process.getInputStream()));
    var err = CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
    try {
      assertThat(process.waitFor(PATIENCE)).as("ended in time").isTrue();
      return new Run(
          process.exitValue(),
          out.get(PATIENCE.toSeconds(), TimeUnit.SECONDS),
          err.get(PATIENCE.toSeconds(), TimeUnit.SECONDS));
    } finally {
      process.destroyForcibly();
    }
  }

  private static String text(InputStream in) {
    try (in) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Copies a folder with the times of its files, which are part of what a cache is made of. The
   * cache that somebody left who used the distribution in its place stays behind.
   */
  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files =
        Files.walk(from).filter(file -> !from.relativize(file).startsWith("aot"))) {
      for (Path file : (Iterable<Path>) files::iterator) {
        Files.copy(file, to.resolve(from.relativize(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    }
  }

  private record Run(int exit, String out, String err) {}

  /** A folder that the user who runs the tests cannot write to, root included. */
  private record ReadOnly(Path path, boolean mounted) implements AutoCloseable {

    static ReadOnly of(Path folder, Path mountPoint) throws IOException {
      if (!System.getProperty("user.name").equals("root")) {
        setWritable(folder, false);
        return new ReadOnly(folder, false);
      }
      Files.createDirectory(mountPoint);
      assumeTrue(
          succeeds("mount", "--bind", folder.toString(), mountPoint.toString()),
          "could not run here: root writes everywhere but to a read-only mount, and may not mount");
      var mount = new ReadOnly(mountPoint, true);
      if (!succeeds("mount", "-o", "remount,ro,bind", mountPoint.toString())) {
        mount.close();
        throw new AssertionError("cannot make " + mountPoint + " read-only");
      }
      return mount;
    }

    @Override
    public void close() throws IOException {
      if (mounted) {
        assertThat(succeeds("umount", path.toString())).as("unmounted " + path).isTrue();
      } else {
        setWritable(path, true);
      }
    }

    private static void setWritable(Path folder, boolean writable) throws IOException {
      try (Stream<Path> folders = Files.walk(folder).filter(Files::isDirectory)) {
        folders.forEach(each -> assertThat(each.toFile().setWritable(writable)).isTrue());
      }
    }

    private static boolean succeeds(String... command) throws IOException {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      try (var out = process.getInputStream()) {
        out.transferTo(OutputStream.nullOutputStream());
      }
      return process.onExit().join().exitValue() == 0;
    }
  }
}
