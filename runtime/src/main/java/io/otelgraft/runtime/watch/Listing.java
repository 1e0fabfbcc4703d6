package io.otelgraft.runtime.watch;

import java.io.IOException;
import java.nio.file.FileVisitOption;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The files of a folder and its folders. What is hidden is left out: editors and copying tools put
 * unfinished files there, and the kubelet what the links in a mounted volume lead to.
 *
 * @param files the files, by path
 * @param folders the folder itself and those in it, by path
 * @param failures what could not be listed, and why
 */
public record Listing(List<Path> files, List<Path> folders, Map<Path, IOException> failures) {

  /**
   * Lists a folder. Links to files are followed, those to folders are not.
   *
   * @param folder the folder; it may itself be a link
   * @param wanted which files
   */
  public static Listing of(Path folder, Predicate<Path> wanted) {
    return of(folder, Integer.MAX_VALUE, Set.of(), wanted);
  }

  /** Lists a folder and the folders directly in it, also where they are links. */
  static Listing ofTwoLevels(Path folder, Predicate<Path> wanted) {
    return of(folder, 2, EnumSet.of(FileVisitOption.FOLLOW_LINKS), wanted);
  }

  private static Listing of(
      Path folder, int depth, Set<FileVisitOption> options, Predicate<Path> wanted) {
    Set<Path> files = new TreeSet<>();
    Set<Path> folders = new TreeSet<>();
    Map<Path, IOException> failures = new LinkedHashMap<>();
    try {
      // The root is followed if it is a link, whatever the options say about those in it.
      Path root = Files.isDirectory(folder) ? folder.toRealPath() : folder;
      Files.walkFileTree(
          root,
          options,
          depth,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes) {
              if (!path.equals(root) && isHidden(path)) {
                return FileVisitResult.SKIP_SUBTREE;
              }
              folders.add(named(path));
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path path, BasicFileAttributes attributes) {
              boolean folderAtTheEnd = attributes.isDirectory();
              if (!isHidden(path)
                  && !folderAtTheEnd
                  && wanted.test(path)
                  && (attributes.isRegularFile() || Files.isRegularFile(path))) {
                files.add(named(path));
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path path, IOException e) {
              // What goes while it is listed is no failure; the folder itself has to be there.
              if (!(e instanceof NoSuchFileException) || path.equals(root)) {
                failures.put(named(path), e);
              }
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path path, IOException e) {
              if (e != null) {
                failures.put(named(path), e);
              }
              return FileVisitResult.CONTINUE;
            }

            private Path named(Path path) {
              return folder.resolve(root.relativize(path));
            }
          });
    } catch (IOException e) {
      failures.put(folder, e);
    }
    return new Listing(new ArrayList<>(files), new ArrayList<>(folders), failures);
  }

  private static boolean isHidden(Path path) {
    return path.getFileName() != null && path.getFileName().toString().startsWith(".");
  }
}
