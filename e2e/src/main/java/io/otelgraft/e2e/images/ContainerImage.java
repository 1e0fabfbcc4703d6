package io.otelgraft.e2e.images;

import java.nio.file.Path;

/**
 * A container image in a file.
 *
 * @param reference how a pod names it
 * @param archive an archive that docker and containerd import, with nothing else in it
 */
public record ContainerImage(String reference, Path archive) {}
