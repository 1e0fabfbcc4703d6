/** A receiver of OTLP that keeps what it gets. */
package io.otelgraft.e2e.otlp;
