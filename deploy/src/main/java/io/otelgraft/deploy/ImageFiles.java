package io.otelgraft.deploy;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedSet;
import java.util.stream.Stream;

/**
 * The files of the image, in a folder that stands for its root.
 *
 * @param root the folder
 */
record ImageFiles(Path root) {

  /** Of every file: what the JDK tells changed files by, it tells of one that has another time. */
  static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

  private static final String LICENSES = "usr/share/doc";

  /** The parts of the distribution that make sense without a shell. */
  private static final List<String> PARTS =
      List.of("LICENSE", "cluster", "examples", "jvm", "lib", "plugins");

  /** For whoever a container runs as. */
  private static final FileAttribute<?> READABLE =
      PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwxr-xr-x"));

  private static final int KEPT = 3;

  /**
   * Makes the files, or takes those that were made of the same before.
   *
   * @param distribution the folder that {@code ./mvnw package} makes
   * @param jdk the JDK
   * @param cache where they are kept, by what they were made of
   */
  static ImageFiles of(Path distribution, Path jdk, Path cache, Progress progress) {
    try {
      Path made = cache.resolve(key(distribution, jdk));
      if (Files.exists(made)) {
        progress.step("the files of the image are there: " + made);
        Files.setLastModifiedTime(made, FileTime.from(Instant.now()));
        return new ImageFiles(made);
      }
      Files.createDirectories(cache);
      Path unfinished = Files.createTempDirectory(cache, ".unfinished-", READABLE);
      try {
        make(unfinished, distribution, jdk, progress);
        // Unless somebody else made the same meanwhile.
        if (!unfinished.toFile().renameTo(made.toFile()) && !Files.exists(made)) {
          throw new Unbuildable("cannot move " + unfinished + " to " + made);
        }
      } finally {
        Folders.delete(unfinished);
      }
      forgetOld(cache);
      return new ImageFiles(made);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void make(Path root, Path distribution, Path jdk, Progress progress)
      throws IOException {
    Path home = root.resolve(EntryPoint.HOME.substring(1));
    progress.step("linking a JDK of " + String.join(", ", JavaRuntime.modules(distribution)));
    Files.createDirectories(home);
    JavaRuntime.link(jdk, distribution, home.resolve("jdk"));
    for (String part : PARTS) {
      Folders.copy(distribution.resolve(part), home.resolve(part));
    }
    SortedSet<Path> libraries = SharedLibraries.neededBy(home.resolve("jdk"));
    for (Path library : libraries) {
      Folders.copy(library, inside(root, library));
    }
    describe(root, libraries);
    addSystem(root);
    Files.createDirectories(home.resolve("aot"));
    Folders.date(root, FileTime.from(TIME));
    progress.step("rehearsing, for the JDK's AOT cache");
    Chroot.run(root, EntryPoint.rehearsal());
    Folders.date(root, FileTime.from(TIME));
    progress.step("the JVM takes the cache: " + Chroot.run(root, EntryPoint.proof()).strip());
  }

  private static Path inside(Path root, Path absolute) {
    return root.resolve(Path.of("/").relativize(absolute));
  }

  /** What the C library and the JDK look for, and places to mount what containers have. */
  private static void addSystem(Path root) throws IOException {
    for (String folder : List.of("dev", "etc", "proc", "tmp")) {
      Files.createDirectories(root.resolve(folder));
    }
    Files.writeString(
        root.resolve("etc/passwd"),
        """
        root:x:0:0:root:/:/sbin/nologin
        graft:x:%1$d:%1$d:Graft:/tmp:/sbin/nologin
        """
            .formatted(ContainerImage.USER));
    Files.writeString(
        root.resolve("etc/group"),
        """
        root:x:0:
        graft:x:%d:
        """
            .formatted(ContainerImage.USER));
    Files.writeString(root.resolve("etc/nsswitch.conf"), "hosts: files dns\n");
  }

  /** Where the packages are known: their licences, and what scanners for vulnerabilities read. */
  private static void describe(Path root, SortedSet<Path> libraries) throws IOException {
    for (Path library : libraries) {
      String name = packageOf(library);
      if (name.isEmpty()) {
        continue;
      }
      Path licence = Path.of("/", LICENSES, name.replaceFirst(":.*", ""), "copyright");
      if (Files.exists(licence)) {
        Folders.copy(licence, inside(root, licence));
      }
      Path status = root.resolve("var/lib/dpkg/status.d").resolve(name.replaceFirst(":.*", ""));
      Files.createDirectories(status.getParent());
      Files.writeString(status, Programs.run(List.of("dpkg-query", "--status", name)));
      Folders.copy(Path.of("/etc/os-release"), root.resolve("etc/os-release"));
    }
  }

  /** The Debian package that holds a file; the empty string if none is known. */
  private static String packageOf(Path file) throws IOException {
    for (Path path : List.of(file, file.toRealPath(), Path.of("/usr" + file))) {
      String found =
          Programs.tryToRun(List.of("dpkg-query", "--search", path.toString())).orElse("");
      if (found.contains(": ")) {
        return found.substring(0, found.indexOf(": "));
      }
    }
    return "";
  }

  /** What the files are made of: the distribution, the JDK, the system's libraries, this code. */
  private static String key(Path distribution, Path jdk) throws IOException {
    MessageDigest digest = sha256();
    List<Path> inputs = new ArrayList<>();
    for (String part : PARTS) {
      Path path = distribution.resolve(part);
      inputs.add(path);
      if (Files.isDirectory(path)) {
        inputs.addAll(Folders.below(path));
      }
    }
    inputs.add(jdk.resolve("release"));
    inputs.addAll(SharedLibraries.neededBy(jdk));
    Path code = codeOf(ImageFiles.class);
    if (Files.isDirectory(code)) {
      inputs.addAll(Folders.below(code));
    } else {
      inputs.add(code);
    }
    for (Path input : inputs) {
      // A JDK and a distribution may lie anywhere.
      digest.update(input.getFileName().toString().getBytes(StandardCharsets.UTF_8));
      if (!Files.isDirectory(input)) {
        digest(input, digest);
      }
    }
    return HexFormat.of().formatHex(digest.digest()).substring(0, 16);
  }

  private static void digest(Path file, MessageDigest digest) throws IOException {
    try (InputStream in = new DigestInputStream(Files.newInputStream(file), digest)) {
      in.transferTo(OutputStream.nullOutputStream());
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  private static Path codeOf(Class<?> type) {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  /** Each is some 200 MB: of those that were made, the latest remain. */
  private static void forgetOld(Path cache) throws IOException {
    try (Stream<Path> made = Files.list(cache)) {
      List<Path> old =
          made.filter(path -> !path.getFileName().toString().startsWith("."))
              .sorted(Comparator.comparing(ImageFiles::time).reversed())
              .skip(KEPT)
              .toList();
      for (Path path : old) {
        Folders.delete(path);
      }
    }
  }

  private static FileTime time(Path path) {
    try {
      return Files.getLastModifiedTime(path);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
