package io.otelgraft.spi;

import java.util.Objects;

/**
 * A sign that another agent, or an SDK that the application brings, instruments a container: a
 * variable of the pod, or a label or annotation on it. Graft looks for the signs that a language
 * declares and then leaves the container as it is, unless the pod's author insists.
 *
 * <p>A sign is something that nobody writes who has no such agent. A variable that configures
 * OpenTelemetry is none: it configures the injected agent just as well.
 *
 * @since 1.0, experimental
 */
public final class AgentSign {

  /** Where a sign stands. Places may be added: have a default where you switch. */
  public enum Place {
    /** A variable in the env of the container. */
    VARIABLE,
    /** The key of a label or annotation of the pod. */
    POD_KEY
  }

  private final String product;
  private final Place place;
  private final String name;

  private AgentSign(String product, Place place, String name) {
    this.product = Objects.requireNonNull(product, "product");
    this.place = place;
    this.name = Objects.requireNonNull(name, "name");
  }

  /**
   * A variable that the pod sets to something other than nothing, {@code false} or {@code 0}.
   *
   * @param product whose it is, as people know it
   * @param name the variable's name
   */
  public static AgentSign variable(String product, String name) {
    return new AgentSign(product, Place.VARIABLE, name);
  }

  /**
   * A label or annotation of the pod with a value other than nothing or {@code false}.
   *
   * @param product whose it is, as people know it
   * @param key the whole key
   */
  public static AgentSign podKey(String product, String key) {
    return new AgentSign(product, Place.POD_KEY, key);
  }

  /** The product whose agent it is a sign of. */
  public String product() {
    return product;
  }

  /** Where it stands. */
  public Place place() {
    return place;
  }

  /** The variable's name, or the key. */
  public String name() {
    return name;
  }

  @Override
  public String toString() {
    return product + " by " + name;
  }
}
