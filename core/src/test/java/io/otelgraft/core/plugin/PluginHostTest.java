package io.otelgraft.core.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.otelgraft.fixtures.PluginJar;
import io.otelgraft.spi.LanguagePlugin;
import java.lang.module.ModuleFinder;
import java.lang.reflect.InvocationTargetException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Graft can itself be loaded in more than one way. */
final class PluginHostTest {
  private static final String CORE = Plugins.class.getModule().getName();

  @TempDir private Path folder;

  @BeforeEach
  void makeAPlugin() {
    PluginJar.language("x").in(folder);
  }

  @Test
  void plugins_load_when_graft_is_in_a_layer_of_its_own() throws Exception {
    var boot = ModuleLayer.boot();
    var finder = ModuleFinder.of(locations().map(Path::of).toArray(Path[]::new));
    var configuration = boot.configuration().resolve(finder, ModuleFinder.of(), Set.of(CORE));
    var layer = ModuleLayer.defineModulesWithOneLoader(configuration, List.of(boot), null).layer();

    assertThat(load(layer.findLoader(CORE))).asString().matches("catalogue 1 \\[x.jar \\(x\\)]");
  }

  @Test
  void on_the_class_path_plugins_cannot_be_loaded_and_it_says_so() throws Exception {
    var classPath = new ArrayList<URL>();
    for (URI location : locations().toList()) {
      classPath.add(location.toURL());
    }
    // Without a parent: that of the platform finds the modules of the application as well.
    try (var loader = new URLClassLoader(classPath.toArray(URL[]::new), null)) {
      assertThatThrownBy(() -> load(loader))
          .isInstanceOf(InvocationTargetException.class)
          .cause()
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("Graft is on the class path")
          .hasMessageContaining("--module-path");
    }
  }

  private Object load(ClassLoader loader) throws ReflectiveOperationException {
    return loader
        .loadClass(Plugins.class.getName())
        .getMethod("load", Path.class)
        .invoke(null, folder);
  }

  /** Where the classes of the SPI and of core are. */
  private static Stream<URI> locations() {
    return Stream.of(LanguagePlugin.class.getModule(), Plugins.class.getModule())
        .map(module -> module.getLayer().configuration().findModule(module.getName()))
        .map(module -> module.orElseThrow().reference().location().orElseThrow());
  }
}
