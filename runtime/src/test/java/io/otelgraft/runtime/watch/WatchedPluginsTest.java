package io.otelgraft.runtime.watch;

import static io.otelgraft.runtime.watch.Eventually.eventually;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.fixtures.PluginJar;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WatchedPluginsTest {
  private static final FileWatch.Pace FAST =
      new FileWatch.Pace(
          Duration.ofMillis(60),
          Duration.ofSeconds(5),
          Duration.ofMillis(20),
          Duration.ofMillis(50));

  @TempDir private Path folder;
  private final List<Catalogue> catalogues = new CopyOnWriteArrayList<>();
  private FileWatch watch;
  private Plugins plugins;
  private Log log;

  @BeforeEach
  void start() {
    watch = FileWatch.start(FAST, null);
    log = new Log();
  }

  @AfterEach
  void close() {
    log.close();
    watch.close();
    plugins.close();
  }

  private void follow() {
    plugins = Plugins.open(folder);
    WatchedPlugins.follow(watch, folder, plugins, catalogues::add);
  }

  private List<String> languages() {
    return plugins.current().languages().stream().map(LoadedPlugin::id).toList();
  }

  private static byte[] plugin(String id, String version) {
    return PluginJar.language(id).version(version).bytes();
  }

  @Test
  void each_jar_that_comes_changes_or_goes_is_loaded_and_told() throws Exception {
    Path x = Files.write(folder.resolve("x.jar"), plugin("x", "1.0"));
    follow();
    assertThat(languages()).containsExactly("x");

    Path coming = Files.write(folder.resolve("y.jar.tmp"), plugin("y", "1.0"));
    Path y = Files.move(coming, folder.resolve("y.jar"), ATOMIC_MOVE);
    eventually(() -> assertThat(languages()).containsExactly("x", "y"));
    Files.write(x, plugin("x", "1.1"));
    eventually(() -> assertThat(log.lines()).anyMatch(line -> line.contains("replaced")));
    Files.write(x, new byte[] {1, 2, 3});
    eventually(() -> assertThat(log.lines()).anyMatch(line -> line.contains("refused")));
    Files.delete(y);
    eventually(() -> assertThat(languages()).containsExactly("x"));

    eventually(() -> assertThat(log.lines()).hasSize(5));
    assertThat(catalogues).last().isSameAs(plugins.current());
    assertThat(log.lines().subList(0, 3))
        .containsExactly(
            "INFO plugin x.jar loaded: language x 1.0",
            "INFO plugin y.jar loaded: language y 1.0",
            "INFO plugin x.jar replaced: language x 1.1");
    assertThat(log.lines().get(3))
        .startsWith("WARN plugin x.jar refused: ")
        .endsWith("the one loaded before goes on");
    assertThat(log.lines().get(4)).isEqualTo("INFO plugin y.jar removed: no more language y");
  }

  @Test
  void a_jar_that_is_copied_slowly_is_loaded_once_it_is_whole() throws Exception {
    watch.close();
    // Longer than a busy machine keeps the writer waiting between two writes.
    watch =
        FileWatch.start(
            new FileWatch.Pace(
                Duration.ofSeconds(2),
                Duration.ofMinutes(5),
                Duration.ofMillis(20),
                Duration.ofHours(1)),
            null);
    follow();
    byte[] jar = plugin("x", "1.0");

    try (OutputStream slow = Files.newOutputStream(folder.resolve("x.jar"))) {
      for (int from = 0; from < jar.length; from += 100) {
        slow.write(jar, from, Math.min(100, jar.length - from));
        slow.flush();
        TimeUnit.MILLISECONDS.sleep(5); // The pace of who copies.
      }
    }

    eventually(
        () -> assertThat(log.lines()).containsExactly("INFO plugin x.jar loaded: language x 1.0"));
    assertThat(languages()).containsExactly("x");
  }

  @Test
  void plugins_of_a_mounted_volume_are_replaced_when_its_links_are_swapped() throws Exception {
    MountedVolume volume = new MountedVolume(folder);
    volume.update(Map.of("x.jar", plugin("x", "1.0")));
    follow();

    volume.update(Map.of("x.jar", plugin("x", "1.1"), "y.jar", plugin("y", "1.0")));

    eventually(() -> assertThat(languages()).containsExactly("x", "y"));
    assertThat(plugins.current().language("x").orElseThrow().version()).isEqualTo("1.1");
  }

  @Test
  void a_library_in_the_folder_of_a_plugin_counts_as_the_plugin() throws Exception {
    Path x = Files.createDirectory(folder.resolve("x"));
    PluginJar.language("x").in(x);
    follow();
    LoadedPlugin before = plugins.current().language("x").orElseThrow();

    PluginJar.library("lib").in(x);

    eventually(
        () -> assertThat(plugins.current().language("x")).isPresent().get().isNotSameAs(before));
  }

  @Test
  void a_folder_that_is_gone_leaves_the_plugins_in_use_until_it_is_back() throws Exception {
    Path named = Files.createDirectory(folder.resolve("plugins"));
    PluginJar.language("x").in(named);
    plugins = Plugins.open(named);
    WatchedPlugins.follow(watch, named, plugins, catalogues::add);

    Path away = Files.move(named, folder.resolve("away"));
    eventually(() -> assertThat(plugins.current().refused()).isNotEmpty());
    assertThat(languages()).containsExactly("x");
    PluginJar.language("y").in(away);
    Files.move(away, named);

    eventually(() -> assertThat(languages()).containsExactly("x", "y"));
    assertThat(plugins.current().refused()).isEmpty();
  }
}
