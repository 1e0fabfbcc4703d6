package io.otelgraft.runtime.server;

import io.otelgraft.core.admission.Answer;
import java.time.Duration;
import java.time.Instant;

/**
 * A review that was answered.
 *
 * @param path where it was posted: {@code /mutate-v1-pod}
 * @param at when it had arrived
 * @param took the time from then until the answer was ready to be sent
 * @param answer the answer
 */
public record Answered(String path, Instant at, Duration took, Answer answer) {}
