package io.otelgraft.e2e.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.TreeMap;

/**
 * The root directory that one container sees: this machine's files, an image laid over them,
 * volumes mounted into that.
 *
 * <p>It is a directory of its own into which everything is bound, so that a mount point such as
 * {@code /otel-auto-instrumentation} need not exist on the machine, and nothing on the machine
 * changes. A directory of the machine is opened up, which is to say replaced by one of the
 * container's own that holds the same entries, only where a mount point lies in it and is missing
 * there.
 */
final class ContainerRoot {

  /** As far as Linux follows links. */
  private static final int LINKS = 40;

  private sealed interface Entry permits Own, Bound, Link {}

  /** A directory of the container's own. */
  private record Own(Map<String, Entry> entries) implements Entry {}

  /**
   * A file or directory of this machine.
   *
   * @param over what is bound over entries of it that exist, by their relative path: this saves
   *     opening it up
   */
  private record Bound(Path source, Access access, Map<Path, Bound> over) implements Entry {
    Bound(Path source, Access access) {
      this(source, access, new TreeMap<>());
    }
  }

  /** A symbolic link, kept as one: what it leads to is the container's, not the machine's. */
  private record Link(Path target) implements Entry {}

  private final Own root = new Own(new TreeMap<>());

  /**
   * The machine's files, those that are the kernel's writable, all others not, and an empty {@code
   * /tmp}.
   */
  static ContainerRoot ofThisMachine() {
    ContainerRoot container = new ContainerRoot();
    container.root.entries.putAll(entriesOf(new Bound(Path.of("/"), Access.READ_ONLY)));
    for (String kernel : new String[] {"dev", "proc", "sys"}) {
      container.root.entries.put(kernel, new Bound(Path.of("/", kernel), Access.WRITABLE));
    }
    container.root.entries.put("tmp", new Own(new TreeMap<>()));
    return container;
  }

  private ContainerRoot() {}

  /**
   * Lays the files of a directory over the container's, read-only. A directory that is in both
   * keeps the entries of both.
   */
  void overlay(Path directory) {
    overlay(directory, Path.of("/"));
  }

