package io.otelgraft.core.plugin;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.Configuration;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.module.ResolutionException;
import java.lang.reflect.ClassFileFormatVersion;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

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
  private static final String SERVICE = LanguagePlugin.class.getName();
  private static final String WITH_RELEASE =
      "compile it with --release " + Runtime.version().feature();
  private static final Duration STARTING = Duration.ofSeconds(10);

  private final String name;
  private final String digest;
  private final Duration starting;
  private final ModuleLayer parent = parent();

  private PluginLayer(String name, String digest, Duration starting) {
    this.name = name;
    this.digest = digest;
    this.starting = starting;
  }

  /**
   * Loads the plugins of one jar, or of one folder of jars: all of them or none.
   *
   * @param name that in the plugins folder: {@code NAME.jar} or {@code NAME/}
   * @param jars where they are read from for as long as the plugins are in use
   * @param digest of the jars' content
   * @return at least one plugin
   * @throws Unusable if there is anything wrong
   */
  static List<LoadedPlugin> load(String name, List<Path> jars, String digest) throws Unusable {
    return load(name, jars, digest, STARTING);
  }

  /** The same, with a limit of time for the plugin's code to start. */
  static List<LoadedPlugin> load(String name, List<Path> jars, String digest, Duration starting)
      throws Unusable {
    return new PluginLayer(name, digest, starting).load(jars);
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

  private static ModuleLayer parent() {
    Module spi = LanguagePlugin.class.getModule();
    if (!spi.isNamed()) {
      throw new IllegalStateException(
          "Graft is on the class path, where plugin jars cannot be loaded; put its jars on the"
              + " module path (--module-path)");
    }
    return spi.getLayer();
  }

  private List<LoadedPlugin> load(List<Path> jars) throws Unusable {
    Map<String, ModuleReference> modules = modules(jars);
    var checks = new ModuleChecks(parent, new Modules(modules), folder());
    for (ModuleReference module : modules.values()) {
      checks.check(module, fileName(module));
    }
    Set<String> providers = providers(modules.values());
    modules.replaceAll((module, reference) -> closed(reference, checks));
    ModuleLayer layer = define(new Modules(modules), providers);
    ClassLoader loader = layer.findLoader(providers.iterator().next());
    return within(starting, loader, () -> start(layer));
  }

  /** The folder in which the plugin may have libraries beside it. */
  private String folder() {
    return name.endsWith("/") ? name : name.replaceFirst("\\.jar$", "/");
  }

  private static Map<String, ModuleReference> modules(List<Path> jars) throws Unusable {
    var modules = new LinkedHashMap<String, ModuleReference>();
    for (Path jar : jars) {
      ModuleReference module = module(jar);
      ModuleReference twin = modules.putIfAbsent(module.descriptor().name(), module);
      if (twin != null) {
        throw new Unusable(
            fileName(twin)
                + " and "
                + fileName(module)
                + " both are module "
                + module.descriptor().name()
                + "; remove one of the two");
      }
    }
    return modules;
  }

  private static ModuleReference module(Path jar) throws Unusable {
    try {
      return ModuleFinder.of(jar).findAll().iterator().next();
    } catch (FindException e) {
      throw new Unusable(diagnose(jar, e));
    }
  }

  /** Says what keeps a jar from being read as a module. */
  private static String diagnose(Path jar, FindException unreadable) {
    String name = jar.getFileName().toString();
    try (var file = new JarFile(jar.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
      var descriptor = file.getJarEntry("module-info.class");
      if (descriptor != null) {
        try (InputStream bytes = file.getInputStream(descriptor)) {
          byte[] header = bytes.readNBytes(8);
          int version = header.length < 8 ? 0 : ((header[6] & 0xff) << 8) | (header[7] & 0xff);
          if (version > newestClassFile()) {
            return name + " " + tooNew(version);
          }
        }
      }
    } catch (IOException e) {
      return name
          + " is not a complete jar ("
          + Thrown.oneLine(String.valueOf(e.getMessage()))
          + "); copy it again";
    }
    Throwable cause = unreadable.getCause() == null ? unreadable : unreadable.getCause();
    return name
        + " cannot be read as a module: "
        + Thrown.oneLine(String.valueOf(cause.getMessage()))
        + "; build it anew with a module-info";
  }

  private static String tooNew(int classFile) {
    return "is compiled for a newer JVM (class file version "
        + classFile
        + ", this one reads up to "
        + newestClassFile()
        + "); "
        + WITH_RELEASE;
  }

  private static int newestClassFile() {
    return ClassFileFormatVersion.latest().major();
  }

  /** The names of the modules that provide a plugin, at least one. */
  private static Set<String> providers(Collection<ModuleReference> modules) throws Unusable {
    var providers =
        modules.stream()
            .map(ModuleReference::descriptor)
            .filter(module -> module.provides().stream().anyMatch(p -> p.service().equals(SERVICE)))
            .map(ModuleDescriptor::name)
            .collect(Collectors.toCollection(TreeSet::new));
    if (providers.isEmpty()) {
      throw new Unusable(
          "no module-info.class in it says `provides "
              + SERVICE
              + " with ...`; add that, or remove the jar if it is no plugin");
    }
    return providers;
  }

  /** A module without the optional edges through which it would read one of Graft's. */
  private static ModuleReference closed(ModuleReference reference, ModuleChecks checks) {
    ModuleDescriptor module = reference.descriptor();
    if (module.requires().stream().allMatch(checks::allows)) {
      return reference;
    }
    ModuleDescriptor.Builder closed =
        module.isOpen()
            ? ModuleDescriptor.newOpenModule(module.name())
            : ModuleDescriptor.newModule(module.name(), module.modifiers());
    module.requires().stream().filter(checks::allows).forEach(closed::requires);
    module.exports().forEach(closed::exports);
    module.opens().forEach(closed::opens);
    module.uses().forEach(closed::uses);
    module.provides().forEach(closed::provides);
    closed.packages(module.packages());
    module.version().ifPresent(closed::version);
    return new ModuleReference(closed.build(), reference.location().orElse(null)) {
      @Override
      public ModuleReader open() throws IOException {
        return reference.open();
      }
    };
  }

  private ModuleLayer define(ModuleFinder modules, Set<String> roots) throws Unusable {
    try {
      Configuration configuration =
          parent.configuration().resolveAndBind(modules, ModuleFinder.of(), roots);
      return ModuleLayer.defineModulesWithOneLoader(configuration, List.of(parent), null).layer();
    } catch (FindException | ResolutionException | LayerInstantiationException e) {
      throw new Unusable(
          "its modules do not fit together: "
              + Thrown.oneLine(String.valueOf(e.getMessage()))
              + "; each package may be in one module only");
    }
  }

  private List<LoadedPlugin> start(ModuleLayer layer) throws Unusable {
    var started = new ArrayList<LoadedPlugin>();
    for (LanguagePlugin plugin : ServiceLoader.load(layer, LanguagePlugin.class)) {
      Module module = plugin.getClass().getModule();
      // The service loader looks into the parent layers as well.
      if (module.getLayer() == layer) {
        Language language = declaration(plugin);
        Names.checkAgainst(language, started);
        var origin =
            new Origin(
                name, module.getName(), module.getDescriptor().rawVersion().orElse(""), digest);
        started.add(new LoadedPlugin(plugin, language, origin));
      }
    }
    if (started.isEmpty()) {
      throw new Unusable("its provider makes an object of somebody else's class; make its own");
    }
    return started;
  }

  /** Runs code of the plugin: on a thread of its own, since it may be a loop without an end. */
  private static <T> T within(Duration limit, ClassLoader loader, Callable<T> starting)
      throws Unusable {
    var outcome = new FutureTask<>(starting);
    Thread thread =
        Thread.ofPlatform()
            .daemon()
            .name("graft-plugin-start")
            .inheritInheritableThreadLocals(false)
            .unstarted(outcome);
    thread.setContextClassLoader(loader);
    thread.start();
    try {
      return outcome.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed(Thrown.root(e.getCause()));
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

  private static Unusable failed(Throwable root) {
    if (root instanceof Unusable reason) {
      return new Unusable(reason.getMessage());
    }
    if (root instanceof UnsupportedClassVersionError) {
      return new Unusable(
          "has a class that is compiled for a newer JVM ("
              + Thrown.oneLine(String.valueOf(root.getMessage()))
              + "); "
              + WITH_RELEASE);
    }
    return new Unusable(
        "its constructor, static initializer or language() failed: "
            + Thrown.describe(root)
            + "; ask who wrote it, or remove it");
  }

  /** Modules by name. */
  private record Modules(Map<String, ModuleReference> byName) implements ModuleFinder {
    @Override
    public Optional<ModuleReference> find(String name) {
      return Optional.ofNullable(byName.get(name));
    }

    @Override
    public Set<ModuleReference> findAll() {
      return Set.copyOf(byName.values());
    }
  }

  private static String fileName(ModuleReference module) {
    return module
        .location()
        .map(location -> Path.of(location).getFileName().toString())
        .orElseGet(() -> module.descriptor().name());
  }
}
