/**
 * Finds the plugin jars, loads each in a layer of its own, checks it, and holds the catalogue of
 * what can be used.
 *
 * <p>Start with {@link io.otelgraft.core.plugin.Plugins}.
 */
package io.otelgraft.core.plugin;
