package io.otelgraft.runtime.server;

import io.helidon.http.DirectHandler;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerResponseHeaders;
import io.helidon.http.Status;
import io.helidon.webserver.http.DirectHandlers;
import io.otelgraft.core.document.Json;
import java.util.Optional;
import java.util.Set;

/** Answers what never reaches a route as all refusals are answered: with a Status of Kubernetes. */
final class Failures implements DirectHandler {

  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  /** Of what could not be read: neither other versions of HTTP nor other encodings are spoken. */
  private static final Set<Integer> UNREADABLE =
      Set.of(
          Status.INTERNAL_SERVER_ERROR_500.code(),
          Status.NOT_IMPLEMENTED_501.code(),
          Status.HTTP_VERSION_NOT_SUPPORTED_505.code());

  private final int limit;
  private final AnswerListener listener;

  /**
   * Answers requests that go beyond this.
   *
   * @param limit the longest body, bytes; 0 where a request has none
   */
  Failures(int limit, AnswerListener listener) {
    this.limit = limit;
    this.listener = listener;
  }

  /** This, for whatever happens. */
  DirectHandlers handlers() {
    DirectHandlers.Builder handlers = DirectHandlers.builder();
    for (EventType type : EventType.values()) {
      handlers.addHandler(type, this);
    }
    return handlers.build();
  }

  /** The answer to a request that is refused. */
  static byte[] body(Refusal refusal, String message) {
    return body(refusal.status(), refusal.reason(), message);
  }

  private static byte[] body(int code, String reason, String message) {
    return Json.write(io.otelgraft.core.admission.Status.of(code, reason, message));
  }

  @Override
  public TransportResponse handle(
      TransportRequest request,
      EventType type,
      Status failure,
      ServerResponseHeaders headers,
      String message) {
    // Helidon calls some of what it cannot read its own mistake, such as a method that is no token.
    boolean unreadable = !Connections.current().endServing() && UNREADABLE.contains(failure.code());
    Status status = unreadable ? Status.BAD_REQUEST_400 : failure;
    TransportResponse.Builder response =
        TransportResponse.builder()
            .status(status)
            .headers(headers)
            .header(JSON)
            .keepAlive(type.keepAlive() && !unreadable);
    Optional<Refusal> refusal = refusal(status);
    if (refusal.isEmpty()) {
      return response
          .entity(body(status.code(), "InternalError", "Graft failed; its log says more"))
          .build();
    }
    Connections.current().leaveUnread();
    listener.refused(refusal.get());
    return response.entity(body(refusal.get(), message(refusal.get()))).build();
  }

  private static Optional<Refusal> refusal(Status status) {
    if (status.code() == Refusal.TOO_LARGE.status()) {
      return Optional.of(Refusal.TOO_LARGE);
    }
    return status.code() / 100 == 4 ? Optional.of(Refusal.MALFORMED) : Optional.empty();
  }

  private String message(Refusal refusal) {
    if (refusal == Refusal.MALFORMED) {
      return "this is no request of HTTP/1.1, or its head is longer than 16 KB";
    }
    return limit == 0
        ? "a request to this port has no body"
        : "the body is longer than %d bytes, more than which is not read; server.request-limit sets that"
            .formatted(limit);
  }
}
