package io.otelgraft.spi;

import java.util.Map;

/**
 * What the runtime tells a container's SDK, as values, for agents that want it in a file. A value
 * may refer to variables as {@code $(NAME)}, which the kubelet expands in env, command and args.
 * Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Telemetry {

  /** The service's name. */
  String serviceName();

  /** The service's namespace. */
  String serviceNamespace();

  /** The OTLP endpoint; the empty string when none is configured. */
  String endpoint();

  /** The resource attributes, unescaped, by key. */
  Map<String, String> attributes();
}
