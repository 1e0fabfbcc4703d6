package io.otelgraft.runtime.watch;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;

/**
 * A ConfigMap or Secret as the kubelet mounts it: files are links through {@code ..data} to a
 * folder named after the time; an update makes another such folder and swaps the one link.
 *
 * @see <a
 *     href="https://github.com/kubernetes/kubernetes/blob/master/pkg/volume/util/atomic_writer.go">AtomicWriter</a>
 */
public final class MountedVolume {
  private static final String DATA = "..data";

  private final Path folder;
  private int updates;

  /** One that is mounted at a folder, which exists, and holds nothing yet. */
  public MountedVolume(Path folder) {
    this.folder = folder;
  }

  /** Replaces all that is in it, in the order in which the kubelet does. */
  public void update(Map<String, byte[]> files) throws IOException {
    Path data = folder.resolve(DATA);
    Path before = Files.exists(data) ? data.toRealPath() : null;
    Path next = Files.createDirectory(folder.resolve("..2026_01_01_00_00_00." + ++updates));
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Files.write(next.resolve(file.getKey()), file.getValue());
    }
    Path link = folder.resolve("..data_tmp");
    Files.createSymbolicLink(link, next.getFileName());
    Files.move(link, data, ATOMIC_MOVE);
    for (String name : files.keySet()) {
      if (!Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS)) {
        Files.createSymbolicLink(folder.resolve(name), Path.of(DATA, name));
      }
    }
    removeLinksToNowhere();
    if (before != null) {
      removeFolder(before);
    }
  }

  private void removeLinksToNowhere() throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        if (Files.isSymbolicLink(entry) && !Files.exists(entry)) {
          Files.delete(entry);
        }
      }
    }
  }

  private static void removeFolder(Path unused) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(unused)) {
      for (Path entry : entries) {
        Files.delete(entry);
      }
    }
    Files.delete(unused);
  }
}
