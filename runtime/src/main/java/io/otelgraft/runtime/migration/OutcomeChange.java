package io.otelgraft.runtime.migration;

import java.util.Map;

/**
 * A workload of which something else becomes as a whole.
 *
 * @param before what the operator does, in words
 * @param after what Graft does, in words
 * @param keep the settings under which Graft does the same, by name; empty if none does
 */
public record OutcomeChange(String before, String after, Map<String, String> keep) {}
