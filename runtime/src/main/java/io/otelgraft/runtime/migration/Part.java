package io.otelgraft.runtime.migration;

/**
 * A part of a pod that injection may give it.
 *
 * @param container the container that it belongs to; the empty string for the pod
 * @param kind what it is
 * @param name its name among those of its kind: of a variable, an attribute, a field, of a volume
 *     also for where it is mounted
 */
public record Part(String container, Kind kind, String name) {

  /** What a part is. */
  public enum Kind {
    /** The name under which a container's telemetry is found. */
    SERVICE,
    /** A resource attribute of a container. */
    ATTRIBUTE,
    /** An environment variable of a container. */
    VARIABLE,
    /** Where a volume is mounted in a container. */
    MOUNT,
    /** A field of a container, or of the pod. */
    FIELD,
    /** A whole container. */
    CONTAINER,
    /** A volume of the pod. */
    VOLUME
  }
}
