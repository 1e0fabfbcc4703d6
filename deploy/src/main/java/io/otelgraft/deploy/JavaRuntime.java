package io.otelgraft.deploy;

import java.io.IOException;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleFinder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The part of a JDK that Graft and its plugins use. */
final class JavaRuntime {

  /** What puts windows on a screen and plays sounds, and asks for the libraries for that. */
  static final Set<String> NOT_IN_A_SERVER =
      Set.of("libawt_xawt.so", "libjawt.so", "libjsound.so", "libsplashscreen.so");

  /** Nobody requires it: the JDK asks it for what Graft tells of its process in the metrics. */
  private static final String PROCESS_METRICS = "jdk.management";

  private static final String ADD_MODULES = "--add-modules ";

  private JavaRuntime() {}

  /**
   * Links it.
   *
   * @param jdk the JDK of which it is a part
   * @param distribution what is going to run on it
   * @param to the folder to make
   */
  static void link(Path jdk, Path distribution, Path to) throws IOException {
    List<String> jlink =
        List.of(
            jdk.resolve("bin/jlink").toString(),
            "--add-modules",
            String.join(",", modules(distribution)),
            // Not compressed: a layer is, as a whole, which takes less than its compressed parts.
            "--no-header-files",
            "--no-man-pages",
            "--output",
            to.toString());
    Programs.run(jlink);
    for (String name : NOT_IN_A_SERVER) {
      Files.deleteIfExists(to.resolve("lib").resolve(name));
    }
    // In some distributions of the JDK a link to what the system trusts.
    Path trusted = Path.of("lib/security/cacerts");
    Files.deleteIfExists(to.resolve(trusted));
    Folders.copy(jdk.resolve(trusted), to.resolve(trusted));
  }

  /** The modules of the JDK that Graft names at its start, that its libraries require, and that. */
  static Set<String> modules(Path distribution) throws IOException {
    Set<String> modules = new TreeSet<>(List.of(PROCESS_METRICS));
    List<String> named = new ArrayList<>();
    for (String line : Files.readAllLines(distribution.resolve("jvm/always"))) {
      if (line.startsWith(ADD_MODULES)) {
        named.addAll(Arrays.asList(line.substring(ADD_MODULES.length()).split(",", -1)));
      }
    }
    ModuleFinder system = ModuleFinder.ofSystem();
    // It may also name those on the module path.
    named.stream().filter(name -> system.find(name).isPresent()).forEach(modules::add);
    ModuleFinder.of(distribution.resolve("lib"), distribution.resolve("cluster")).findAll().stream()
        .flatMap(module -> module.descriptor().requires().stream())
        .filter(required -> !required.modifiers().contains(Requires.Modifier.STATIC))
        .map(Requires::name)
        .filter(name -> system.find(name).isPresent())
        .forEach(modules::add);
    return modules;
  }
}
