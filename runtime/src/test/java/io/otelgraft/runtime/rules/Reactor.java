package io.otelgraft.runtime.rules;

import static java.util.stream.Collectors.toUnmodifiableMap;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;

/** The modules of Graft as this build has compiled them, found by the layout of the repository. */
final class Reactor {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();

  /** Built after this module, from outside: they start what the others make. */
  private static final Set<String> NOT_PART_OF_THE_PRODUCT =
      Set.of("benchmarks", "deploy", "e2e", "fuzz");

  private Reactor() {}

  /** A module: its folder in the repository, its descriptor, its compiled classes. */
  record Module(String folder, ModuleDescriptor descriptor, Path classes) {

    /** Whether it is loaded as a plugin: it provides a service of the SPI. */
    boolean isPlugin() {
      return descriptor.provides().stream()
          .anyMatch(provided -> provided.service().startsWith("io.otelgraft.spi."));
    }

    /** The names of the modules that it requires. */
    List<String> requires() {
      return descriptor.requires().stream().map(ModuleDescriptor.Requires::name).sorted().toList();
    }

    /** Its class files but the descriptor. */
    List<Path> classFiles() {
      try (Stream<Path> files = Files.walk(classes)) {
        return files
            .filter(file -> file.toString().endsWith(".class"))
            .filter(file -> !file.endsWith("module-info.class"))
            .toList();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** Every module of the product, by folder. */
  static Map<String, Module> modules() {
    try (Stream<Path> folders = Files.list(ROOT)) {
      return folders
          .filter(folder -> Files.exists(folder.resolve("pom.xml")))
          .filter(folder -> !NOT_PART_OF_THE_PRODUCT.contains(folder.getFileName().toString()))
          .map(Reactor::module)
          .collect(toUnmodifiableMap(Module::folder, Function.identity()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Module module(Path folder) {
    var classes = folder.resolve("target/classes");
    var descriptor =
        ModuleFinder.of(classes).findAll().stream()
            .findFirst()
            .orElseThrow(() -> new AssertionError(classes + " holds no named module"))
            .descriptor();
    return new Module(folder.getFileName().toString(), descriptor, classes);
  }

  /** What the plugins declare, by the folder of the module: the only list of languages there is. */
  static Map<String, Language> languages() {
    var plugins =
        modules().values().stream()
            .filter(Module::isPlugin)
            .collect(toUnmodifiableMap(plugin -> plugin.descriptor().name(), Function.identity()));
    var boot = ModuleLayer.boot();
    var finder =
        ModuleFinder.of(plugins.values().stream().map(Module::classes).toArray(Path[]::new));
    var layer =
        boot.defineModulesWithManyLoaders(
            boot.configuration().resolve(finder, ModuleFinder.of(), plugins.keySet()), null);
    Reactor.class.getModule().addUses(LanguagePlugin.class);
    return ServiceLoader.load(layer, LanguagePlugin.class).stream()
        .collect(
            toUnmodifiableMap(
                provider -> plugins.get(provider.type().getModule().getName()).folder(),
                provider -> provider.get().language()));
  }
}
