package io.otelgraft.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the rules for one part of a pod need to know of its other parts, defaults filled in.
 *
 * @param template whether it is a pod template, for which some rules are laxer
 * @param name the pod's name; empty in a template
 * @param labels the pod's labels
 * @param annotations the pod's annotations
 * @param spec the pod's spec
 * @param hostUsers whether the pod is in the node's user namespace
 * @param gracePeriod seconds that a container has to stop
 * @param restartPolicy the pod's
 * @param os {@code linux}, {@code windows}, or empty
 * @param volumes by name, the valid ones only: a mount of a volume that is wrong has nothing to
 *     mount
 * @param claims names of the pod's resource claims
 */
record PodFacts(
    boolean template,
    String name,
    Field labels,
    Field annotations,
    Field spec,
    boolean hostUsers,
    long gracePeriod,
    String restartPolicy,
    String os,
    Map<String, Field> volumes,
    Set<String> claims) {

  private static final long DEFAULT_GRACE_PERIOD = 30;

  static PodFacts of(Field object, boolean template) {
    Field metadata = object.child("metadata");
    Field spec = object.child("spec");
    Set<String> claims = new HashSet<>();
    for (Field claim : spec.items("resourceClaims")) {
      claims.add(claim.text("name"));
    }
    claims.remove("");
    return new PodFacts(
        template,
        template ? "" : MetadataRules.name(metadata),
        metadata.child("labels"),
        metadata.child("annotations"),
        spec,
        !spec.denied("hostUsers"),
        spec.has("terminationGracePeriodSeconds")
            ? spec.number("terminationGracePeriodSeconds")
            : DEFAULT_GRACE_PERIOD,
        spec.text("restartPolicy", "Always"),
        spec.child("os").text("name"),
        new HashMap<>(),
        claims);
  }

  boolean windows() {
    return os.equals("windows");
  }

  /** Init containers, then containers: the order of Kubernetes' {@code VisitContainersWithPath}. */
  List<Field> containers() {
    List<Field> all = new ArrayList<>(spec.items("initContainers"));
    all.addAll(spec.items("containers"));
    return all;
  }
}
