package io.otelgraft.spi;

import java.util.Objects;

/**
 * An environment variable that holds a list, which injection extends and never replaces.
 *
 * @since 1.0, stable
 */
public final class ListVariable {

  /** What an empty item of the list means to who reads it. */
  public enum EmptyItem {
    /** Nothing: {@code JAVA_TOOL_OPTIONS}. */
    NOTHING,
    /** The working directory: {@code PYTHONPATH}, {@code LD_LIBRARY_PATH}. */
    WORKING_DIRECTORY,
    /** The list that was compiled in, which a variable that is not set means as well. */
    COMPILED_IN_DEFAULT
  }

  private final String name;
  private final String separator;
  private final EmptyItem emptyItem;
  private final boolean beforeCommonEnv;

  private ListVariable(String name, String separator, EmptyItem emptyItem, boolean before) {
    this.name = Objects.requireNonNull(name, "name");
    this.separator = Objects.requireNonNull(separator, "separator");
    this.emptyItem = Objects.requireNonNull(emptyItem, "emptyItem");
    this.beforeCommonEnv = before;
  }

  /**
   * Declares a list variable.
   *
   * @param name the variable's name
   * @param separator what stands between items, for example {@code ":"} or a blank
   * @param emptyItem what an empty item means; none is ever made unless it means the default
   */
  public static ListVariable of(String name, String separator, EmptyItem emptyItem) {
    return new ListVariable(name, separator, emptyItem, false);
  }

  /**
   * The same variable, but where it is new it stands before the resource's common env, as users of
   * the OpenTelemetry Operator know it.
   */
  public ListVariable beforeCommonEnv() {
    return new ListVariable(name, separator, emptyItem, true);
  }

  /** The variable's name. */
  public String name() {
    return name;
  }

  /** What stands between items. */
  public String separator() {
    return separator;
  }

  /** What an empty item means. */
  public EmptyItem emptyItem() {
    return emptyItem;
  }

  /** Whether a new entry stands before the resource's common env. */
  public boolean standsBeforeCommonEnv() {
    return beforeCommonEnv;
  }

  @Override
  public String toString() {
    return name;
  }
}
