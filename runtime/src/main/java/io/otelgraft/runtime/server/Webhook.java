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
}
