package io.otelgraft.e2e.otlp;

import io.opentelemetry.proto.metrics.v1.Metric;
import java.util.Map;

/**
 * A metric that arrived.
 *
 * @param protocol how it came
 * @param resource the attributes of the resource that it belongs to, their values as text
 * @param metric all of it, as sent
 */
public record ReceivedMetric(OtlpProtocol protocol, Map<String, String> resource, Metric metric) {}
