package io.otelgraft.core.injection;

/**
 * A value and where it comes from.
 *
 * @param value the value
 * @param source as in {@link Proposal#source}
 */
record Sourced(String value, String source) {}
