package io.otelgraft.core.injection;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.core.resource.ImageName;

/**
 * What is known of a container when its pod is admitted.
 *
 * @param name its name
 * @param image its image
 * @param init whether it is an init container, native sidecars included
 */
public record ContainerFacts(String name, ImageName image, boolean init) {

  /** The facts of a container as a pod lists it. */
  public static ContainerFacts of(JsonNode container, boolean init) {
    return new ContainerFacts(
        container.path("name").asText(), ImageName.of(container.path("image").asText()), init);
  }
}
