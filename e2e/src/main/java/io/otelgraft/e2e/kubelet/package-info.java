/** A stand-in for the kubelet: pods as processes of this machine. */
package io.otelgraft.e2e.kubelet;
