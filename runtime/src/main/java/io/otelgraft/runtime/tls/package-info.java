/**
 * The certificate that the server shows, and which clients' certificates it takes.
 *
 * <p>All of it is the JDK's, but for two things that the JDK does not offer: it cannot make a
 * certificate, and reads keys in one of the three formats only that are in use. {@link
 * io.otelgraft.runtime.tls.Der} writes the few structures that this takes. Bouncy Castle would do
 * it as well; but its 9 MB of signed jars are left out of the JDK's AOT cache, which costs a
 * quarter of a second at each start.
 */
package io.otelgraft.runtime.tls;
