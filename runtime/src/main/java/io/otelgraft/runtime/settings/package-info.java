/** How Graft is configured: one file, the environment, options of the command line. */
package io.otelgraft.runtime.settings;
