package io.otelgraft.runtime.server;

/**
 * The metrics at one moment.
 *
 * @param contentType the format, as the value of a Content-Type header
 * @param body the metrics in that format; not copied
 */
@SuppressWarnings("ArrayRecordComponent") // Written once and read once.
public record Scrape(String contentType, byte[] body) {}
