package io.otelgraft.core.plugin;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.spi.Injection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ref.WeakReference;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Jars come, change and go while their plugins are in use. */
final class PluginReplacementTest {
  private static final Duration UNLOADING = Duration.ofSeconds(10);

  /** Says three times which generation it is: at its start, as its title, and from a late class. */
  private static final byte[] PLUGIN =
      PluginJar.language("x")
          .member("private static final String GENERATION = Resource.read();")
          .declaring(".title(GENERATION)")
          .member(
              """
              public void inject(Injection in) {
                in.because(GENERATION);
                in.because(Late.GENERATION);
              }
              """)
          .source(
              "plugin.x.Late", "class Late { static final String GENERATION = Resource.read(); }")
          .source(
              "plugin.x.Resource",
              """
              class Resource {
                static String read() {
                  try (var stream = Resource.class.getResourceAsStream("/generation")) {
                    return new String(stream.readAllBytes());
                  } catch (java.io.IOException e) {
                    throw new IllegalStateException(e);
                  }
                }
              }
              """)
          .bytes();

  @TempDir private Path folder;
  private Path jar;

  @BeforeEach
  void nameTheJar() {
    jar = folder.resolve("x.jar");
  }

  @Test
  void a_request_finishes_with_the_catalogue_that_it_began_with() throws Exception {
    Files.write(jar, generation(1));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      Catalogue begun = plugins.current();
      Files.write(jar, generation(2));
      plugins.reload();
      Files.delete(jar);
      plugins.reload();

      assertThat(decide(begun, deadline)).isEqualTo("generation 1");
      assertThat(plugins.current().languages()).isEmpty();
      assertThat(plugins.current().generation()).isEqualTo(begun.generation() + 2);
    }
  }

  @Test
  void nothing_is_replaced_when_the_content_is_the_same() throws Exception {
    Files.write(jar, generation(1));
    try (var plugins = Plugins.open(folder)) {
      Catalogue before = plugins.current();
      moveInto(jar, generation(1));

      assertThat(plugins.reload()).isSameAs(before);
    }
  }

  @Test
  void a_plugin_is_kept_when_another_comes() throws Exception {
    Files.write(jar, generation(1));
    try (var plugins = Plugins.open(folder)) {
      LoadedPlugin before = only(plugins.current());
      PluginJar.language("y").in(folder);

      assertThat(plugins.reload().language("x")).containsSame(before);
      assertThat(plugins.current().language("y")).isPresent();
    }
  }

  @Test
  void what_replaces_a_jar_and_cannot_be_used_is_refused_while_the_one_before_goes_on()
      throws Exception {
    Files.write(jar, generation(1));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      LoadedPlugin before = only(plugins.current());
      PluginJar.language("x").returning("return null;").at(jar);
      plugins.reload();

      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused())
          .singleElement()
          .asString()
          .contains("x.jar: ", "returns null", "the one loaded before goes on");
      assertThat(decide(plugins.current(), deadline)).isEqualTo("generation 1");

      Files.write(jar, generation(1));
      plugins.reload();
      assertThat(only(plugins.current())).isSameAs(before);
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void what_was_refused_is_not_started_again_until_it_changes() throws Exception {
    System.clearProperty("plugin.x.starts");
    PluginJar.language("x")
        .member("{ System.setProperty(STARTS, System.getProperty(STARTS, \"\") + \"I\"); }")
        .member("private static final String STARTS = \"plugin.x.starts\";")
        .returning("return null;")
        .at(jar);
    try (var plugins = Plugins.open(folder)) {
      Catalogue before = plugins.current();

      assertThat(plugins.reload()).isSameAs(before);
      assertThat(System.getProperty("plugin.x.starts")).isEqualTo("I");
    }
  }

  @Test
  void a_jar_that_is_being_written_is_loaded_when_it_is_whole() throws Exception {
    byte[] whole = generation(1);
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      for (int length = 0; length < whole.length; length += whole.length / 7) {
        Files.write(jar, Arrays.copyOf(whole, length));

        assertThat(plugins.reload().languages()).isEmpty();
        assertThat(plugins.current().refused())
            .singleElement()
            .asString()
            .contains("x.jar is not a complete jar", "tried again at the next look");
      }
      Files.write(jar, whole);

      assertThat(decide(plugins.reload(), deadline)).isEqualTo("generation 1");
      assertThat(plugins.current().refused()).isEmpty();
    }
  }

  @Test
  void a_damaged_class_is_noticed_before_it_is_loaded() throws Exception {
    byte[] damaged = generation(1);
    int middle = new String(damaged, ISO_8859_1).indexOf("plugin/x/Late.class") + 60;
    damaged[middle] ^= 1;
    Files.write(jar, damaged);
    try (var plugins = Plugins.open(folder)) {
      assertThat(plugins.current().languages()).isEmpty();
      assertThat(plugins.current().refused()).asString().contains("x.jar is not a complete jar");
    }
  }

  @Test
  void all_plugins_go_on_while_their_folder_cannot_be_read() throws Exception {
    Files.write(jar, generation(1));
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
      Files.write(version.resolve("x.jar"), generation(i));
    }
    Path data = Files.createSymbolicLink(folder.resolve("..data"), Path.of("..version-1"));
    Files.createSymbolicLink(jar, Path.of("..data", "x.jar"));
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline()) {
      assertThat(decide(plugins.current(), deadline)).isEqualTo("generation 1");

      Path next = Files.createSymbolicLink(folder.resolve("..next"), Path.of("..version-2"));
      Files.move(next, data, ATOMIC_MOVE);

      assertThat(decide(plugins.reload(), deadline)).isEqualTo("generation 2");
    }
  }

  @Test
  void a_replaced_plugin_that_failed_is_collected() throws Exception {
    PluginJar.language("x")
        .member("public void inject(Injection in) { throw new Own(); }")
        .source("plugin.x.Own", "public class Own extends RuntimeException {}")
        .at(jar);
    try (var plugins = Plugins.open(folder)) {
      var loader = new WeakReference<>(only(plugins.current()).loader());
      PluginFailure failure = failing(plugins.current());
      assertThat(failure).hasMessageContaining("plugin.x.Own");
      Files.delete(jar);
      plugins.reload();

      assertCollected(List.of(loader));
      assertThat(failure).as("kept until here").hasMessageContaining("plugin.x.Own");
    }
  }

  private static PluginFailure failing(Catalogue catalogue) {
    return catchThrowableOfType(PluginFailure.class, () -> only(catalogue).inject(null));
  }

  @Test
  void a_replaced_plugin_that_left_something_in_a_thread_is_collected() throws Exception {
    PluginJar.language("x")
        .member("private static final ThreadLocal<Object> LEFT = new ThreadLocal<>();")
        .member("public void inject(Injection in) { LEFT.set(this); }")
        .at(jar);
    try (var plugins = Plugins.open(folder);
        var deadline = new Deadline(1)) {
      var loader = new WeakReference<>(only(plugins.current()).loader());
      decide(plugins.current(), deadline);
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
    Files.write(jar, generation(1));
    String digest = Digest.of(List.of(jar));
    Files.write(jar, generation(2));
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
    Files.write(jar, generation(1));
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
                              PluginLayer.host(), "x.jar", copied, () -> digest, UNLOADING))
                  .getFirst()
                  .loader());

      assertCollected(List.of(loader));
      waitUntil(() -> isEmpty(copies));
    }
    assertThat(copies).doesNotExist();
  }

  private static void moveInto(Path jar, byte[] content) throws IOException {
    Path beside = Files.write(jar.resolveSibling(".x.jar.new"), content);
    Files.move(beside, jar, ATOMIC_MOVE);
  }

  private static byte[] generation(int i) {
    return PluginJar.withFile(PLUGIN, "generation", "generation " + i);
  }

  /** The generation that a decision names: each of them, should there be more than one. */
  private static String decide(Catalogue catalogue, Deadline deadline) throws TimeoutException {
    return deadline.run(
        UNLOADING,
        () -> {
          LoadedPlugin plugin = only(catalogue);
          var said = new TreeSet<String>();
          said.add(plugin.language().title());
          plugin.inject(saying(said));
          return String.join(" and ", said);
        });
  }

  private static Injection saying(Set<String> said) {
    return (Injection)
        Proxy.newProxyInstance(
            Injection.class.getClassLoader(),
            new Class<?>[] {Injection.class},
            (injection, because, rule) -> {
              said.add((String) rule[0]);
              return injection;
            });
  }

  private static LoadedPlugin only(Catalogue catalogue) {
    return catalogue.languages().getFirst();
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

  private static void waitUntil(BooleanSupplier condition) {
    long end = System.nanoTime() + UNLOADING.toNanos();
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("time to wait").isLessThan(end);
      LockSupport.parkNanos(MILLISECONDS.toNanos(5));
    }
  }
}
