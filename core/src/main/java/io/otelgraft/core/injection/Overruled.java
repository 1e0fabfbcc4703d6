package io.otelgraft.core.injection;

import io.otelgraft.core.resource.EnvVar;

/**
 * A variable that was not set because a stronger value is there.
 *
 * @param container the container
 * @param variable the variable as it would have been
 * @param source where it would have come from
 * @param winner where the value that counts comes from
 */
public record Overruled(String container, EnvVar variable, String source, String winner) {}
