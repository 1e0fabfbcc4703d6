package io.otelgraft.core.plugin;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What may be a plugin: {@code NAME.jar}, or the jars of folder {@code NAME}.
 *
 * @param name {@code NAME.jar} or {@code NAME/}
 * @param path the jar or the folder
 */
record Candidate(String name, Path path) {
  private static final String JAR = ".jar";

  /** What formatting a volume leaves in it; only root may look inside. */
  private static final String LOST_AND_FOUND = "lost+found";

  /**
   * The candidates of a folder, by name.
   *
   * <p>What begins with a dot is left out: editors and copying tools put unfinished files there,
   * and the kubelet what the links in a mounted volume lead to. Links are followed. A file with
   * another ending is no candidate: {@code x.jar.tmp} becomes one when it is renamed.
   *
   * @throws IOException if the folder cannot be read
   */
  static List<Candidate> in(Path folder) throws IOException {
    var candidates = new ArrayList<Candidate>();
    for (Path entry : visible(folder)) {
      String name = entry.getFileName().toString();
      if (Files.isDirectory(entry)) {
        if (!name.equals(LOST_AND_FOUND)) {
          candidates.add(new Candidate(name + "/", entry));
        }
      } else if (name.endsWith(JAR)) {
        candidates.add(new Candidate(name, entry));
      }
    }
    return candidates;
  }

  /**
   * The jars, by name.
   *
   * @throws Unusable if there is none
   * @throws IOException if the folder cannot be read
   */
  List<Path> jars() throws Unusable, IOException {
    if (!Files.isDirectory(path)) {
      return List.of(path);
    }
    var jars = new ArrayList<Path>();
    for (Path entry : visible(path)) {
      if (entry.getFileName().toString().endsWith(JAR) && !Files.isDirectory(entry)) {
        jars.add(entry);
      }
    }
    if (jars.isEmpty()) {
      throw new Unusable("the folder holds no jar; put the plugin's jar into it, or remove it");
    }
    return jars;
  }

  private static List<Path> visible(Path folder) throws IOException {
    var entries = new ArrayList<Path>();
    try (DirectoryStream<Path> stream =
        Files.newDirectoryStream(
            folder, entry -> !entry.getFileName().toString().startsWith("."))) {
      stream.forEach(entries::add);
    }
    entries.sort(null);
    return entries;
  }
}
