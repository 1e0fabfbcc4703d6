package io.otelgraft.runtime.watch;

import static java.lang.System.Logger.Level.INFO;
import static java.lang.System.Logger.Level.WARNING;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.core.plugin.RefusedPlugin;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Reloads the plugins when their folder changes, and tells what became of them. */
public final class WatchedPlugins {

  private static final System.Logger LOG = System.getLogger(WatchedPlugins.class.getName());
  private static final String JAR = ".jar";

  private final Plugins plugins;
  private final Consumer<Catalogue> reloaded;

  private WatchedPlugins(Plugins plugins, Consumer<Catalogue> reloaded) {
    this.plugins = plugins;
    this.reloaded = reloaded;
  }

  /**
   * Tells what is loaded, and follows the folder from now on.
   *
   * @param folder the folder that the plugins were opened from
   * @param reloaded is told of each new catalogue, after it has come into force
   */
  public static void follow(
      FileWatch watch, Path folder, Plugins plugins, Consumer<Catalogue> reloaded) {
    tell(List.of(), List.of(), plugins.current());
    WatchedPlugins watched = new WatchedPlugins(plugins, reloaded);
    watch.watch("plugins", () -> paths(folder), watched::reload);
    // Something may have changed since the plugins were opened.
    watched.reload();
  }

  private synchronized boolean reload() {
    Catalogue before = plugins.current();
    Catalogue now = plugins.reload();
    if (now != before) {
      reloaded.accept(now);
      tell(before.languages(), before.refused(), now);
    }
    return now.refused().isEmpty();
  }

  private static List<Path> paths(Path folder) {
    Listing listing = Listing.ofTwoLevels(folder, file -> file.toString().endsWith(JAR));
    List<Path> paths = new ArrayList<>(listing.folders());
    paths.add(folder);
    paths.addAll(listing.files());
    return paths;
  }

  private static void tell(
      List<LoadedPlugin> before, List<RefusedPlugin> refusedBefore, Catalogue now) {
    for (LoadedPlugin plugin : now.languages()) {
      if (!before.contains(plugin)) {
        boolean replaces = before.stream().anyMatch(other -> other.id().equals(plugin.id()));
        LOG.log(
            INFO,
            "plugin "
                + plugin.name()
                + (replaces ? " replaced: language " : " loaded: language ")
                + plugin.id()
                + (plugin.version().isEmpty() ? "" : " " + plugin.version()));
      }
    }
    for (LoadedPlugin plugin : before) {
      if (now.language(plugin.id()).isEmpty()) {
        LOG.log(INFO, "plugin " + plugin.name() + " removed: no more language " + plugin.id());
      }
    }
    for (RefusedPlugin refused : now.refused()) {
      if (!refusedBefore.contains(refused)) {
        LOG.log(WARNING, "plugin " + refused.name() + " refused: " + refused.reason());
      }
    }
  }
}