  private void overlay(Path directory, Path at) {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        Path place = at.resolve(entry.getFileName().toString());
        if (Files.isDirectory(entry) && Files.isDirectory(place)) {
          overlay(entry, place);
        } else {
          bind(entry, place, Access.READ_ONLY);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Puts a file or directory of this machine at a place in the container, in front of what is
   * there.
   */
  void bind(Path source, Path place, Access access) {
    if (Files.isSymbolicLink(source)) {
      put(place, new Link(readLink(source)));
    } else if (!bindOver(place, new Bound(source, access))) {
      put(place, new Bound(source, access));
    }
  }

  private void put(Path place, Entry entry) {
    directory(place.normalize().getParent()).entries.put(place.getFileName().toString(), entry);
  }

  /**
   * Binds over a file or directory that a bound directory has already; false when there is none.
   */
  private boolean bindOver(Path place, Bound bound) {
    Covered covered = covered(place);
    if (covered == null || covered.isDirectory() != Files.isDirectory(bound.source)) {
      return false;
    }
    covered.by.over.put(covered.rest, bound);
    return true;
  }

  /**
   * A place that exists in a directory of the machine: no link leads there, and nothing of the
   * container's own.
   */
  private record Covered(Bound by, Path rest) {
    boolean isDirectory() {
      return Files.isDirectory(by.source.resolve(rest));
    }
  }

  /** Where a place lies when it exists in a bound directory, else null. */
  private Covered covered(Path place) {
    Own here = root;
    for (int depth = 1; depth < place.getNameCount(); depth++) {
      Entry entry = here.entries.get(place.getName(depth - 1).toString());
      if (entry instanceof Bound bound) {
        Path rest = place.subpath(depth, place.getNameCount());
        return isPlain(bound.source, rest) ? new Covered(bound, rest) : null;
      }
      if (!(entry instanceof Own own)) {
        return null;
      }
      here = own;
    }
    return null;
  }

  /** Whether the path exists, with no symbolic link on the way. */
  private static boolean isPlain(Path directory, Path rest) {
    try {
      return directory.resolve(rest).toRealPath().equals(directory.toRealPath().resolve(rest));
    } catch (IOException e) {
      return false;
    }
  }

  private static Path readLink(Path link) {
    try {
      return Files.readSymbolicLink(link);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Makes sure that there is a directory at a place in the container. */
  void mkdirs(Path place) {
    boolean isTopLevel =
        place.getNameCount() == 1 && root.entries.containsKey(place.getFileName().toString());
    if (!isTopLevel && covered(place) == null) {
      directory(place);
    }
  }

  /** The container's own directory at a place; directories on the way there are opened up. */
  private Own directory(Path place) {
    Deque<String> names = names(place);
    Deque<Own> above = new ArrayDeque<>();
    Own here = root;
    int links = 0;
    while (!names.isEmpty()) {
      String name = names.pop();
      if (name.equals("..")) {
        here = above.isEmpty() ? root : above.pop();
        continue;
      }
      Entry entry = here.entries.getOrDefault(name, new Own(new TreeMap<>()));
      if (entry instanceof Link(Path target)) {
        if (++links > LINKS) {
          throw new PodFailedException("too many levels of symbolic links: " + place);
        }
        if (target.isAbsolute()) {
          above.clear();
          here = root;
        }
        names(target).reversed().forEach(names::push);
        continue;
      }
      Own own = entry instanceof Bound bound ? opened(bound) : (Own) entry;
      here.entries.put(name, own);
      above.push(here);
      here = own;
    }
    return here;
  }

  private static Own opened(Bound directory) {
    if (!Files.isDirectory(directory.source)) {
      throw new PodFailedException(directory.source + " is in the way: it is not a directory");
    }
    Own own = new Own(entriesOf(directory));
    directory.over.forEach((rest, over) -> {
      Path name = rest.getName(0);
      if (rest.getNameCount() == 1) {
        own.entries.put(name.toString(), over);
      } else if (own.entries.get(name.toString()) instanceof Bound below) {
        below.over.put(name.relativize(rest), over);
      }
    });
    return own;
  }

  private static Deque<String> names(Path path) {
    Deque<String> names = new ArrayDeque<>();
    path.forEach(name -> names.add(name.toString()));
    return names;
  }

  private static Map<String, Entry> entriesOf(Bound directory) {
    Map<String, Entry> entries = new TreeMap<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory.source)) {
      for (Path path : stream) {
        entries.put(
            path.getFileName().toString(),
            Files.isSymbolicLink(path)
                ? new Link(readLink(path))
                : new Bound(path, directory.access));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return entries;
  }

  /**
   * The shell commands that make this root at a directory, to be run in a mount namespace of the
   * container's own.
   *
   * @param at an empty directory
   */
  String commands(Path at) {
    StringBuilder commands = new StringBuilder();
    commands.append("mount -t tmpfs -o mode=755 container ").append(quoted(at)).append('\n');
    make(root, at, commands);
    return commands.toString();
  }

  private static void make(Own directory, Path at, StringBuilder commands) {
    directory.entries.forEach((name, entry) -> {
      Path place = at.resolve(name);
      switch (entry) {
        case Own own -> {
          commands.append("mkdir ").append(quoted(place)).append('\n');
          make(own, place, commands);
        }
        case Link(Path target) ->
            commands
                .append("ln -s ")
                .append(quoted(target))
                .append(' ')
                .append(quoted(place))
                .append('\n');
        case Bound bound -> {
          commands
              .append(Files.isDirectory(bound.source) ? "mkdir " : ": > ")
              .append(quoted(place))
              .append('\n');
          mount(bound, place, commands);
        }
      }
    });
  }

  private static void mount(Bound bound, Path place, StringBuilder commands) {
    commands
        .append("mount --rbind ")
        .append(quoted(bound.source))
        .append(' ')
        .append(quoted(place))
        .append('\n');
    if (bound.access != Access.WRITABLE) {
      commands
          .append("mount -o remount,bind,")
          .append(bound.access.options())
          .append(' ')
          .append(quoted(place))
          .append('\n');
    }
    bound.over.forEach((rest, over) -> mount(over, place.resolve(rest), commands));
  }

  private static String quoted(Path path) {
    return quoted(path.toString());
  }

  /** The text as one word of a shell. */
  static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }
}
