/** The command line: one class for each subcommand, all of them over the same admission. */
package io.otelgraft.runtime.cli;
