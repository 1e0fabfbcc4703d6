package io.otelgraft.core.plugin;

import io.otelgraft.spi.LanguagePlugin;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleDescriptor.Requires;
import java.lang.module.ModuleDescriptor.Version;
import java.lang.module.ModuleFinder;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What can be told from the module descriptors of a plugin, before any of its classes is loaded: a
 * plugin reads modules that it brings, the SPI, and of the JDK what is promised to plugins; nothing
 * of Graft's.
 *
 * <p>Of the JDK these are the modules of Java SE, and {@code jdk.unsupported} for the sake of older
 * libraries. Others may happen to be there, and be gone in the next release of Graft.
 */
final class ModuleChecks {
  private static final String SPI = LanguagePlugin.class.getModule().getName();
  private static final String SPI_PACKAGE = LanguagePlugin.class.getPackageName();
  private static final String UNSUPPORTED = "jdk.unsupported";
  private static final Pattern MAJOR_MINOR = Pattern.compile("(\\d+)(?:\\.(\\d+))?.*");

  /** What the names of all modules of Java SE begin with. */
  private static final String STANDARD =
      Object.class.getModule().getName().replaceFirst("\\..*", ".");

  private final ModuleLayer host;
  private final Set<String> own;
  private final String folder;

  /**
   * Checks for one plugin.
   *
   * @param host the layer of the SPI
   * @param own the names of the modules that the plugin brings
   * @param folder the folder for the plugin and its libraries: {@code NAME/}
   */
  ModuleChecks(ModuleLayer host, Set<String> own, String folder) {
    this.host = host;
    this.own = own;
    this.folder = folder;
  }

  /** Refuses a module that the plugin cannot bring, or cannot bring alone. */
  void check(ModuleDescriptor module, String jar) throws Unusable {
    if (module.isAutomatic()) {
      throw new Unusable(
          jar
              + " has no module-info.class, so what it needs is unknown; use a version of it that is"
              + " a named module, or add a module-info");
    }
    if (module.name().equals(SPI) || module.packages().contains(SPI_PACKAGE)) {
      throw new Unusable(
          jar + " contains a copy of Graft's SPI; leave it out, Graft brings its own");
    }
    for (Requires requires : module.requires()) {
      check(module, requires);
    }
  }

  private void check(ModuleDescriptor module, Requires requires) throws Unusable {
    String name = requires.name();
    if (name.equals(SPI)) {
      checkSpi(requires);
    } else if (!isStatic(requires) && !own.contains(name) && !isOfJdk(name)) {
      throw new Unusable("module " + module.name() + " requires " + name + ", " + absence(name));
    }
  }

  private String absence(String name) {
    if (ModuleFinder.ofSystem().find(name).isPresent()) {
      return isPromised(name)
          ? "which is missing in the JDK's modules that Graft was started with; add it with"
              + " --add-modules"
          : "a module of the JDK that plugins may not use; they may use those of Java SE and "
              + UNSUPPORTED;
    }
    return (host.findModule(name).isPresent()
            ? "a library of Graft, which plugins do not see"
            : "which is not there")
        + "; put the library's jar beside the plugin's into the folder "
        + folder;
  }

  /**
   * Refuses what was compiled against another major version of the SPI, or a later minor one. A
   * descriptor without the version says nothing and passes.
   */
  private void checkSpi(Requires requires) throws Unusable {
    Optional<Version> ours = LanguagePlugin.class.getModule().getDescriptor().version();
    Optional<Version> theirs = requires.compiledVersion();
    if (ours.isEmpty() || theirs.isEmpty()) {
      return;
    }
    Matcher here = MAJOR_MINOR.matcher(ours.get().toString());
    Matcher there = MAJOR_MINOR.matcher(theirs.get().toString());
    if (here.matches()
        && there.matches()
        && here.group(1).equals(there.group(1))
        && minor(there) <= minor(here)) {
      return;
    }
    throw new Unusable(
        "is compiled against version "
            + theirs.get()
            + " of Graft's SPI and this is "
            + ours.get()
            + "; use a version of the plugin for this one, or a Graft for that one");
  }

  private static int minor(Matcher version) {
    return version.group(2) == null ? 0 : Integer.parseInt(version.group(2));
  }

  /**
   * Whether an edge of the module graph may stay. An optional one to a module of Graft's may not:
   * it would be resolved to Graft's copy.
   */
  boolean allows(Requires requires) {
    String name = requires.name();
    return !isStatic(requires) || name.equals(SPI) || own.contains(name) || isOfJdk(name);
  }

  private static boolean isStatic(Requires requires) {
    return requires.modifiers().contains(Requires.Modifier.STATIC);
  }

  /** Whether a module is one of the JDK that plugins may use, and is there. */
  private boolean isOfJdk(String name) {
    return isPromised(name)
        && host.configuration()
            .findModule(name)
            .flatMap(module -> module.reference().location())
            .filter(location -> "jrt".equals(location.getScheme()))
            .isPresent();
  }

  private static boolean isPromised(String name) {
    return name.startsWith(STANDARD) || name.equals(UNSUPPORTED);
  }
}
