package io.otelgraft.core.injection;

import io.otelgraft.core.resource.AgentDelivery;
import java.util.List;

/**
 * A language that was injected.
 *
 * @param language its id
 * @param instrumentation the resource as {@code namespace/name}
 * @param generation the resource's generation; 0 for one from a file
 * @param delivery how its agent got there
 * @param containers the names of the containers
 */
public record Injected(
    String language,
    String instrumentation,
    long generation,
    AgentDelivery delivery,
    List<String> containers) {
  public Injected {
    containers = List.copyOf(containers);
  }
}
