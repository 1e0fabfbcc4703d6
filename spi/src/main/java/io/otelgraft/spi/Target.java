package io.otelgraft.spi;

import java.util.List;
import java.util.Optional;

/**
 * A container that a pod asks to be instrumented, as the pod describes it: a view, never an editor.
 * Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Target {

  /** The container's name. */
  String name();

  /** The container's image. */
  Image image();

  /** Whether it is an init container, native sidecars included. */
  boolean isInit();

  /**
   * The names of the pod's other containers that the language is asked for, in their order; empty
   * if this is the only one.
   *
   * @since 1.0, experimental
   */
  List<String> companions();

  /**
   * Whether it is an init container that keeps running beside the others.
   *
   * @since 1.0, experimental
   */
  boolean isNativeSidecar();

  /**
   * The language's section of the chosen resource, as it is for this container: the variables
   * <code>${NAME}</code> of an Instrumentation are filled in where its own settings are lists of
   * environment variables.
   */
  Section section();

  /**
   * The value of an annotation that the language declares: the pod's, else its namespace's, else
   * the default.
   */
  <T> Optional<T> annotation(Setting<T> annotation);

  /** The container's environment, as the pod and the resource give it. */
  EnvView env();

  /** The command, if the pod gives one; otherwise the image's counts, which nobody sees here. */
  Optional<List<String>> command();

  /** The arguments, if the pod gives any. */
  Optional<List<String>> args();

  /** The paths at which the container mounts volumes, in the pod's order. */
  List<String> mountPaths();

  /** The telemetry configuration that the runtime gives the container. */
  Telemetry telemetry();
}
