package io.otelgraft.core.injection;

/**
 * What the user is told about the telemetry of a container.
 *
 * @param reason a code in CamelCase, the same in metric, event, log and guide
 * @param warning whether the container may not send what the user expects; otherwise it is good to
 *     know
 * @param message what was found and what was made of it
 * @param fix what to do; the empty string when there is nothing to do
 */
record Note(String reason, boolean warning, String message, String fix) {

  /** The agent does not speak the protocol that the endpoint or the resource asks for. */
  static final String PROTOCOL_CHANGED = "ProtocolChanged";

  /** A protocol is set that the default image of the agent does not speak. */
  static final String PROTOCOL_UNVERIFIED = "ProtocolUnverified";

  /** The pod starts only where the Secret or ConfigMap with the exporter's certificates is. */
  static final String CERTIFICATES_AWAITED = "CertificatesAwaited";

  /** A {@code ${NAME}} has no value for this pod. */
  static final String VARIABLE_WITHOUT_VALUE = "VariableWithoutValue";

  /** A variable switches the SDK off, and with it the agent. */
  static final String SDK_DISABLED = "SdkDisabled";
}
