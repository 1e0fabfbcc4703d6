package io.otelgraft.core.injection;

/**
 * The order of a container's env: entries of a lower rank stand before those of a higher one.
 * Within a rank, entries stand as they were added. The kubelet expands {@code $(NAME)} from earlier
 * entries only, which is why the addresses come first and the resource attributes last.
 */
public enum Rank {
  /** The addresses of node and pod, which everything else may refer to. */
  NODE,
  /** What the pod has. */
  ORIGINAL,
  /** The env of the resource's section. */
  LANGUAGE_ENV,
  /** List variables that stand before the common env. */
  EARLY,
  /** The env that all languages of the resource share, and the configured one. */
  COMMON_ENV,
  /** What a plugin adds. */
  LANGUAGE,
  /** The configuration of the SDK. */
  TELEMETRY,
  /** The resource attributes, which refer to others. */
  ATTRIBUTES
}
