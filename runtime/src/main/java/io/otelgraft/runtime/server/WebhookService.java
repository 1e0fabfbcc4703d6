package io.otelgraft.runtime.server;

import io.helidon.common.buffers.DataReader.IncorrectNewLineException;
import io.helidon.common.buffers.DataReader.InsufficientDataAvailableException;
import io.helidon.http.BadRequestException;
import io.helidon.http.Header;
import io.helidon.http.HeaderName;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.http.ServerRequestHeaders;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.runtime.server.Answered.TraceHeaders;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes reviews, as many as there is room for, and sends the answers. */
final class WebhookService implements HttpService {

  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");
  private static final Header ONLY_POST = HeaderValues.createCached(HeaderNames.ALLOW, "POST");

  /** An API server tries again after that, while its own time lasts. */
  private static final Header RETRY = HeaderValues.createCached(HeaderNames.RETRY_AFTER, "1");

  private static final HeaderName TRACE_PARENT = HeaderNames.create("traceparent");
  private static final HeaderName TRACE_STATE = HeaderNames.create("tracestate");

  private final List<Webhook> webhooks;
  private final Clients clients;
  private final Capacity capacity;
  private final int limit;
  private final AnswerListener listener;

  /**
   * Answers at the paths of these webhooks.
   *
   * @param clients who may ask
   * @param limit the longest body, bytes
   */
  WebhookService(
      List<Webhook> webhooks,
      Clients clients,
      Capacity capacity,
      int limit,
      AnswerListener listener) {
    this.webhooks = List.copyOf(webhooks);
    this.clients = clients;
    this.capacity = capacity;
    this.limit = limit;
    this.listener = listener;
  }

  @Override
  public void routing(HttpRules rules) {
    for (Webhook webhook : webhooks) {
      rules.post(webhook.path(), (request, response) -> answer(webhook, request, response));
      rules.any(webhook.path(), this::refuseMethod);
    }
    rules.any(this::refusePath);
  }

  private void answer(Webhook webhook, ServerRequest request, ServerResponse response) {
    Optional<String> stranger = clients.stranger(request.remotePeer());
    if (stranger.isPresent()) {
      refuse(
          Refusal.UNKNOWN_CLIENT,
          stranger.get() + " may not ask here: name it in server.tls.client-names if it may",
          request,
          response);
      return;
    }
    if (!isJson(request)) {
      refuse(
          Refusal.WRONG_CONTENT_TYPE,
          "the body has to be JSON: send it with the header Content-Type: application/json",
          request,
          response);
      return;
    }
    int length = (int) Math.min(request.headers().contentLength().orElse(limit), limit);
    try (Capacity.Memory memory = capacity.memory()) {
      Optional<byte[]> arrived = read(request, length, memory);
      if (arrived.isEmpty()) {
        refuse(Refusal.NO_MEMORY, busy("too much of requests is in memory"), request, response);
        return;
      }
      byte[] body = arrived.get();
      Connections.current().received();
      Instant at = Instant.now();
      long start = System.nanoTime();
      Optional<Refusal> refusal = capacity.takeTurn();
      if (refusal.isPresent()) {
        refuse(refusal.get(), busy("too many reviews wait"), request, response);
        return;
      }
      Duration waited = Duration.ofNanos(System.nanoTime() - start);
      Answer answer;
      try {
        answer = webhook.reviewer().review(body);
      } finally {
        capacity.endTurn();
      }
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      response.status(answer.status()).header(JSON).send(answer.body());
      listener.answered(new Answered(webhook.path(), at, waited, took, answer, trace(request)));
    }
  }

  private static Optional<TraceHeaders> trace(ServerRequest request) {
    ServerRequestHeaders headers = request.headers();
    return headers.contains(TRACE_PARENT)
        ? Optional.of(
            new TraceHeaders(
                headers.get(TRACE_PARENT).get(), headers.first(TRACE_STATE).orElse("")))
        : Optional.empty();
  }

  private static boolean isJson(ServerRequest request) {
    String type = request.headers().first(HeaderNames.CONTENT_TYPE).orElse("");
    int end = type.indexOf(';');
    return (end < 0 ? type : type.substring(0, end)).strip().equalsIgnoreCase("application/json");
  }

  /**
   * Reads the body, for which Helidon checks that it is no longer than the limit.
   *
   * @param length how long it is, or more
   * @param memory takes account of what has arrived
   * @return empty if there is no memory for it; then a part of it is unread
   * @throws BadRequestException if it comes in chunks that are none, or its end does not come
   */
  private static Optional<byte[]> read(ServerRequest request, int length, Capacity.Memory memory) {
    // Not closed: that would read on to the end of a body of which the rest is not wanted.
    InputStream in = request.content().inputStream();
    byte[] body = new byte[Math.min(length, Capacity.SMALL)];
    try {
      int read = in.readNBytes(body, 0, body.length);
      while (read == body.length && read < length) {
        int room = (int) Math.min(2L * read, length);
        if (!memory.isEnoughFor(room)) {
          return Optional.empty();
        }
        body = Arrays.copyOf(body, room);
        read += in.readNBytes(body, read, room - read);
      }
      // Its end is more than its last byte if it comes in chunks.
      if (in.read() >= 0) {
        throw new IllegalStateException("there is more than Helidon was told to let through");
      }
      return Optional.of(read == body.length ? body : Arrays.copyOf(body, read));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalArgumentException
        | InsufficientDataAvailableException
        | IncorrectNewLineException e) {
      // What Helidon says of a chunk whose length is no number, or of a body that ends before its
      // end, as if it were its own mistake.
      throw new BadRequestException("the body is not as long as it says", e);
    }
  }

  private void refuseMethod(ServerRequest request, ServerResponse response) {
    response.header(ONLY_POST);
    refuse(
        Refusal.WRONG_METHOD,
        "%s means nothing here: POST an AdmissionReview of admission.k8s.io/v1"
            .formatted(request.prologue().method().text()),
        request,
        response);
  }

  private void refusePath(ServerRequest request, ServerResponse response) {
    refuse(
        Refusal.UNKNOWN_PATH,
        "there is no webhook at this path, but at "
            + webhooks.stream().map(Webhook::path).collect(Collectors.joining(", ")),
        request,
        response);
  }

  private static String busy(String why) {
    return "Graft is busy, %s: try again in a second; if it stays so, run more replicas of it"
        .formatted(why);
  }

  private void refuse(
      Refusal refusal, String message, ServerRequest request, ServerResponse response) {
    if (refusal.status() == 429) {
      response.header(RETRY);
    }
    if (request.content().hasEntity() && !request.content().consumed()) {
      // Reading it to its end would cost what the refusal saves.
      response.header(HeaderValues.CONNECTION_CLOSE);
      Connections.current().leaveUnread();
    }
    response.status(refusal.status()).header(JSON).send(Failures.body(refusal, message));
    listener.refused(refusal);
  }
}
