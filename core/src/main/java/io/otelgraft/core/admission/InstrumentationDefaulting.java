package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.Instrumentation;

/**
 * Allows Instrumentations as they are. A user's {@code spec} is never rewritten: defaults are
 * applied when a pod is admitted, so that an upgrade of Graft or a changed setting counts at once,
 * and what a user's tools compare with their own copy does not change behind them. The webhook is
 * there because the configurations of those who come from the OpenTelemetry Operator name it. It
 * has nothing to tell either: the validating webhook, which is asked about the same objects, does.
 */
record InstrumentationDefaulting() implements Review {

  @Override
  public String subjects() {
    return Instrumentation.RESOURCE;
  }

  @Override
  public boolean covers(AdmissionRequest request) {
    return request.isAbout(Instrumentation.GROUP, Instrumentation.RESOURCE, Instrumentation.KIND);
  }

  @Override
  public Ruling rule(AdmissionRequest request, ObjectNode instrumentation) {
    return Ruling.ALLOWED;
  }
}
