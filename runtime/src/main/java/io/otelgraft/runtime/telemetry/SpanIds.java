package io.otelgraft.runtime.telemetry;

/**
 * By what a span is found.
 *
 * @param trace the trace's identifier, 32 hexadecimal digits
 * @param span the span's, 16
 */
record SpanIds(String trace, String span) {}
