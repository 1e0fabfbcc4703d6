package io.otelgraft.spi;

import java.util.List;
import java.util.Map;

/**
 * The editor of a container: a target, or one that injection added. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Container {

  /** The container's name. */
  String name();

  /** The editor of its environment. */
  Env env();

  /**
   * Puts words before the command.
   *
   * @throws IllegalStateException if the container has no explicit command
   */
  Container wrapCommand(List<String> prefix);

  /** Sets the command of a container that injection added. */
  Container command(String... words);

  /** Sets the arguments of a container that injection added. */
  Container args(String... words);

  /** Sets the image of a container that injection added; the section's unless set. */
  Container image(String image);

  /**
   * Sets the security context of a container that injection added. Where the pod is not to run as
   * root, one without a user gets one; one that is root leaves the language out, unless it declares
   * {@link Need#ROOT}.
   */
  Container securityContext(Map<String, Object> context);

  /**
   * Leaves out what the container mounts at a path, if anything; this is reported.
   *
   * @since 1.0, experimental
   */
  Container unmount(String path);

  /**
   * Lets a container that injection added prepare something for a target: it runs in the target's
   * security context, and what it says may refer to variables of the target as {@code $(NAME)}. So
   * it gets the resource's env and the addresses of node and pod, and, when the injection ends,
   * those of the target's variables that its values and arguments refer to. What sources of the
   * target's {@code envFrom} may hold counts there as well, before a value that the plugin sets.
   *
   * @since 1.0, experimental
   */
  Container prepares(Target target);

  /**
   * Gives the telemetry configuration of a target to this container, which speaks for it, and not
   * to the target. The target's own variables {@code OTEL_*} count here as they do there; what was
   * set in this container before counts before them.
   *
   * @since 1.0, experimental
   */
  Container describes(Target target);
}
