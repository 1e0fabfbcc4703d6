package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;

/**
 * An env entry that a container is to get, and why.
 *
 * @param variable the entry; to be copied before it is changed
 * @param rank where it stands
 * @param rule what it follows, as a short phrase: {@code name the service}
 * @param source where the value comes from: an annotation, a field of a resource, a setting, a
 *     default
 * @param placement what it means to an entry of the same name
 */
record Proposal(EnvVar variable, Rank rank, String rule, String source, Placement placement) {

  /** What a proposal means to an entry of the same name. */
  enum Placement {
    /** That entry stays, and the proposal is dropped; also where {@code envFrom} gives the name. */
    IF_ABSENT,
    /** As {@link #IF_ABSENT}, for a name that is Graft's own and that no source is asked for. */
    FACT,
    /** The proposal has taken that entry into account and takes its place. */
    INSTEAD,
    /**
     * Both stand, the proposal behind the other: a literal, then a source that may turn out not to
     * exist, in which case the kubelet leaves the literal as it is.
     */
    BESIDE
  }

  /** Whether it takes the place of an entry of the same name. */
  boolean replaces() {
    return placement == Placement.INSTEAD;
  }
}
