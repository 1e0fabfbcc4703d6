package io.otelgraft.spi;

import java.util.Objects;

/**
 * Compute resources of a container that delivers an agent, as Kubernetes quantities.
 *
 * @since 1.0, stable
 */
public final class ResourceDefaults {
  private final String requestCpu;
  private final String requestMemory;
  private final String limitCpu;
  private final String limitMemory;

  private ResourceDefaults(
      String requestCpu, String requestMemory, String limitCpu, String limitMemory) {
    this.requestCpu = Objects.requireNonNull(requestCpu, "requestCpu");
    this.requestMemory = Objects.requireNonNull(requestMemory, "requestMemory");
    this.limitCpu = Objects.requireNonNull(limitCpu, "limitCpu");
    this.limitMemory = Objects.requireNonNull(limitMemory, "limitMemory");
  }

  /** Requests and limits, for example {@code of("50m", "64Mi", "500m", "256Mi")}. */
  public static ResourceDefaults of(
      String requestCpu, String requestMemory, String limitCpu, String limitMemory) {
    return new ResourceDefaults(requestCpu, requestMemory, limitCpu, limitMemory);
  }

  /** The CPU asked for. */
  public String requestCpu() {
    return requestCpu;
  }

  /** The memory asked for. */
  public String requestMemory() {
    return requestMemory;
  }

  /** The most CPU. */
  public String limitCpu() {
    return limitCpu;
  }

  /** The most memory. */
  public String limitMemory() {
    return limitMemory;
  }
}
