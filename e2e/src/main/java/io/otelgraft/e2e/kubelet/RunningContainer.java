package io.otelgraft.e2e.kubelet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** A container of a pod: a process of this machine, with its log. */
public final class RunningContainer {

  private final String name;
  private final List<String> command;
  private final Map<String, String> environment;
  private final Path log;
  private final Process process;
  private final boolean isWrapped;
  private List<ProcessHandle> started = List.of();

  private RunningContainer(
      String name,
      List<String> command,
      Map<String, String> environment,
      Path log,
      Process process,
      boolean isWrapped) {
    this.name = name;
    this.command = command;
    this.environment = environment;
    this.log = log;
    this.process = process;
    this.isWrapped = isWrapped;
  }

  /**
   * Starts a container.
   *
   * @param rights the words before a command that give it less than all rights; may be empty
   * @param shared the processes that it shares with other containers; empty when it sees all of
   *     this machine
   * @param directory an empty directory, for what the container needs
   */
  static RunningContainer start(
      String name,
      List<String> command,
      Map<String, String> environment,
      String workingDirectory,
      List<String> rights,
      ContainerRoot root,
      Optional<ProcessNamespace> shared,
      Path directory)
      throws IOException {
    Path at = Files.createDirectories(directory.resolve("root"));
    Path log = directory.resolve("log");
    root.mkdirs(Path.of(workingDirectory));
    StringBuilder script =
        new StringBuilder("set -eu\nPATH=$PATH:/usr/sbin:/sbin\n").append(root.commands(at));
    if (shared.isPresent()) {
      // Where this machine hides parts of its own, a user may not mount another one.
      script
          .append("mount -t proc processes ")
          .append(ContainerRoot.quoted(at.resolve("proc").toString()))
          .append(" || echo 'the processes that are seen here are those of the machine'\n");
    }
    // Not chroot: a process that observes another one sees the path of its executable as the other
    // does, and no directory of this machine before it.
    script
        .append("cd ")
        .append(ContainerRoot.quoted(at.toString()))
        .append('\n')
        .append(
            "mkdir .machine\npivot_root . .machine\ncd /\numount -l /.machine\nrmdir /.machine\n");
    // Only here do the container's variables begin to count: one such as LD_PRELOAD is not for the
    // commands before.
    List<String> words = new ArrayList<>(rights);
    words.addAll(List.of("env", "-i", "--chdir=" + workingDirectory));
    environment.forEach((variable, value) -> words.add(variable + "=" + value));
    words.addAll(command);
    script.append("exec");
    words.forEach(word -> script.append(' ').append(ContainerRoot.quoted(word)));
    Path start = Files.writeString(directory.resolve("start"), script.append('\n'));

    List<String> launch =
        new ArrayList<>(shared.map(ProcessNamespace::command).orElseGet(MountNamespace::command));
    launch.addAll(List.of("sh", start.toString()));
    Process process =
        new ProcessBuilder(launch)
            .redirectErrorStream(true)
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectOutput(log.toFile())
            .start();
    return new RunningContainer(name, command, environment, log, process, shared.isPresent());
  }

  /**
   * The first process of the container. Only a child can be in a process namespace that is shared.
   */
  private ProcessHandle first() {
    return isWrapped
        ? process.children().findFirst().orElse(process.toHandle())
        : process.toHandle();
  }

  /** The container's name in the pod. */
  public String name() {
    return name;
  }

  /** The command and its arguments, with references expanded. */
  public List<String> command() {
    return command;
  }

  /** All variables that the process was started with, the image's included. */
  public Map<String, String> environment() {
    return environment;
  }

  /** Whether the process runs. */
  public boolean isRunning() {
    return process.isAlive();
  }

  /** What the container has written to its standard output and standard error so far. */
  public String log() {
    try {
      return Files.readString(log, java.nio.charset.StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The programs and libraries that its process has loaded: the files that are mapped into its
   * memory, as the container names them, each once.
   *
   * @throws UncheckedIOException when the process has ended
   */
  public List<String> loadedFiles() {
    try (Stream<String> maps =
        Files.lines(Path.of("/proc", Long.toString(first().pid()), "maps"))) {
      // The path is behind address, rights, offset, device and inode, and may have spaces.
      return maps.map(line -> line.split(" +", 6))
          .filter(fields -> fields.length == 6 && fields[5].startsWith("/"))
          .map(fields -> fields[5])
          .distinct()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Waits for the container to end.
   *
   * @return its exit code
   * @throws PodFailedException when it has not ended in time; the message has its log
   */
  public int awaitExit(Duration deadline) {
    try {
      if (process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        return process.exitValue();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    throw new PodFailedException(
        "container %s still runs after %s:%n%s".formatted(name, deadline, log()));
  }

  /** Asks the process to end, and does not wait. */
  void terminate() {
    // Once it has ended, nobody knows any more what it started.
    started = process.descendants().toList();
    first().destroy();
  }

  /** Kills the process if it does not end in time, and what it started in any case. */
  void kill(Duration grace) {
    try {
      if (!process.waitFor(grace.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    started.forEach(ProcessHandle::destroyForcibly);
  }
}
