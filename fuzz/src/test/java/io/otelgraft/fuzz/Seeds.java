package io.otelgraft.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Documents;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * What fuzzing begins with: the manifests that the other folders have, stories of the plugins and
 * examples for users. It begins with what is added there as well.
 */
final class Seeds {
  private static final Path ROOT = Path.of("..");
  private static final List<Path> FILES = files();

  /** Longer ones cost more than they bring: it is parts of them that are changed and combined. */
  private static final int LONGEST = 4000;

  private static final String STORIES = "{lang-*,runtime,e2e}/src/test/resources/golden/*/";

  private Seeds() {}

  /** Texts with resources, workloads, or both. */
  static Stream<byte[]> manifests() {
    return Stream.of(
            STORIES + "{pod,instrumentation}.yaml",
            "e2e/manifests/*.yaml",
            "{docs,deploy}/examples/*.yaml",
            "core/src/test/resources/**.yaml")
        .flatMap(Seeds::files)
        .map(Seeds::bytes)
        .filter(Seeds::isShort);
  }

  /** The objects of the plugins' stories. */
  static Stream<ObjectNode> objects() {
    return files(STORIES + "{pod,instrumentation}.yaml")
        .flatMap(file -> Documents.read(file.toString(), bytes(file)).list().stream())
        .map(Document::tree);
  }

  /** Files with settings. */
  static Stream<byte[]> settings() {
    return files(STORIES + "settings.yaml").map(Seeds::bytes);
  }

  /** Whether it is short enough to begin with. */
  static boolean isShort(byte[] seed) {
    return seed.length <= LONGEST;
  }

  private static Stream<Path> files(String glob) {
    PathMatcher matcher = ROOT.getFileSystem().getPathMatcher("glob:" + glob);
    List<Path> found =
        FILES.stream().filter(file -> matcher.matches(ROOT.relativize(file))).toList();
    if (found.isEmpty()) {
      throw new IllegalStateException("there is no " + glob + " to begin with");
    }
    return found.stream();
  }

  /** All YAML files of the repository, in an order that is always the same. */
  private static List<Path> files() {
    List<Path> files = new ArrayList<>();
    try {
      Files.walkFileTree(
          ROOT,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
              String name = folder.getFileName().toString();
              boolean foreign =
                  name.equals("target") || (name.startsWith(".") && !folder.equals(ROOT));
              return foreign ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (file.toString().endsWith(".yaml")) {
                files.add(file);
              }
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return files.stream().sorted().toList();
  }

  private static byte[] bytes(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
