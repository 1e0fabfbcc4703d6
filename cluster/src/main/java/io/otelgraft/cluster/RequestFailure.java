package io.otelgraft.cluster;

import java.util.Optional;

/**
 * An API server that refused a request, or did not answer. The message says what was asked, and
 * what it said.
 */
public final class RequestFailure extends RuntimeException {
  private static final int FORBIDDEN = 403;
  private static final int NOT_FOUND = 404;
  private static final int CONFLICT = 409;
  private static final int GONE = 410;
  private static final long serialVersionUID = 1;

  private final int status;
  private final String next;

  RequestFailure(int status, String message, Throwable cause) {
    this(status, message, cause, "");
  }

  private RequestFailure(int status, String message, Throwable cause, String next) {
    super(message, cause);
    this.status = status;
    this.next = next;
  }

  /**
   * One that the API server answered.
   *
   * @param next what its {@code Status} gives to go on with in a list; the empty string for nothing
   */
  static RequestFailure refused(int status, String message, String next) {
    return new RequestFailure(status, message, null, next);
  }

  /** One that there was no answer to, in time. */
  public static RequestFailure unanswered(String message) {
    return new RequestFailure(0, message, null);
  }

  /** The HTTP status; 0 if there was no answer. */
  public int status() {
    return status;
  }

  /** One that the API server refused, for want of rights. */
  public static RequestFailure forbidden(String message) {
    return new RequestFailure(FORBIDDEN, message, null);
  }

  /** Whether the right to it is missing. */
  public boolean isForbidden() {
    return status == FORBIDDEN;
  }

  /** Whether there is no such object, or the API server does not serve its kind. */
  public boolean isNotFound() {
    return status == NOT_FOUND;
  }

  /** Whether the object is there already, or was changed by somebody else since it was read. */
  public boolean isConflict() {
    return status == CONFLICT;
  }

  /**
   * What the next page of a list that has expired is asked for with: it begins where the list
   * broke, as things are now.
   *
   * @return empty if nothing has expired, or the list cannot go on
   */
  Optional<String> next() {
    return status == GONE && !next.isEmpty() ? Optional.of(next) : Optional.empty();
  }

  /** Whether there was no answer. */
  public boolean isUnanswered() {
    return status == 0;
  }
}
