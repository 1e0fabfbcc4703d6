package io.otelgraft.e2e.kubelet;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The command that gives a process a mount namespace of its own, as this machine allows it. */
final class MountNamespace {

  /** With root's rights, or with a user namespace in which the user is root. */
  private static final List<List<String>> WAYS =
      List.of(
          List.of("unshare", "--mount"),
          List.of("unshare", "--mount", "--user", "--map-root-user"));

  private static volatile List<String> works;

  private MountNamespace() {}

  /**
   * The words to put before a command.
   *
   * @throws IllegalStateException when the machine allows no way
   */
  static List<String> command() {
    List<String> found = works;
    if (found == null) {
      found =
          WAYS.stream()
              .filter(MountNamespace::tried)
              .findFirst()
              .orElseThrow(() ->
                  new IllegalStateException(
                      "pods cannot be run here: this needs Linux with util-linux's unshare, and either root with"
                          + " CAP_SYS_ADMIN or unprivileged user namespaces"
                          + " (sysctl kernel.unprivileged_userns_clone=1)"));
      works = found;
    }
    return found;
  }

  /** Whether it takes a user namespace. */
  static boolean isWithUser() {
    return command().contains("--user");
  }

  private static boolean tried(List<String> way) {
    List<String> command = new java.util.ArrayList<>(way);
    // A tmpfs over a directory that is everywhere: what every container begins with.
    command.addAll(List.of("mount", "-t", "tmpfs", "try", "/proc"));
    try {
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
