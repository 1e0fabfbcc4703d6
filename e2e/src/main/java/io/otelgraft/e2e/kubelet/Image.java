package io.otelgraft.e2e.kubelet;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What stands for a container image: a directory that is laid over the root of this machine, and
 * the image's configuration.
 *
 * <p>A container therefore sees the files of {@code root} at their places ({@code root/app} as
 * {@code /app}), read-only, and beside them the tools of this machine ({@code /usr}, {@code /bin}),
 * where a real image brings its own.
 *
 * @param root directory whose entries appear in the container's {@code /}
 * @param env the image's {@code ENV}; variables of the pod hide those of the same name, and {@code
 *     $(NAME)} does not see them
 * @param entrypoint the image's {@code ENTRYPOINT}, replaced by {@code command} of a container
 * @param command the image's {@code CMD}, replaced by {@code args} of a container, dropped when it
 *     has a {@code command}
 * @param workingDirectory the image's {@code WORKDIR}
 */
public record Image(
    Path root,
    Map<String, String> env,
    List<String> entrypoint,
    List<String> command,
    String workingDirectory) {

  public Image {
    root = root.toAbsolutePath();
    env = Map.copyOf(env);
    entrypoint = List.copyOf(entrypoint);
    command = List.copyOf(command);
  }

  /** An image of files only: no variables but a {@code PATH}, no entry point. */
  public static Image of(Path root) {
    return new Image(
        root,
        Map.of("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        List.of(),
        List.of(),
        "/");
  }

  /** The same image with another {@code ENV} entry. */
  public Image withEnv(String name, String value) {
    Map<String, String> more = new java.util.HashMap<>(env);
    more.put(name, value);
    return new Image(root, more, entrypoint, command, workingDirectory);
  }

  /** The same image with another {@code ENTRYPOINT}. */
  public Image withEntrypoint(String... words) {
    return new Image(root, env, List.of(words), command, workingDirectory);
  }

  /** The same image with another {@code CMD}. */
  public Image withCommand(String... words) {
    return new Image(root, env, entrypoint, List.of(words), workingDirectory);
  }

  /** The same image with another {@code WORKDIR}. */
  public Image withWorkingDirectory(String directory) {
    return new Image(root, env, entrypoint, command, directory);
  }
}
