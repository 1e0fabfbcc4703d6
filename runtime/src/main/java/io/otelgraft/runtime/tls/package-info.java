/**
 * The certificate that the server shows, and which clients' certificates it takes.
 *
 * <p>TLS is the JDK's. What the JDK does not offer is Bouncy Castle's: to make a certificate, and
 * to read keys in the two older formats that are in use. Where certificate and key come from files
 * in the usual format, none of its classes is loaded.
 */
package io.otelgraft.runtime.tls;
