/**
 * Measures Graft as it is shipped, and prints the figures beside its limits.
 *
 * <p>The measured process never shares a JVM with what measures it. Whatever of Graft runs in a JVM
 * of this package runs as named modules from the distribution's {@code lib/}, with plugins from its
 * {@code plugins/}.
 */
package io.otelgraft.benchmarks;
