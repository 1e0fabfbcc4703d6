package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.Decision.Outcome;
import io.otelgraft.core.injection.Finding;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Tells who applies a workload what will become of its pods. Their own admission comes later and
 * answers a controller, whose events few read. Everything is allowed, nothing is changed, and a
 * template that asks for nothing is not spoken of.
 */
record WorkloadReview(Admission admission) implements Review {

  @Override
  public String subjects() {
    return "workloads";
  }

  @Override
  public boolean covers(AdmissionRequest request) {
    return PodTemplate.isWorkload(request.kind());
  }

  @Override
  public Ruling rule(AdmissionRequest request, ObjectNode workload) {
    Optional<PodTemplate> template = template(request, workload);
    if (template.isEmpty() || isOwned(workload) || isAsBefore(request, template.get())) {
      return Ruling.ALLOWED;
    }
    Decision decision = admission.decide(template.get().request());
    String pods = "graft: pods of this " + template.get().kind();
    List<String> warnings = new ArrayList<>();
    if (decision.outcome() == Outcome.REJECTED) {
      warnings.add(pods + " will be rejected: " + decision.message());
    }
    for (Finding finding : decision.findings()) {
      if (finding.severity() == Finding.Severity.WARNING) {
        warnings.add(pods + ": " + finding.text());
      }
    }
    return Ruling.allowed(warnings);
  }

  private static Optional<PodTemplate> template(AdmissionRequest request, ObjectNode workload) {
    return PodTemplate.in(workload, request.namespace()).stream().findFirst();
  }

  /** What a controller makes was reviewed with its owner, and a controller reads no warnings. */
  private static boolean isOwned(ObjectNode workload) {
    for (JsonNode owner : workload.path("metadata").path("ownerReferences")) {
      if (owner.path("controller").asBoolean()) {
        return true;
      }
    }
    return false;
  }

  private static boolean isAsBefore(AdmissionRequest request, PodTemplate template) {
    return request
        .oldObject()
        .flatMap(before -> template(request, before))
        .filter(before -> before.tree().equals(template.tree()))
        .isPresent();
  }
}
