package io.otelgraft.core.plugin;

import io.otelgraft.spi.LanguagePlugin;
import java.io.IOException;
import java.io.InputStream;
import java.lang.module.FindException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.ClassFileFormatVersion;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;

/** The modules that a plugin brings: one in each of its jars. */
final class PluginModules implements ModuleFinder {
  private static final String SERVICE = LanguagePlugin.class.getName();

  private final Map<String, ModuleReference> byName;

  private PluginModules(Map<String, ModuleReference> byName) {
    this.byName = byName;
  }

  /**
   * Reads the modules of jars, and checks them.
   *
   * @param jars at least one
   * @param host the layer that they are going to be used over
   * @param folder the folder for the plugin and its libraries: {@code NAME/}
   * @throws Unusable if a jar is no module, or {@link ModuleChecks} finds fault with it
   */
  static PluginModules read(List<Path> jars, ModuleLayer host, String folder) throws Unusable {
    var modules = new LinkedHashMap<String, ModuleReference>();
    for (Path jar : jars) {
      ModuleReference module = read(jar);
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
    var checks = new ModuleChecks(host, modules.keySet(), folder);
    for (ModuleReference module : modules.values()) {
      checks.check(module.descriptor(), fileName(module));
    }
    modules.replaceAll((name, module) -> closed(module, checks));
    return new PluginModules(modules);
  }

  /**
   * The names of those that provide a plugin.
   *
   * @throws Unusable if there is none
   */
  Set<String> providers() throws Unusable {
    var providers =
        byName.values().stream()
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

  @Override
  public Optional<ModuleReference> find(String name) {
    return Optional.ofNullable(byName.get(name));
  }

  @Override
  public Set<ModuleReference> findAll() {
    return Set.copyOf(byName.values());
  }

  private static ModuleReference read(Path jar) throws Unusable {
    try {
      return ModuleFinder.of(jar).findAll().stream()
          .findAny()
          .orElseThrow(() -> new Unusable(jar.getFileName() + " does not exist; copy it again"));
    } catch (FindException e) {
      throw new Unusable(diagnose(jar, e));
    }
  }

  /** Says what keeps a jar from being read as a module. */
  private static String diagnose(Path jar, FindException unreadable) {
    try (var file = new JarFile(jar.toFile(), false, JarFile.OPEN_READ, Runtime.version())) {
      var descriptor = file.getJarEntry("module-info.class");
      if (descriptor != null) {
        try (InputStream bytes = file.getInputStream(descriptor)) {
          byte[] header = bytes.readNBytes(8);
          int version = header.length < 8 ? 0 : ((header[6] & 0xff) << 8) | (header[7] & 0xff);
          int newest = ClassFileFormatVersion.latest().major();
          if (version > newest) {
            return Unusable.tooNew(
                jar.getFileName()
                    + " has class file version "
                    + version
                    + ", this one reads up to "
                    + newest);
          }
        }
      }
    } catch (IOException e) {
      return Unusable.incomplete(jar, e) + "; copy it again";
    }
    Throwable cause = unreadable.getCause() == null ? unreadable : unreadable.getCause();
    return jar.getFileName()
        + " cannot be read as a module: "
        + Thrown.message(cause)
        + "; build it anew with a module-info";
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

  private static String fileName(ModuleReference module) {
    return module
        .location()
        .map(location -> Path.of(location).getFileName().toString())
        .orElseGet(() -> module.descriptor().name());
  }
}
