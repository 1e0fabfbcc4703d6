/** The certificates of the server. */
package io.otelgraft.runtime.tls;
