package io.otelgraft.runtime.server;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.ServerSettings.Listener;
import java.util.List;

/** A running server. */
public final class Server implements AutoCloseable {

  private static final String MANAGEMENT = "management";

  private final WebServer server;

  private Server(WebServer server) {
    this.server = server;
  }

  /**
   * Starts to listen.
   *
   * @param settings where, and how much is taken on
   * @param tls the certificates
   * @param webhooks who answers which reviews
   * @param listeners who is told of the answers
   * @throws IllegalStateException if an address cannot be listened on
   */
  public static Server start(
      ServerSettings settings, Tls tls, List<Webhook> webhooks, List<AnswerListener> listeners) {
    WebServer server =
        WebServer.builder()
            .featuresDiscoverServices(false)
            .shutdownHook(false)
            .host(settings.webhook().address())
            .port(settings.webhook().port())
            .tls(tls)
            .maxPayloadSize(settings.bounds().requestLimit())
            .shutdownGracePeriod(settings.bounds().stopTimeout())
            .routing(HttpRouting.builder().register(new WebhookService(webhooks, listeners)))
            .putSocket(
                MANAGEMENT,
                plain(
                    settings.management(), HttpRouting.builder().register(new ManagementService())))
            .build();
    return new Server(server.start());
  }

  private static ListenerConfig plain(Listener listener, HttpRouting.Builder routing) {
    return ListenerConfig.builder()
        .host(listener.address())
        .port(listener.port())
        .routing(routing)
        .build();
  }

  /** The port of the webhooks. */
  public int port() {
    return server.port();
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return server.port(MANAGEMENT);
  }

  /** Takes no new requests, and returns when those that began have ended or their time is up. */
  @Override
  public void close() {
    server.stop();
  }
}
