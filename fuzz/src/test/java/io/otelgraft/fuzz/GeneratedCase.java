package io.otelgraft.fuzz;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.spi.Language;
import java.util.List;

/**
 * What {@link AnyPodIT} tries, for tests of other modules: a pod, and a cluster for it.
 *
 * <p>The same seed gives the same pod in each namespace.
 */
public final class GeneratedCase {
  private GeneratedCase() {}

  /**
   * A pod as it comes to admission. Not each of them is valid.
   *
   * @param languages that it may ask for
   * @param namespace where it is to be; not every pod says so itself
   */
  public static ObjectNode pod(long seed, List<Language> languages, String namespace) {
    return AnyPod.of(Choices.of(seed), languages, namespace);
  }

  /**
   * The Instrumentations, Namespaces and LimitRanges of a cluster. Not each of them is valid.
   *
   * @param languages that there are sections for
   * @param namespace that of the pods; another one is called {@code away}
   */
  public static List<ObjectNode> resources(long seed, List<Language> languages, String namespace) {
    return AnyResources.of(Choices.of(seed), languages, namespace);
  }
}
