package io.otelgraft.runtime.server;

import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import io.otelgraft.core.admission.Answer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Takes reviews and sends the answers. */
final class WebhookService implements HttpService {

  private static final System.Logger LOG = System.getLogger(WebhookService.class.getName());
  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private final List<Webhook> webhooks;
  private final List<AnswerListener> listeners;

  WebhookService(List<Webhook> webhooks, List<AnswerListener> listeners) {
    this.webhooks = List.copyOf(webhooks);
    this.listeners = List.copyOf(listeners);
  }

  @Override
  public void routing(HttpRules rules) {
    for (Webhook webhook : webhooks) {
      rules.post(webhook.path(), (request, response) -> answer(webhook, request, response));
    }
  }

  private void answer(Webhook webhook, ServerRequest request, ServerResponse response) {
    byte[] body = request.content().as(byte[].class);
    Instant at = Instant.now();
    long start = System.nanoTime();
    Answer answer = webhook.reviewer().review(body);
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    response.status(answer.status()).header(JSON).send(answer.body());
    tell(new Answered(webhook.path(), at, took, answer));
  }

  private void tell(Answered answered) {
    for (AnswerListener listener : listeners) {
      try {
        listener.answered(answered);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.ERROR, "a listener failed, the answer was sent", e);
      }
    }
  }
}
