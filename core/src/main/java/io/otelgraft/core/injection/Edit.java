package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;

/**
 * One edit of a pod, as the journal holds it. {@code explain}, the documentation and the checks of
 * the patch read it.
 *
 * @param path where in the edited pod, as a JSON pointer
 * @param container the container that was edited or added; the empty string for the pod
 * @param part what kind of part was edited
 * @param name the part's name: a variable, a mount path, a volume, an annotation, a field
 * @param value what stands there now; for a variable its value or {@code valueFrom}; a missing node
 *     for a mount that was removed, whose path is that in the pod as it came
 * @param language the language for which it was made; the empty string for all
 * @param rule what the edit follows
 * @param source where the value comes from
 * @param before what stood there before; a missing node when nothing did
 */
public record Edit(
    String path,
    String container,
    Part part,
    String name,
    JsonNode value,
    String language,
    String rule,
    String source,
    JsonNode before) {

  /** The kinds of parts that injection edits. */
  public enum Part {
    /** An environment variable of a container. */
    VARIABLE,
    /** A volume mount of a container. */
    MOUNT,
    /** A field of a container or of the pod's spec. */
    FIELD,
    /** A whole container. */
    CONTAINER,
    /** A volume of the pod. */
    VOLUME,
    /** An annotation of the pod. */
    ANNOTATION
  }
}
