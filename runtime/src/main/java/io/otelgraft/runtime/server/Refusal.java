package io.otelgraft.runtime.server;

import java.util.Locale;

/** Why a request was refused before anybody looked at what it asks. */
public enum Refusal {
  /** It is not HTTP as it should be, or its head is too long. */
  MALFORMED(400, "BadRequest"),
  /** The client's certificate is of nobody who may ask. */
  UNKNOWN_CLIENT(403, "Forbidden"),
  /** There is nothing at its path. */
  UNKNOWN_PATH(404, "NotFound"),
  /** It is no POST. */
  WRONG_METHOD(405, "MethodNotAllowed"),
  /** Its body is longer than the limit. */
  TOO_LARGE(413, "RequestEntityTooLarge"),
  /** Its body is not JSON. */
  WRONG_CONTENT_TYPE(415, "UnsupportedMediaType"),
  /** There was no memory for its body, and none in time. */
  NO_MEMORY(429, "TooManyRequests"),
  /** As many wait as may. */
  QUEUE_FULL(429, "TooManyRequests"),
  /** It waited for as long as the client can. */
  WAITED_TOO_LONG(429, "TooManyRequests"),
  /** Not all of it came in time, or nobody took the answer; the connection was closed. */
  TOO_SLOW(408, "Timeout");

  private final int status;
  private final String reason;

  Refusal(int status, String reason) {
    this.status = status;
    this.reason = reason;
  }

  /** The status of the answer; {@link #TOO_SLOW} has none but the end of the connection. */
  public int status() {
    return status;
  }

  /** The reason in the Status object that is the answer, one of Kubernetes'. */
  String reason() {
    return reason;
  }

  /** How metrics and logs call it: {@code queue-full}. */
  public String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
