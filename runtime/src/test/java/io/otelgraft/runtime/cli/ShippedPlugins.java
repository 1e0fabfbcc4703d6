package io.otelgraft.runtime.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/** The plugins that Graft ships with, as jars in a folder: packed from what this build compiled. */
final class ShippedPlugins {

  /** The folder. */
  static final Path FOLDER = pack();

  private ShippedPlugins() {}

  private static Path pack() {
    try (Stream<Path> modules = Files.list(Path.of(".."))) {
      Path folder = Files.createDirectories(Path.of("target/test-home/plugins"));
      for (Path module : modules.filter(ShippedPlugins::isLanguage).sorted().toList()) {
        pack(module.resolve("target/classes"), folder.resolve("graft-" + name(module) + ".jar"));
      }
      return folder;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean isLanguage(Path module) {
    return name(module).startsWith("lang-");
  }

  private static String name(Path module) {
    return module.getFileName().toString();
  }

  /** Packs compiled classes. */
  static void pack(Path classes, Path jar) throws IOException {
    try (var out = new JarOutputStream(Files.newOutputStream(jar));
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
        out.putNextEntry(new JarEntry(classes.relativize(file).toString()));
        Files.copy(file, out);
        out.closeEntry();
      }
    }
  }
}
