package io.otelgraft.runtime.cli;

import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.cli.Workbench.Workload;

/** Tells what was decided about workloads, a line each, as compilers do: place, severity, text. */
final class Findings {

  private final Surroundings surroundings;
  private final boolean verbose;

  /**
   * Tells it on standard error.
   *
   * @param verbose whether to tell also what is merely good to know
   */
  Findings(Surroundings surroundings, boolean verbose) {
    this.surroundings = surroundings;
    this.verbose = verbose;
  }

  void tell(Workload workload) {
    Decision decision = workload.decision();
    for (Finding finding : decision.findings()) {
      switch (finding.severity()) {
        case REFUSAL -> tell(workload, "error", finding.text());
        case WARNING -> tell(workload, "warning", finding.text());
        case NOTE -> note(workload, finding.text());
      }
    }
    if (decision.outcome() == Outcome.OBSERVED) {
      tell(workload, "note", "left as it is, Graft only observes: " + decision.message());
    } else if (decision.outcome() == Outcome.INJECTED) {
      note(workload, decision.message());
    } else if (decision.findings().isEmpty()) {
      if (decision.reason().equals(Reasons.NOT_ANNOTATED)) {
        note(workload, "left as it is: " + decision.message());
      } else {
        tell(workload, "note", "left as it is: " + decision.message());
      }
    }
  }

  private void note(Workload workload, String text) {
    if (verbose) {
      tell(workload, "note", text);
    }
  }

  private void tell(Workload workload, String severity, String text) {
    surroundings.tell(
        "%s: %s: %s: %s".formatted(workload.place(), severity, workload.template(), text));
  }
}
