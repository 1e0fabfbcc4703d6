package io.otelgraft.runtime.migration;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Map;

/**
 * A part of a pod that is not the same under Graft.
 *
 * @param part which
 * @param before what the operator gives; a missing node for nothing
 * @param after what Graft gives; a missing node for nothing
 * @param keep the settings that keep it as it is, by name; empty if none does
 * @param cause why no setting keeps it; the empty string if one does
 */
public record Difference(
    Part part, JsonNode before, JsonNode after, Map<String, String> keep, String cause) {}
