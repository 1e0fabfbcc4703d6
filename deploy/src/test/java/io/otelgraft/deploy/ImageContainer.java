package io.otelgraft.deploy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Stands in for a container engine: starts a program in an image's files as a restricted pod does.
 * As a user that is not root, on a root file system that is read-only, with nothing in the
 * environment but what the image and the pod set, and with mounts at paths that the image need not
 * have. Network and processes are those of the machine.
 */
final class ImageContainer {

  /** Its arguments: the image's files, an empty folder, then pairs of mounts, --, the program. */
  private static final String SCRIPT =
      """
      set -e
      files=$1 work=$2
      shift 2
      mount -t tmpfs tmpfs "$work"
      mkdir "$work/upper" "$work/work" "$work/root"
      mount -t overlay overlay -o "lowerdir=$files,upperdir=$work/upper,workdir=$work/work" "$work/root"
      cd "$work/root"
      mount --rbind /dev dev
      mount --rbind /proc proc
      cp /etc/hosts etc/hosts
      while [ "$1" != -- ]; do
        mkdir -p ".$2"
        if [ "$1" = tmpfs ]; then mount -t tmpfs -o mode=1777,size=64m tmpfs ".$2"; else mount --bind "$1" ".$2"; fi
        shift 2
      done
      shift
      mount -o remount,ro "$work/root"
      cd /
      exec chroot $user "$work/root" "$@"
      """;

  private static final boolean ROOT = System.getProperty("user.name").equals("root");

  private final Path files;
  private final Path work;
  private final Map<String, String> mounts = new LinkedHashMap<>();
  private final Map<String, String> environment = new LinkedHashMap<>();

  /**
   * One of an image's files.
   *
   * @param work an empty folder
   */
  ImageContainer(Path files, Path work) {
    this.files = files;
    this.work = work;
  }

  /** Whether this machine lets its user do that. */
  static boolean isPossible() {
    return Programs.tryToRun(unshare("true")).isPresent();
  }

  /** Mounts a folder of the machine. */
  ImageContainer mount(Path folder, String path) {
    mounts.put(path, folder.toString());
    return this;
  }

  /** Mounts an empty folder that can be written to. */
  ImageContainer emptyDir(String path) {
    mounts.put(path, "tmpfs");
    return this;
  }

  /** Sets a variable of the environment. */
  ImageContainer env(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Starts the image's program with arguments; its output is one stream. */
  Process start(String... arguments) throws IOException {
    List<String> command = unshare("sh", "-c", SCRIPT, "container", files.toString());
    command.add(Files.createTempDirectory(work, "container").toString());
    mounts.forEach((path, source) -> command.addAll(List.of(source, path)));
    command.add("--");
    command.addAll(EntryPoint.command());
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    String path = builder.environment().get("PATH");
    builder.environment().clear();
    builder.environment().put("PATH", path + ":/usr/sbin:/sbin");
    // Who is root in a namespace of users only, is no other user there.
    builder
        .environment()
        .put("user", ROOT ? "--userspec=%1$d:%1$d".formatted(ContainerImage.USER) : "");
    builder.environment().put("LANG", "C.UTF-8");
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    return process;
  }

  /**
   * What a program printed until it ended.
   *
   * @param exit its exit code
   * @param printed standard output and error
   */
  record Ended(int exit, String printed) {}

  /** Runs the image's program to its end. */
  Ended run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (!process.waitFor(2, TimeUnit.MINUTES)) {
      process.destroyForcibly();
      throw new AssertionError("it does not end; it printed " + printed);
    }
    return new Ended(process.exitValue(), printed);
  }

  private static List<String> unshare(String... command) {
    List<String> words = new ArrayList<>(List.of("unshare", "--mount"));
    if (!ROOT) {
      words.addAll(List.of("--user", "--map-root-user"));
    }
    words.addAll(List.of(command));
    return words;
  }
}
