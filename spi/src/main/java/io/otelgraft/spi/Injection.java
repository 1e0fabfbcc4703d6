package io.otelgraft.spi;

import java.util.List;

/**
 * One language's injection into one pod: the accepted targets, and the editor. A plugin says what
 * it wants (this agent, that list variable, a sidecar); the runtime decides names, paths, delivery
 * and the order of env. All edits stand or none. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Injection {

  /**
   * The language's section of the chosen resource. What is filled in for one container is in {@link
   * Target#section}.
   */
  Section section();

  /** The accepted targets, init containers first, at least one. */
  List<Target> targets();

  /** The editor of a target. */
  Container edit(Target target);

  /**
   * Names the rule that the edits from here on follow, for {@code explain}.
   *
   * @param rule a short phrase: {@code "activate the agent"}
   * @return this
   */
  Injection because(String rule);

  /**
   * Delivers an agent's files into the pod, by copy or as an image volume as the runtime chooses.
   */
  Agent agent(AgentSource source);

  /**
   * A volume for an agent's files that a container of the plugin's own brings: the claim that the
   * section gives, or an empty one. Each call makes another.
   *
   * @since 1.0, experimental
   */
  Volume agentVolume();

  /**
   * An empty volume.
   *
   * @param purpose a DNS label that becomes part of its name
   * @since 1.0, experimental
   */
  Volume scratch(String purpose);

  /**
   * A volume of a path of the node. Declare {@link Need#HOST_PATH}.
   *
   * @since 1.0, experimental
   */
  Volume hostPath(String purpose, String path);

  /**
   * A new init container, which runs before the targets.
   *
   * @param purpose a DNS label that becomes part of its name
   * @since 1.0, experimental
   */
  Container init(String purpose);

  /**
   * A new init container with a target's image, env, envFrom, mounts and security context, and the
   * section's env, which runs before the targets.
   *
   * @since 1.0, experimental
   */
  Container cloneOf(Target target, String purpose);

  /**
   * A new container that runs beside the targets and ends with them, so that a Job completes: a
   * native sidecar, started before the targets, where the operator's cluster knows these; else a
   * plain container.
   *
   * @since 1.0, experimental
   */
  Container sidecar(String purpose);

  /**
   * Gives all containers of the pod one process namespace. Declare {@link Need#SHARED_PROCESSES}.
   *
   * @since 1.0, experimental
   */
  void shareProcesses();

  /**
   * Whether the operator wants what needs much to run privileged, with the paths of the node that
   * go with it, rather than with exactly the rights that it uses.
   *
   * @since 1.0, experimental
   */
  boolean prefersPrivileged();
}
