package io.otelgraft.spi;

/**
 * An agent's files on their way into a pod. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Agent {

  /**
   * Mounts the files in a container.
   *
   * @return the path at which the file or directory is found there; plugins never spell it
   */
  String mountIn(Container container);

  /**
   * Delivers more files beside the agent's.
   *
   * @param directory the name of the directory that takes them; several parts that are copied may
   *     share one, those that are mounted from their images have one each, so ask each for its path
   * @param purpose a DNS label that becomes part of names
   * @param source a directory
   * @return the part; its {@link #mountIn} returns the path of the directory
   * @throws IllegalArgumentException if the source is a file
   */
  Agent part(String directory, String purpose, AgentSource source);
}
