/** What Graft tells of itself: metrics, logs, traces, and the checks that its probes ask for. */
package io.otelgraft.runtime.telemetry;
