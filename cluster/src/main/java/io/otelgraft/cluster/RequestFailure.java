package io.otelgraft.cluster;

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

  RequestFailure(int status, String message, Throwable cause) {
    super(message, cause);
    this.status = status;
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

  /** Whether the page that was to follow has expired. */
  boolean isExpired() {
    return status == GONE;
  }

  /** Whether there was no answer. */
  public boolean isUnanswered() {
    return status == 0;
  }
}
