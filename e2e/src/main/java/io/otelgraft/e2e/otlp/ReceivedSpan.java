package io.otelgraft.e2e.otlp;

import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.trace.v1.Span;
import java.util.HexFormat;
import java.util.Map;

/**
 * A span that arrived.
 *
 * @param protocol how it came
 * @param resource the attributes of the resource that it belongs to, their values as text
 * @param scope the instrumentation that made it
 * @param span all of it, as sent
 */
public record ReceivedSpan(
    OtlpProtocol protocol, Map<String, String> resource, InstrumentationScope scope, Span span) {

  /** The service that sent it; empty when it did not say. */
  public String service() {
    return resource.getOrDefault("service.name", "");
  }

  /** Its trace, as 32 hexadecimal digits. */
  public String traceId() {
    return HexFormat.of().formatHex(span.getTraceId().toByteArray());
  }

  /** Its own identifier, as 16 hexadecimal digits. */
  public String spanId() {
    return HexFormat.of().formatHex(span.getSpanId().toByteArray());
  }

  /** The span that it is a child of, as 16 hexadecimal digits; empty when there is none. */
  public String parentSpanId() {
    return HexFormat.of().formatHex(span.getParentSpanId().toByteArray());
  }

  /** Its attributes, their values as text. */
  public Map<String, String> attributes() {
    return Attributes.of(span.getAttributesList());
  }

  @Override
  public String toString() {
    return "%s %s '%s' by %s over %s in trace %s, resource %s"
        .formatted(
            service(),
            span.getKind(),
            span.getName(),
            scope.getName(),
            protocol,
            traceId(),
            resource);
  }
}
