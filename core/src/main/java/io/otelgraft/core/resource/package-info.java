/**
 * The resources that steer Graft: {@code Instrumentation} and what is known of namespaces. Reads,
 * validates and defaults them, says where they come from, and writes their definition.
 */
package io.otelgraft.core.resource;
