package io.otelgraft.core.document;

import java.util.Optional;

/**
 * A text that cannot be read as a Kubernetes object. The message says where, what was found and
 * what to do about it, and is fit to be shown to the author of the text: {@code app.yaml:12:5:
 * duplicate key "env" in /spec; keep one of the two}.
 */
public final class DocumentException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final String name;
  private final transient Position position;
  private final String problem;

  /**
   * @param name the text's name, such as a file's; empty where it has none, as for a request's body
   * @param position where in the text; null where that cannot be said, as for bytes that are not
   *     text
   * @param problem what was found there and what to do
   */
  DocumentException(String name, Position position, String problem) {
    // Input decides about this exception, also a hostile client's, and its stack would only show
    // the reader: none is recorded.
    super(place(name, position) + problem, null, false, false);
    this.name = name;
    this.position = position;
    this.problem = problem;
  }

  private static String place(String name, Position position) {
    if (name.isEmpty()) {
      return position == null
          ? ""
          : "line %d, column %d: ".formatted(position.line(), position.column());
    }
    return position == null ? name + ": " : name + ":" + position + ": ";
  }

  /** Returns the name of the text, as it was given to the reader; empty if it has none. */
  public String name() {
    return name;
  }

  /** Returns where in the text the problem is; empty if the text could not even be decoded. */
  public Optional<Position> position() {
    return Optional.ofNullable(position);
  }

  /** Returns the message without name and place, for those who show these in their own way. */
  public String problem() {
    return problem;
  }
}
