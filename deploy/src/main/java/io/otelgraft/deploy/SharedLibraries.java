package io.otelgraft.deploy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What a JDK needs of the system that it runs on: the C library and its like. */
final class SharedLibraries {

  /** {@code libm.so.6 => /lib/x86_64-linux-gnu/libm.so.6 (0x…)}, or the loader's path alone. */
  private static final Pattern LINE =
      Pattern.compile("\\s*(?:(\\S+) => )?(/\\S+|not found)(?: \\(0x[0-9a-f]+\\))?");

  private SharedLibraries() {}

  /**
   * The libraries, by the paths at which the dynamic loader looks for them.
   *
   * @param jdk the folder of the JDK
   * @throws Unbuildable if one of them is not on this machine
   */
  static SortedSet<Path> neededBy(Path jdk) {
    List<Path> binaries = binaries(jdk);
    Set<String> own =
        binaries.stream().map(file -> file.getFileName().toString()).collect(Collectors.toSet());
    SortedSet<Path> libraries = new TreeSet<>();
    for (Path binary : binaries) {
      for (String line : Programs.run(List.of("ldd", binary.toString())).split("\n", -1)) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches() || own.contains(matcher.group(1))) {
          continue;
        }
        if (matcher.group(2).equals("not found")) {
          throw new Unbuildable(
              "%s needs %s, which is not on this machine; install it"
                  .formatted(binary, matcher.group(1)));
        }
        libraries.add(Path.of(matcher.group(2)));
      }
    }
    return libraries;
  }

  private static List<Path> binaries(Path jdk) {
    try (Stream<Path> files = Files.walk(jdk)) {
      return files
          .filter(file ->
              file.toString().endsWith(".so")
                  || file.endsWith("bin/java")
                  || file.endsWith("lib/jspawnhelper"))
          .filter(file -> !JavaRuntime.NOT_IN_A_SERVER.contains(file.getFileName().toString()))
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
