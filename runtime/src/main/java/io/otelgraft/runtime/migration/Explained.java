package io.otelgraft.runtime.migration;

import java.util.List;

/**
 * Something that the operator does and Graft does not, whatever the settings.
 *
 * @param known what
 * @param differences the parts of running pods that differ for that reason; empty for what is told
 *     without running pods
 */
public record Explained(KnownDifference known, List<Difference> differences) {
  public Explained {
    differences = List.copyOf(differences);
  }
}
