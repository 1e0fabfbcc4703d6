package io.otelgraft.core.resource;

/** Whether pods are changed: Graft's own {@code spec.mode}. */
public enum Mode {
  /** Pods are injected. */
  ENFORCE("enforce"),
  /** Pods stay as they are; what would have been done is decided and told all the same. */
  OBSERVE("observe");

  private final String value;

  Mode(String value) {
    this.value = value;
  }

  /** How it is written in a resource and in the settings. */
  public String value() {
    return value;
  }
}
