package io.otelgraft.deploy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs programs of an image in the image, without a container engine. */
final class Chroot {

  /** {@code $0} is the root; mounts end with the namespace. */
  private static final String SCRIPT =
      """
      mount --rbind /dev "$0/dev" && mount --rbind /proc "$0/proc" && mount -t tmpfs tmpfs "$0/tmp" &&
      exec chroot "$0" "$@"
      """;

  private Chroot() {}

  /**
   * Runs a program with a folder as its root. The folder holds {@code dev}, {@code proc} and {@code
   * tmp}.
   *
   * @return all it printed
   * @throws Unbuildable if it fails, or this user may not do that
   */
  static String run(Path root, List<String> program) {
    List<String> unshare = unshare();
    if (Programs.tryToRun(with(unshare, List.of("true"))).isEmpty()) {
      throw new Unbuildable(
          "the image's cache is made inside of the image, which takes a mount namespace: run this as"
              + " root with CAP_SYS_ADMIN, or set sysctl kernel.unprivileged_userns_clone=1 (needs"
              + " unshare, Debian: util-linux)");
    }
    List<String> inside = new ArrayList<>(List.of("sh", "-c", SCRIPT, root.toString()));
    inside.addAll(program);
    return Programs.run(with(unshare, inside));
  }

  private static List<String> unshare() {
    return System.getProperty("user.name").equals("root")
        ? List.of("unshare", "--mount")
        : List.of("unshare", "--mount", "--user", "--map-root-user");
  }

  private static List<String> with(List<String> before, List<String> command) {
    List<String> all = new ArrayList<>(before);
    all.addAll(command);
    return all;
  }
}
