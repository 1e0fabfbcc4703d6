package io.otelgraft.core.resource;

import java.util.Optional;

/** How an agent's files get into a container. */
public enum AgentDelivery {
  /** An init container copies them into a volume of the pod. */
  COPY("copy"),
  /** The agent's image is mounted, read-only; nothing is copied, and no container runs for it. */
  IMAGE_VOLUME("image-volume");

  private static final AgentDelivery[] ALL = values();

  private final String value;

  AgentDelivery(String value) {
    this.value = value;
  }

  /** How users write it. */
  public String value() {
    return value;
  }

  /** The one that is written so; empty if none is. */
  public static Optional<AgentDelivery> of(String text) {
    for (AgentDelivery delivery : ALL) {
      if (delivery.value.equals(text)) {
        return Optional.of(delivery);
      }
    }
    return Optional.empty();
  }
}
