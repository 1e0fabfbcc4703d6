package io.otelgraft.spi;

/**
 * The editor of a container's environment. A value that the pod or the resource gives is never
 * overwritten; list variables are extended. Order is the runtime's: a variable stands before those
 * that refer to it. Implemented by the runtime.
 *
 * @since 1.0, stable
 */
public interface Env {

  /** Sets a variable unless it is there. {@code $(NAME)} in the value refers to other variables. */
  Env setIfAbsent(String name, String value);

  /** Sets a variable unless one of that name is there. */
  Env setIfAbsent(Variable variable);

  /**
   * Sets a convenience default unless the variable is there; left out where the operator asked for
   * the env that the OpenTelemetry Operator gives ({@code compatibility: operator}).
   */
  Env setDefault(String name, String value);

  /**
   * Sets a variable unless it is there, to a value of its own where the operator asked for the env
   * that the OpenTelemetry Operator gives.
   *
   * @param operatorValue the value under {@code compatibility: operator}
   * @since 1.0, experimental
   */
  Env setDefault(String name, String value, String operatorValue);

  /** Sets a variable from a field of the pod, for example {@code metadata.name}, unless there. */
  Env field(String name, String fieldPath);

  /** Copies a target's variable, if it has it, unless there. */
  Env copy(Target from, String name);

  /**
   * Puts an item before what the variable holds, whether that is a literal or comes by reference.
   *
   * @throws IllegalArgumentException if the language does not declare the variable
   */
  Env prepend(ListVariable variable, String item);

  /** Puts an item behind what the variable holds; as {@link #prepend} otherwise. */
  Env append(ListVariable variable, String item);
}
