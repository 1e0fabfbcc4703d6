/** Makes the container image of Graft; {@code deploy/image/build} calls it. */
package io.otelgraft.deploy;
