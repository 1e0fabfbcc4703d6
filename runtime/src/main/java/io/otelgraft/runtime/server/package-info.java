/** The server: reviews over HTTPS, health and metrics, the web page's listener. */
package io.otelgraft.runtime.server;
