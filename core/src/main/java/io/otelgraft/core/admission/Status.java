package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * The {@code Status} objects of failures.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/">Status</a>
 */
final class Status {
  static final int BAD_REQUEST = 400;

  private Status() {}

  /** What came was no review. */
  static ObjectNode badRequest(String message) {
    return of(BAD_REQUEST, "BadRequest", message);
  }

  /** What is asked for must not be. */
  static ObjectNode forbidden(String message) {
    return of(403, "Forbidden", message);
  }

  private static ObjectNode of(int code, String reason, String message) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", "v1")
        .put("kind", "Status")
        .put("status", "Failure")
        .put("message", message)
        .put("reason", reason)
        .put("code", code);
  }
}
