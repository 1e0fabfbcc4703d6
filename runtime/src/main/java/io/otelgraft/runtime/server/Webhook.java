package io.otelgraft.runtime.server;

import io.otelgraft.core.admission.Reviewer;

/**
 * Who answers the reviews that are posted to a path.
 *
 * @param path the path, as webhook configurations name it: {@code /mutate-v1-pod}
 * @param reviewer answers them
 */
public record Webhook(String path, Reviewer reviewer) {

  /** Where the OpenTelemetry Operator takes pods, too. */
  public static final String PODS = "/mutate-v1-pod";

  /** Where the OpenTelemetry Operator takes Instrumentations to fill in defaults, too. */
  public static final String INSTRUMENTATION_DEFAULTS =
      "/mutate-opentelemetry-io-v1alpha1-instrumentation";

  /** Where the OpenTelemetry Operator takes Instrumentations to validate them, too. */
  public static final String INSTRUMENTATIONS =
      "/validate-opentelemetry-io-v1alpha1-instrumentation";

  /** For what has a pod template: it is warned about, and always allowed. */
  public static final String WORKLOADS = "/validate-workload";
}
