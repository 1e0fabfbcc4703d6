/** What a Graft does that runs in a cluster, beside answering reviews. */
package io.otelgraft.runtime.control;
