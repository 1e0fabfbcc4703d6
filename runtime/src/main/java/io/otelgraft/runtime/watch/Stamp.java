package io.otelgraft.runtime.watch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;

/**
 * By what it is told that a file or folder has changed, without reading it.
 *
 * @param file the device and number of the file that the path leads to: another one after a
 *     replacement by renaming, and after a link on the way was swapped; null on file systems
 *     without
 * @param folder whether it is a folder
 * @param size in bytes; of no meaning for a folder
 * @param modified when its content changed
 * @param failure why nothing else is known: it does not exist, or may not be looked at; else empty
 */
record Stamp(Object file, boolean folder, long size, FileTime modified, String failure) {

  /** The stamp of what a path leads to now; links are followed. */
  static Stamp of(Path path) {
    try {
      BasicFileAttributes attributes = Files.readAttributes(path, BasicFileAttributes.class);
      boolean folder = attributes.isDirectory();
      return new Stamp(
          attributes.fileKey(),
          folder,
          folder ? 0 : attributes.size(),
          attributes.lastModifiedTime(),
          "");
    } catch (NoSuchFileException e) {
      return failed("does not exist");
    } catch (IOException e) {
      return failed(e.toString());
    }
  }

  private static Stamp failed(String why) {
    return new Stamp(null, false, 0, null, why);
  }
}
