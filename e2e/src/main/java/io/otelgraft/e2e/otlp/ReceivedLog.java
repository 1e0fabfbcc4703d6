package io.otelgraft.e2e.otlp;

import io.opentelemetry.proto.logs.v1.LogRecord;
import java.util.Map;

/**
 * A log record that arrived.
 *
 * @param protocol how it came
 * @param resource the attributes of the resource that it belongs to, their values as text
 * @param log all of it, as sent
 */
public record ReceivedLog(OtlpProtocol protocol, Map<String, String> resource, LogRecord log) {}
