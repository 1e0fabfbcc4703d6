package io.otelgraft.e2e.kubelet;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The processes of a pod whose containers see each other's, and nobody else's: {@code
 * shareProcessNamespace}. Its first process is none of theirs, as in a cluster. Closing it ends all
 * of them.
 */
final class ProcessNamespace implements AutoCloseable {

  private final Process first;

  private ProcessNamespace(Process first) {
    this.first = first;
  }

  static ProcessNamespace start() throws IOException {
    List<String> command = new ArrayList<>(MountNamespace.command());
    command.addAll(
        List.of("--pid", "--fork", "--kill-child", "sh", "-c", "echo && exec sleep infinity"));
    ProcessNamespace namespace =
        new ProcessNamespace(
            new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    // Only then can others enter it.
    if (namespace.first.getInputStream().read() < 0) {
      namespace.close();
      throw new IllegalStateException(
          "pods cannot share processes here: %s ended".formatted(command));
    }
    return namespace;
  }

  /** The words to put before a command that is to run in it, with mounts of its own. */
  List<String> command() {
    String namespaces = "/proc/" + first.pid() + "/ns/";
    List<String> command = new ArrayList<>(List.of("nsenter"));
    if (MountNamespace.isWithUser()) {
      command.addAll(List.of("--preserve-credentials", "--user=" + namespaces + "user"));
    }
    command.addAll(List.of("--pid=" + namespaces + "pid_for_children", "unshare", "--mount"));
    return command;
  }

  @Override
  public void close() {
    first.destroyForcibly();
  }
}
