package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.admission.PodRequest.Operation;
import io.otelgraft.core.injection.Injected;
import io.otelgraft.core.injection.PodFacts;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Injects pods, or rejects them. */
record PodReview(Admission admission) implements Review {

  @Override
  public String subjects() {
    return "pods";
  }

  @Override
  public boolean covers(AdmissionRequest request) {
    return request.isAbout("", "pods", "Pod");
  }

  @Override
  public Ruling rule(AdmissionRequest request, ObjectNode pod) {
    Operation operation =
        switch (request.operation()) {
          case "CREATE" -> Operation.CREATE;
          case "UPDATE" -> Operation.UPDATE;
          default -> Operation.OTHER;
        };
    Decision decision =
        admission.decide(
            new PodRequest(
                operation, pod, PodFacts.of(pod, request.namespace()), request.oldObject()));
    return new Ruling(
        decision.isAllowed() ? Optional.empty() : Optional.of(Status.forbidden(decision.message())),
        decision.warnings(),
        decision.patch(),
        audit(decision),
        Optional.of(decision));
  }

  private static Map<String, String> audit(Decision decision) {
    Map<String, String> audit = new LinkedHashMap<>(4);
    audit.put("decision", decision.outcome().name().toLowerCase(Locale.ROOT));
    audit.put("reason", decision.reason());
    for (Injected injected : decision.injected()) {
      audit.put(
          "instrumentation-" + injected.language(),
          injected.instrumentation() + " generation " + injected.generation());
    }
    return audit;
  }
}
