package io.otelgraft.core.injection;

import java.util.List;

/**
 * What injection did to a pod and why.
 *
 * @param edits every edit, in the pod's order
 * @param overruled what was not set because something stronger is there
 */
public record Journal(List<Edit> edits, List<Overruled> overruled) {
  /** The journal of a pod that was left as it is. */
  public static final Journal EMPTY = new Journal(List.of(), List.of());
}
