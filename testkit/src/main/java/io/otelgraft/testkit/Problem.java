package io.otelgraft.testkit;

import java.util.Objects;

/**
 * One reason why a Kubernetes API server would refuse an object, in the server's words.
 *
 * @param path where, as Kubernetes writes it: {@code spec.containers[0].env[3].valueFrom}
 * @param pointer the same place as a JSON pointer (RFC 6901); where something is missing, the place
 *     at which it is expected
 * @param kind what sort of reason
 * @param value the offending value, strings quoted; empty if there is none or it is no scalar
 * @param detail what is wrong with it; may be empty, as in the server's messages
 */
public record Problem(String path, String pointer, Kind kind, String value, String detail) {

  /**
   * The sorts of {@code k8s.io/apimachinery/pkg/util/validation/field}, and the two of strict
   * decoding.
   */
  public enum Kind {
    UNKNOWN_FIELD("Unknown field"),
    WRONG_TYPE("Wrong type"),
    REQUIRED("Required value"),
    INVALID("Invalid value"),
    UNSUPPORTED("Unsupported value"),
    NOT_FOUND("Not found"),
    DUPLICATE("Duplicate value"),
    FORBIDDEN("Forbidden"),
    TOO_LONG("Too long"),
    TOO_MANY("Too many");

    private final String label;

    Kind(String label) {
      this.label = label;
    }

    /** How the API server's messages name it, such as {@code Invalid value}. */
    public String label() {
      return label;
    }
  }

  public Problem {
    Objects.requireNonNull(path);
    Objects.requireNonNull(pointer);
    Objects.requireNonNull(kind);
    Objects.requireNonNull(value);
    Objects.requireNonNull(detail);
  }

  /** The message, such as {@code spec.containers[0].name: Duplicate value: "app"}. */
  @Override
  public String toString() {
    StringBuilder message = new StringBuilder(path).append(": ").append(kind.label);
    if (!value.isEmpty()) {
      message.append(": ").append(value);
    }
    if (!detail.isEmpty()) {
      message.append(": ").append(detail);
    }
    return message.toString();
  }
}
