package io.otelgraft.core.plugin;

import static io.otelgraft.core.plugin.Generations.only;
import static io.otelgraft.core.plugin.Generations.waitUntil;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.otelgraft.fixtures.PluginJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars come, change and go while their plugins are in use. */
final class PluginReplacementTest {
  private static final Duration UNLOADING = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void nameTheJar() {
    jar = folder.resolve("quill.jar");
  }

  @Test
  void a_request_finishes_with_the_catalogue_that_it_began_with() throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      Catalogue begun = plugins.current();
      Files.write(jar, Generations.jar(2));
      plugins.reload();
      Files.delete(jar);
      plugins.reload();

      assertThat(decide(begun, deadline)).isEqualTo(1);
      assertThat(plugins.current().languages()).isEmpty();
      assertThat(plugins.current().generation()).isEqualTo(begun.generation() + 2);
    }
  }

  @Test
  void nothing_is_replaced_when_the_content_is_the_same() throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var plugins = Plugins.open(folder)) {
      Catalogue before = plugins.current();
      Generations.moveInto(jar, Generations.jar(1));

      assertThat(plugins.reload()).isSameAs(before);
    }
  }

  @Test
  void a_plugin_is_kept_when_another_comes() throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var plugins = Plugins.open(folder)) {
      LoadedPlugin before = only(plugins.current());
      PluginJar.language("y").in(folder);

      assertThat(plugins.reload().language("quill")).containsSame(before);
      assertThat(plugins.current().language("y")).isPresent();
    }
  }

  @Test
  void what_replaces_a_jar_and_cannot_be_used_is_refused_while_the_one_before_goes_on()
      throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      LoadedPlugin before = only(plugins.current());
      PluginJar.language("quill").returning("return null;").at(jar);
      plugins.reload();

      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused())
          .singleElement()
          .asString()
          .contains("quill.jar: ", "returns null", "the one loaded before goes on");
      assertThat(decide(plugins.current(), deadline)).isEqualTo(1);

      Files.write(jar, Generations.jar(1));
      plugins.reload();
      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void what_was_refused_is_not_started_again_until_it_changes() throws Exception {
    System.clearProperty("plugin.quill.starts");
    PluginJar.language("quill")
        .member("{ System.setProperty(STARTS, System.getProperty(STARTS, \"\") + \"I\"); }")
        .member("private static final String STARTS = \"plugin.quill.starts\";")
        .returning("return null;")
        .at(jar);
    try (var plugins = Plugins.open(folder)) {
      Catalogue before = plugins.current();

      assertThat(plugins.reload()).isSameAs(before);
      assertThat(System.getProperty("plugin.quill.starts")).isEqualTo("I");
    }
  }

  @Test
  void a_jar_that_is_being_written_is_loaded_when_it_is_whole() throws Exception {
    byte[] whole = Generations.jar(1);
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      for (int length = 0; length < whole.length; length += whole.length / 7) {
        Files.write(jar, Arrays.copyOf(whole, length));

        assertThat(plugins.reload().languages()).isEmpty();
        assertThat(plugins.current().refused())
            .singleElement()
            .asString()
            .contains("quill.jar is not a complete jar", "tried again at the next look");
      }
      Files.write(jar, whole);

      assertThat(decide(plugins.reload(), deadline)).isEqualTo(1);
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void a_damaged_class_is_noticed_before_it_is_loaded() throws Exception {
    byte[] damaged = Generations.jar(1);
    int middle = new String(damaged, ISO_8859_1).indexOf("plugin/quill/Late.class") + 60;
    damaged[middle] ^= 1;
    Files.write(jar, damaged);
    try (var plugins = Plugins.open(folder)) {
      assertThat(plugins.current().languages()).isEmpty();
      assertThat(plugins.current().refused())
          .asString()
          .contains("quill.jar is not a complete jar");
    }
  }

  @Test
  void all_plugins_go_on_while_their_folder_cannot_be_read() throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var plugins = Plugins.open(folder)) {
      LoadedPlugin before = only(plugins.current());
      Path away = folder.resolveSibling("away-" + folder.getFileName());
      Files.move(folder, away);
      plugins.reload();

      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused()).asString().contains("does not exist");

      Files.move(away, folder);
      plugins.reload();
      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void a_volume_that_the_kubelet_updates_is_followed() throws Exception {
    for (int i = 1; i <= 2; i++) {
      Path version = Files.createDirectory(folder.resolve("..version-" + i));
      Files.write(version.resolve("quill.jar"), Generations.jar(i));
    }
    Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..version-1"));
    Files.createSymbolicLink(jar, Path.of("..data", "quill.jar"));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      assertThat(decide(plugins.current(), deadline)).isEqualTo(1);

      Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("..version-2"));
      Files.move(next, data, ATOMIC_MOVE);

      assertThat(decide(plugins.reload(), deadline)).isEqualTo(2);
    }
  }

  @Test
  void a_replaced_plugin_that_failed_is_collected() throws Exception {
    PluginJar.language("quill")
        .member("public void inject(Injection in) { throw new Own(); }")
        .source("plugin.quill.Own", "public class Own extends RuntimeException {}")
        .at(jar);
    try (var plugins = Plugins.open(folder)) {
      var loader = new WeakReference<>(only(plugins.current()).loader());
      PluginFailure failure = failing(plugins.current());
      assertThat(failure).hasMessageContaining("plugin.quill.Own");
      Files.delete(jar);
      plugins.reload();

      assertCollected(List.of(loader));
      assertThat(failure).as("kept until here").hasMessageContaining("plugin.quill.Own");
    }
  }

  private static PluginFailure failing(Catalogue catalogue) {
    return catchThrowableOfType(PluginFailure.class, () -> only(catalogue).inject(null));
  }

  @Test
  void a_replaced_plugin_that_left_something_in_a_thread_is_collected() throws Exception {
    PluginJar.language("quill")
        .member("private static final ThreadLocal<Object> LEFT = new ThreadLocal<>();")
        .member("public void inject(Injection in) { LEFT.set(this); }")
        .at(jar);
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline(1)) {
      var loader = new WeakReference<>(only(plugins.current()).loader());
      injectOn(deadline, plugins.current());
      Files.delete(jar);
      plugins.reload();

      waitUntil(() -> {
        keepBusy(deadline);
        System.gc();
        return loader.get() == null;
      });
    }
  }

  @Test
  void a_jar_that_changes_while_it_is_copied_is_not_loaded(@TempDir Path copies) throws Exception {
    Files.write(jar, Generations.jar(1));
    String digest = Digest.of(List.of(jar));
    Files.write(jar, Generations.jar(2));
    try (var store = new Copies(copies)) {
      assertThatThrownBy(() ->
              store.load(
                  List.of(jar),
                  digest,
                  copied -> {
                    throw new AssertionError("it was loaded");
                  }))
          .isInstanceOf(Unusable.class)
          .hasMessage("is being written; it is tried again at the next look into the folder");
      assertThat(isEmpty(copies)).isTrue();
    }
  }

  @Test
  void the_private_copy_goes_when_the_plugin_is_collected(@TempDir Path copies) throws Exception {
    Files.write(jar, Generations.jar(1));
    try (var store = new Copies(copies)) {
      List<Path> jars = List.of(jar);
      String digest = Digest.of(jars);
      var loader =
          new WeakReference<>(
              store
                  .load(
                      jars,
                      digest,
                      copied ->
                          PluginLayer.load(
                              PluginLayer.host(), "quill.jar", copied, () -> digest, UNLOADING))
                  .getFirst()
                  .loader());

      assertCollected(List.of(loader));
      waitUntil(() -> isEmpty(copies));
    }
    assertThat(copies).doesNotExist();
  }

  /** The generation by which a catalogue injects a pod. */
  private static int decide(Catalogue catalogue, Deadline deadline) {
    return Generations.of(
        Generations.admission(() -> catalogue, deadline).decide(Generations.request()));
  }

  /** Where nothing but the plugin can hold on to the plugin. */
  private static void injectOn(Deadline deadline, Catalogue catalogue) throws TimeoutException {
    deadline.run(
        UNLOADING,
        () -> {
          only(catalogue).inject(null);
          return null;
        });
  }

  private static void keepBusy(Deadline deadline) {
    try {
      deadline.run(UNLOADING, () -> null);
    } catch (TimeoutException e) {
      throw new AssertionError(e);
    }
  }

  private static void assertCollected(List<WeakReference<ClassLoader>> loaders) {
    waitUntil(() -> {
      System.gc();
      return loaders.stream().allMatch(loader -> loader.get() == null);
    });
  }

  private static boolean isEmpty(Path folder) {
    try (var files = Files.list(folder)) {
      return files.findAny().isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
