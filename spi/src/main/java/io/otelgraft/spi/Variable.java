package io.otelgraft.spi;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * An environment variable: a name with a literal value, or with a source that the kubelet reads.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/generated/kubernetes-api/v1.33/#envvar-v1-core">EnvVar
 *     v1 core</a>
 * @since 1.0, stable
 */
public final class Variable {
  private final String name;
  private final String literal;
  private final Map<String, Object> source;

  private Variable(String name, String literal, Map<String, Object> source) {
    this.name = Objects.requireNonNull(name, "name");
    this.literal = literal;
    this.source = source;
  }

  /** A variable with a literal value, in which {@code $(NAME)} refers to earlier variables. */
  public static Variable of(String name, String value) {
    return new Variable(name, Objects.requireNonNull(value, "value"), Map.of());
  }

  /**
   * A variable whose value the kubelet reads.
   *
   * @param valueFrom the entry's {@code valueFrom}, as nested maps
   */
  public static Variable from(String name, Map<String, Object> valueFrom) {
    return new Variable(name, null, Map.copyOf(valueFrom));
  }

  /** The variable's name. */
  public String name() {
    return name;
  }

  /** The literal value; empty when the value comes from a source. */
  public Optional<String> literal() {
    return Optional.ofNullable(literal);
  }

  /** The {@code valueFrom}; an empty map when the value is a literal. */
  public Map<String, Object> source() {
    return source;
  }

  @Override
  public String toString() {
    return literal == null ? name + " (from a source)" : name + "=" + literal;
  }
}
