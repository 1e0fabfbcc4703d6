package io.otelgraft.core.plugin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.ref.Cleaner;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.CheckedInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * Private copies of plugin jars, so that nothing that happens to a jar later reaches the classes
 * that are loaded from it.
 */
final class Copies implements AutoCloseable {
  private static final Cleaner CLEANER = Cleaner.create();
  private static final String AGAIN = "; it is tried again at the next look into the folder";

  private final Path root;

  /** In a folder that nobody else writes to; it is deleted in the end. */
  Copies(Path root) {
    this.root = root;
  }

  /** What is done with copies of jars, before they are kept or deleted. */
  interface Loading {
    /** Loads the plugins of the jars; at least one. */
    List<LoadedPlugin> from(List<Path> jars) throws Unusable;
  }

  /**
   * Loads plugins from copies, which stay for as long as the plugins' class loader is in memory.
   *
   * @param digest what the jars contained when they were looked at
   * @throws Unusable if a jar is being written, or is damaged, or loading throws it
   */
  List<LoadedPlugin> load(List<Path> jars, String digest, Loading loading)
      throws Unusable, IOException {
    Path folder = Files.createTempDirectory(root, digest.substring(0, 16) + "-");
    boolean used = false;
    try {
      List<LoadedPlugin> plugins = loading.from(copy(jars, digest, folder));
      CLEANER.register(plugins.getFirst().loader(), () -> delete(folder));
      used = true;
      return plugins;
    } finally {
      if (!used) {
        delete(folder);
      }
    }
  }

  private static List<Path> copy(List<Path> jars, String digest, Path folder)
      throws Unusable, IOException {
    var copies = new ArrayList<Path>();
    for (Path jar : jars) {
      copies.add(Files.copy(jar, folder.resolve(jar.getFileName())));
    }
    if (!Digest.of(copies).equals(digest)) {
      throw new Unusable("is being written" + AGAIN);
    }
    for (Path copy : copies) {
      verify(copy);
    }
    return copies;
  }

  /** Reads a jar to its end: its directory comes last, and each entry has a checksum. */
  private static void verify(Path jar) throws Unusable {
    try (var zip = new ZipFile(jar.toFile())) {
      for (var entries = zip.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        try (InputStream content = zip.getInputStream(entry)) {
          var checked = new CheckedInputStream(content, new CRC32());
          checked.transferTo(OutputStream.nullOutputStream());
          if (checked.getChecksum().getValue() != entry.getCrc()) {
            throw new IOException("the checksum of " + entry.getName() + " is wrong");
          }
        }
      }
    } catch (IOException e) {
      throw new Unusable(
          Unusable.incomplete(jar, e) + "; copy it again if nobody is doing so" + AGAIN);
    }
  }

  /** Deletes all copies. */
  @Override
  public void close() {
    delete(root);
  }

  /**
   * Deletes what can be deleted, and what another thread deletes at the same time; the rest lies
   * among the temporary files.
   */
  private static void delete(Path folder) {
    try {
      Files.walkFileTree(
          folder,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path emptied, IOException gone)
                throws IOException {
              Files.deleteIfExists(emptied);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // Not worth failing for: it is private, and named so that its origin is clear.
    }
  }
}
