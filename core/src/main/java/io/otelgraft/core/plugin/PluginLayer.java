package io.otelgraft.core.plugin;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleFinder;
import java.lang.module.ResolutionException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Makes plugins of jars: a {@link ModuleLayer} for each jar or folder of jars, over the layer of
 * the SPI, with a class loader that has no parent.
 *
 * <p>Without a parent, and with descriptors that {@link ModuleChecks} has seen, a class loader
 * finds the plugin's own classes, the SPI and the JDK's. (Any parent would do harm: the JDK's
 * built-in loaders find each other's modules.) So two plugins may bring different versions of one
 * library, and none leans on a library of Graft by accident. This is order, not a sandbox: a jar in
 * the plugins folder is trusted as any on the module path is.
 */
final class PluginLayer {

  /** How long a plugin may take to start: it is to declare a language, and nothing else. */
  static final Duration STARTING = Duration.ofSeconds(10);

  private PluginLayer() {}

  /**
   * The layer that those of plugins stand on: that of the SPI.
   *
   * @throws IllegalStateException if the SPI is on the class path, where no module can read it
   */
  static ModuleLayer host() {
    Module spi = LanguagePlugin.class.getModule();
    if (!spi.isNamed()) {
      throw new IllegalStateException(
          "Graft is on the class path, where plugin jars cannot be loaded; put its jars on the"
              + " module path (--module-path)");
    }
    return spi.getLayer();
  }

  /**
   * Loads the plugins of one jar, or of one folder of jars: all of them or none.
   *
   * @param host the layer of the SPI
   * @param name that in the plugins folder: {@code NAME.jar} or {@code NAME/}
   * @param jars where they are read from for as long as the plugins are in use
   * @param digest gives that of the jars' content
   * @param starting how long their code may take to start
   * @return at least one plugin
   * @throws Unusable if there is anything wrong
   */
  static List<LoadedPlugin> load(
      ModuleLayer host, String name, List<Path> jars, Supplier<String> digest, Duration starting)
      throws Unusable {
    PluginModules modules = PluginModules.read(jars, host, name.replaceFirst("(\\.jar|/)$", "/"));
    ModuleLayer layer = define(host, modules);
    ClassLoader loader = layer.modules().iterator().next().getClassLoader();
    return within(starting, loader, () -> start(layer, name, digest));
  }

  /** What a plugin declares, checked as far as it can be without knowing the others. */
  static Language declaration(LanguagePlugin plugin) throws Unusable {
    Language language = plugin.language();
    if (language == null) {
      throw new Unusable(
          plugin.getClass().getName() + ".language() returns null; return a declaration");
    }
    Names.check(language);
    return language;
  }

  private static ModuleLayer define(ModuleLayer host, PluginModules modules) throws Unusable {
    try {
      Configuration configuration =
          host.configuration().resolveAndBind(modules, ModuleFinder.of(), modules.providers());
      return ModuleLayer.defineModulesWithOneLoader(configuration, List.of(host), null).layer();
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      throw new Unusable(
          "its modules do not fit together: "
              + Thrown.message(e)
              + "; each package may be in one module only");
    }
  }

  private static List<LoadedPlugin> start(ModuleLayer layer, String name, Supplier<String> digest)
      throws Unusable {
    var started = new ArrayList<LoadedPlugin>();
    for (LanguagePlugin plugin : ServiceLoader.load(layer, LanguagePlugin.class)) {
      Module module = plugin.getClass().getModule();
      // The service loader looks into the layers beneath as well.
      if (module.getLayer() == layer) {
        Language language = declaration(plugin);
        Names.checkAgainst(language, started);
        String version = module.getDescriptor().rawVersion().orElse("");
        var origin = new Origin(name, module.getName(), version, digest);
        started.add(new LoadedPlugin(plugin, language, origin));
      }
    }
    if (started.isEmpty()) {
      throw new Unusable("what it provides is of no class of its own; provide a class in the jar");
    }
    return started;
  }

  /**
   * Runs code of the plugin: on a thread of its own, since it may be a loop without an end, and
   * from which nothing that it throws gets out.
   */
  private static List<LoadedPlugin> within(
      Duration limit, ClassLoader loader, Callable<List<LoadedPlugin>> starting) throws Unusable {
    var outcome =
        new FutureTask<Started>(() -> {
          try {
            return new Started(starting.call(), null);
          } catch (Throwable thrown) {
            return new Started(List.of(), failed(thrown));
          }
        });
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("graft-plugin-start")
            .inheritInheritableThreadLocals(false)
            .unstarted(outcome);
    thread.setContextClassLoader(loader);
    thread.start();
    try {
      Started started = outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
      if (started.failure() != null) {
        throw started.failure();
      }
      return started.plugins();
    } catch (ExecutionException e) {
      throw new IllegalStateException("nothing gets out", e);
    } catch (TimeoutException e) {
      thread.interrupt();
      throw new Unusable(
          "its constructor, static initializer or language() did not come to an end within "
              + limit.toMillis()
              + " ms; they should do no more than declare the language");
    } catch (InterruptedException e) {
      thread.interrupt();
      Thread.currentThread().interrupt();
      throw new Unusable("Graft was stopped while the plugin was starting");
    }
  }

  private static Unusable failed(Throwable thrown) {
    return switch (Thrown.root(thrown)) {
      case Unusable reason -> reason;
      case UnsupportedClassVersionError newer ->
          new Unusable(Unusable.tooNew(Thrown.message(newer)));
      default ->
          new Unusable(
              "its constructor, static initializer or language() failed: "
                  + Thrown.describe(thrown)
                  + "; ask who wrote it, or remove it");
    };
  }

  /** What came of starting: plugins, or why there are none. */
  private record Started(List<LoadedPlugin> plugins, Unusable failure) {}
}
