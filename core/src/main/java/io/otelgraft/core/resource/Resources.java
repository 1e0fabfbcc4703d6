package io.otelgraft.core.resource;

import java.util.List;
import java.util.Optional;

/**
 * What is known of the cluster, or of the files that stand for it, at one moment. Every answer
 * comes from memory in constant time, but for what is not there: of that a cluster may be asked
 * once, with a short deadline, and likewise who controls an object, which nobody keeps in memory.
 */
public interface Resources {

  /** What there is under a name. */
  sealed interface Lookup {}

  /**
   * A resource to work with.
   *
   * @param instrumentation the newest generation that is valid
   * @param ofNewer what is wrong with a newer generation that is not valid and therefore not in
   *     force; else empty
   */
  record Accepted(Instrumentation instrumentation, List<Problem> ofNewer) implements Lookup {
    public Accepted {
      ofNewer = List.copyOf(ofNewer);
    }
  }

  /**
   * A resource of which no generation was ever valid.
   *
   * @param problems why; errors and warnings
   */
  record Invalid(List<Problem> problems) implements Lookup {
    public Invalid {
      problems = List.copyOf(problems);
    }
  }

  /** No resource of that name. */
  record Absent(Absence absence) implements Lookup {}

  /** How sure it is that a resource is not there. */
  enum Absence {
    /** What is known is fresh, or was asked for just now. */
    CONFIRMED,
    /** Not known, but what is known may be stale. */
    UNCONFIRMED,
    /** It was there and was deleted while pods used it. */
    DELETED_WHILE_IN_USE
  }

  /**
   * An object that a pod names as its owner.
   *
   * @param namespace that of the pod
   * @param group its API group
   * @param kind for example {@code ReplicaSet}
   * @param name its name
   * @param uid its UID
   */
  record Owned(String namespace, String group, String kind, String name, String uid) {}

  /** Who controls an object, as the cluster tells it. */
  sealed interface Controller {}

  /**
   * Another object does.
   *
   * @param group its API group; the empty string for the core group
   * @param kind for example {@code Deployment}
   * @param name its name
   * @param uid its UID
   */
  record ControlledBy(String group, String kind, String name, String uid) implements Controller {}

  /** Nothing does: whoever made it, did so by hand. */
  record Uncontrolled() implements Controller {}

  /**
   * The cluster did not say, or not in time.
   *
   * @param why as the end of a sentence
   */
  record Untold(String why) implements Controller {}

  /** The {@code Instrumentation} of that name. */
  Lookup find(String namespace, String name);

  /** The usable ones of a namespace, by name; empty if there is none. */
  List<Instrumentation> in(String namespace);

  /** The names of all of a namespace, sorted, those included that are not valid. */
  List<String> names(String namespace);

  /** What is known of a namespace; empty if nothing is. */
  Optional<NamespaceFacts> namespace(String name);

  /**
   * Who controls an object. Asked for only what the object's name does not tell.
   *
   * @return empty if there is nobody to ask, as there is no cluster
   */
  default Optional<Controller> controllerOf(Owned object) {
    return Optional.empty();
  }

  /**
   * Whether there may be a plugin for a language that is not in the catalogue, elsewhere: the
   * cluster's definition of the resource has a section for it, as another replica has the plugin,
   * or that cannot be told. Asked only of languages that no plugin here provides.
   *
   * @param language its id, as annotations name it
   */
  default boolean mayKnow(String language) {
    return false;
  }

  /** Whether nothing suggests that some of this is stale or missing. */
  boolean complete();
}
