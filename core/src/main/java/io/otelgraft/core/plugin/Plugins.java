package io.otelgraft.core.plugin;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor.Version;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * The plugins folder: each {@code NAME.jar}, or {@code NAME/} with a plugin's jar and its
 * libraries, is loaded in a layer of its own. What cannot be used is refused with a line that says
 * why, and the others work.
 *
 * <p>There are two ways to use a folder. A command that reads its input and ends calls {@link
 * #load}: the classes come from the jars where they are, which is fast, and asks that nobody writes
 * to them meanwhile. A server calls {@link #open}, and {@link #reload} whenever something may have
 * changed. Then jars come, change and go while the plugins are in use, so each is copied to a
 * private folder, named after its content, and loaded from there once the copy is seen to be whole.
 *
 * <p>Where two jars take the same name (language, section or annotation) the one whose module has
 * the higher version is used, and of the same version the one whose file name comes first. So the
 * order in which they were found or added does not matter, and an upgrade may lie beside what it
 * replaces.
 *
 * <p>Thread-safe.
 */
public final class Plugins implements AutoCloseable {
  private static final Comparator<Jar> PRECEDENCE =
      Comparator.comparing(Jar::version, Comparator.nullsFirst(Comparator.<Version>naturalOrder()))
          .reversed()
          .thenComparing(Jar::name);

  private final ModuleLayer host = PluginLayer.host();
  private final Path folder;

  /** Null when the plugins are loaded from where they are. */
  private final Copies copies;

  private Map<String, Attempt> attempts = Map.of();
  private volatile Catalogue current;

  private Plugins(Path folder, Copies copies) {
    this.folder = folder;
    this.copies = copies;
  }

  /**
   * Loads the plugins of a folder once, from where they are.
   *
   * @return the catalogue; a folder that cannot be read is itself among what it refuses
   * @throws IllegalStateException if Graft is on the class path
   */
  public static Catalogue load(Path folder) {
    return new Plugins(folder, null).reload();
  }

  /**
   * Loads the plugins of a folder, which may change from now on.
   *
   * @return the folder, with its first catalogue loaded
   * @throws UncheckedIOException if there is no place for private copies of the jars: the folder
   *     for temporary files cannot be written to
   * @throws IllegalStateException if Graft is on the class path
   */
  public static Plugins open(Path folder) {
    try {
      var plugins = new Plugins(folder, new Copies(Files.createTempDirectory("graft-plugins-")));
      plugins.reload();
      return plugins;
    } catch (IOException e) {
      throw new UncheckedIOException("no place for private copies of plugin jars", e);
    }
  }

  /** What can be used now. Take it once for each request. */
  public Catalogue current() {
    return current;
  }

  /**
   * Looks into the folder again, and replaces the catalogue in one step if anything changed.
   *
   * <p>A jar with the content that it had is neither loaded nor tried anew. A jar that changed into
   * something that cannot be used is refused, and the plugin that was loaded from it goes on;
   * likewise all of them if the folder cannot be read. Every jar is read to find out, so this is
   * for every few seconds, not for every request.
   *
   * @return the catalogue that counts from now on: the same one if nothing changed
   */
  public synchronized Catalogue reload() {
    var refused = new ArrayList<RefusedPlugin>();
    try {
      attempts = attempts();
    } catch (IOException e) {
      refused.add(new RefusedPlugin(folder.toString(), unreadable(e)));
    }
    var usable = new ArrayList<Jar>();
    attempts.forEach((name, attempt) -> {
      if (attempt.jar() != null) {
        usable.add(attempt.jar());
      }
      if (attempt.refusal() != null) {
        refused.add(new RefusedPlugin(name, attempt.refusal()));
      }
    });
    usable.sort(PRECEDENCE);
    var plugins = new ArrayList<LoadedPlugin>();
    for (Jar jar : usable) {
      try {
        for (LoadedPlugin plugin : jar.plugins()) {
          Names.checkAgainst(plugin.language(), plugins);
        }
        plugins.addAll(jar.plugins());
      } catch (Unusable e) {
        refused.add(new RefusedPlugin(jar.name(), e.getMessage()));
      }
    }
    long generation = current == null ? 1 : current.generation() + 1;
    var next = new Catalogue(generation, plugins, refused);
    if (current == null || !next.sameAs(current)) {
      current = next;
    }
    return current;
  }

  /** Removes the private copies; plugins that are in use may miss classes from now on. */
  @Override
  public void close() {
    if (copies != null) {
      copies.close();
    }
  }

  private Map<String, Attempt> attempts() throws IOException {
    var made = new TreeMap<String, Attempt>();
    for (Candidate candidate : Candidate.in(folder)) {
      made.put(candidate.name(), attempt(candidate, attempts.get(candidate.name())));
    }
    return made;
  }

  /** Loads a candidate unless its content is what it was; of the last attempt a jar may remain. */
  private Attempt attempt(Candidate candidate, Attempt last) {
    String digest = "";
    try {
      List<Path> jars = candidate.jars();
      if (copies == null) {
        return new Attempt(digest, inPlace(candidate.name(), jars), null);
      }
      digest = Digest.of(jars);
      if (last != null && last.digest().equals(digest)) {
        return last;
      }
      if (last != null && last.jar() != null && last.jar().digest().equals(digest)) {
        return new Attempt(digest, last.jar(), null);
      }
      return new Attempt(digest, copied(candidate.name(), jars, digest), null);
    } catch (Unusable e) {
      return refused(digest, e.getMessage(), last);
    } catch (IOException e) {
      // Without a digest it is tried anew at the next look.
      return refused("", unreadable(e), last);
    } catch (RuntimeException e) {
      // The JDK, about a jar that nobody foresaw: no reason to go without the others.
      return refused(digest, "cannot be loaded: " + Thrown.describe(e) + "; build it anew", last);
    }
  }

  private Jar inPlace(String name, List<Path> jars) throws Unusable {
    // The digest is a good part of the time that it takes to load a plugin, and seldom asked for.
    return new Jar(name, load(name, jars, () -> Digest.ifReadable(jars)));
  }

  private Jar copied(String name, List<Path> jars, String digest) throws Unusable, IOException {
    return new Jar(name, copies.load(jars, digest, copied -> load(name, copied, () -> digest)));
  }

  private List<LoadedPlugin> load(String name, List<Path> jars, Supplier<String> digest)
      throws Unusable {
    return PluginLayer.load(host, name, jars, digest, PluginLayer.STARTING);
  }

  private static Attempt refused(String digest, String reason, Attempt last) {
    return last == null || last.jar() == null
        ? new Attempt(digest, null, reason)
        : new Attempt(digest, last.jar(), reason + "; the one loaded before goes on");
  }

  private static String unreadable(IOException e) {
    return switch (e) {
      case NoSuchFileException missing -> "does not exist; create it, or name another";
      case NotDirectoryException file -> "is not a folder; name the one that holds the plugins";
      case AccessDeniedException denied -> "may not be read by this user; change its permissions";
      default -> "cannot be read (" + Thrown.message(e) + "); copy it again";
    };
  }

  /** What became of a candidate: a jar, a refusal, or both if the jar is of an earlier content. */
  private record Attempt(String digest, Jar jar, String refusal) {}

  /** The plugins of one candidate, at least one. */
  private record Jar(String name, List<LoadedPlugin> plugins) {
    String digest() {
      return plugins.getFirst().digest();
    }

    /** The version of the module; null if it has none that can be compared. */
    Version version() {
      try {
        return Version.parse(plugins.getFirst().version());
      } catch (IllegalArgumentException e) {
        return null;
      }
    }
  }
}
