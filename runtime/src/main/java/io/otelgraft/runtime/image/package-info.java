/** Container images in files: what {@code docker save} writes, and the layout of the OCI. */
package io.otelgraft.runtime.image;
