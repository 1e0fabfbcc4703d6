/** What differs between the pods of the OpenTelemetry Operator and Graft's, and what keeps it. */
package io.otelgraft.runtime.migration;
