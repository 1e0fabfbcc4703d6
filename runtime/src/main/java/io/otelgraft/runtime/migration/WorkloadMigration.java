package io.otelgraft.runtime.migration;

import io.otelgraft.core.admission.PodTemplate;
import io.otelgraft.core.injection.Finding;
import java.util.List;
import java.util.Optional;

/**
 * What a move to Graft changes for one workload.
 *
 * @param workload the workload
 * @param pods the names of its running pods that the operator injected, and of which this tells;
 *     empty if it tells what the operator would give new pods
 * @param outcome what else becomes of the workload as a whole; then there are no differences
 * @param differences the parts that differ
 * @param explained where the operator does what Graft does not, whatever the settings
 * @param findings what Graft tells of the workload beside: warnings
 */
public record WorkloadMigration(
    PodTemplate workload,
    List<String> pods,
    Optional<OutcomeChange> outcome,
    List<Difference> differences,
    List<Explained> explained,
    List<Finding> findings) {
  public WorkloadMigration {
    pods = List.copyOf(pods);
    differences = List.copyOf(differences);
    explained = List.copyOf(explained);
    findings = List.copyOf(findings);
  }

  /** The same, of these pods. */
  WorkloadMigration of(List<String> names) {
    return new WorkloadMigration(workload, names, outcome, differences, explained, findings);
  }

  /** Whether something changes, beside what {@link KnownDifference} tells and no setting keeps. */
  public boolean changes() {
    return outcome.isPresent() || !differences.isEmpty();
  }
}
