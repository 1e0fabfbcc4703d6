/** The images of the real agents and of applications to instrument, from the package registries. */
package io.otelgraft.e2e.images;
