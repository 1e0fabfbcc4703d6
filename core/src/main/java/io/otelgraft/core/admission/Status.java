package io.otelgraft.core.admission;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.resource.Problem;
import java.util.List;

/**
 * The {@code Status} objects of failures.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/status/">Status</a>
 */
public final class Status {
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

  /**
   * An object is not valid. Of these, kubectl prints kind, name and causes, a line each, and no
   * message; others print the message.
   */
  static ObjectNode invalid(
      String group, String kind, String name, String message, List<Problem> errors) {
    ObjectNode status = of(422, "Invalid", message);
    ObjectNode details =
        status.putObject("details").put("group", group).put("kind", kind).put("name", name);
    ArrayNode causes = details.putArray("causes");
    for (Problem error : errors) {
      // The field stands before the message where causes are printed.
      String text = error.toString();
      String field = error.field();
      causes
          .addObject()
          .put("reason", "FieldValueInvalid")
          .put("field", field)
          .put("message", text.startsWith(field + " ") ? text.substring(field.length() + 1) : text);
    }
    return status;
  }

  /**
   * Something failed.
   *
   * @param code the status of the HTTP response
   * @param reason one of Kubernetes' reasons, such as {@code TooManyRequests}
   * @param message what is wrong and what to do, for people
   */
  public static ObjectNode of(int code, String reason, String message) {
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
