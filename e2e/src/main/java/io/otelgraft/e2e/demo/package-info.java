/** The demonstration: Graft as a webhook server, from a pod's annotation to a trace. */
package io.otelgraft.e2e.demo;
