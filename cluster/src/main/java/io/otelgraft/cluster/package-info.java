/**
 * A connection to a Kubernetes API server. Objects go through it as trees: typed models fail on
 * fields that they do not know, and write what was never there.
 */
package io.otelgraft.cluster;
