package io.otelgraft.runtime.server;

import io.helidon.common.tls.Tls;
import io.helidon.webserver.ListenerConfig;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpFeature;
import io.helidon.webserver.http.HttpRouting;
import io.otelgraft.runtime.settings.ServerSettings;
import io.otelgraft.runtime.settings.ServerSettings.Bounds;
import io.otelgraft.runtime.settings.ServerSettings.Listener;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;

/** A running server. */
public final class Server implements AutoCloseable {

  private static final String MANAGEMENT = "management";
  private static final String PAGE = "page";

  /** Of the kubelet, of Prometheus, of a few people. */
  private static final int READERS = 50;

  /** What goes wrong where no reviews come is no review that was refused. */
  private static final AnswerListener NOBODY = new AnswerListeners(List.of());

  private final WebServer server;
  private final Connections reviews;
  private final Connections questions;

  private Server(WebServer server, Connections reviews, Connections questions) {
    this.server = server;
    this.reviews = reviews;
    this.questions = questions;
  }

  /**
   * Starts to listen.
   *
   * @param settings where, and how much is taken on
   * @param tls the certificates
   * @param webhooks who answers which reviews
   * @param listeners who is told of the answers
   * @param management what is answered about health and metrics
   * @param page what is answered on the web page's listener, if the settings have one
   * @throws BindException if an address cannot be listened on; the message says which, why, and
   *     which setting to change
   */
  public static Server start(
      ServerSettings settings,
      Tls tls,
      List<Webhook> webhooks,
      List<AnswerListener> listeners,
      Management management,
      HttpFeature page)
      throws BindException {
    return start(settings, tls, webhooks, listeners, management, page, Connections.IDLE);
  }

  /**
   * As above.
   *
   * @param idle how long a connection stays on which nothing is asked for
   */
  static Server start(
      ServerSettings settings,
      Tls tls,
      List<Webhook> webhooks,
      List<AnswerListener> listeners,
      Management management,
      HttpFeature page,
      Duration idle)
      throws BindException {
    requireFree(settings.webhook(), "server");
    requireFree(settings.management(), "management");
    if (settings.page().isPresent()) {
      requireFree(settings.page().get(), "page");
    }
    Bounds bounds = settings.bounds();
    AnswerListener listener = new AnswerListeners(listeners);
    Connections reviews = new Connections(bounds.requestTimeout(), idle, listener);
    Connections questions = new Connections(bounds.requestTimeout(), idle, NOBODY);
    WebhookService service =
        new WebhookService(
            webhooks,
            new Clients(settings.tls().clientNames()),
            new Capacity(bounds, Runtime.getRuntime().maxMemory()),
            bounds.requestLimit(),
            listener);
    WebServer server =
        WebServer.builder()
            .featuresDiscoverServices(false)
            .shutdownHook(false)
            .protocolsDiscoverServices(false)
            .addConnectionSelector(reviews)
            .directHandlers(new Failures(bounds.requestLimit(), listener).handlers())
            .host(settings.webhook().address())
            .port(settings.webhook().port())
            .tls(tls)
            .maxTcpConnections(bounds.connections())
            .maxPayloadSize(bounds.requestLimit())
            .shutdownGracePeriod(bounds.stopTimeout())
            .routing(HttpRouting.builder().addFilter(reviews).register(service))
            .putSocket(
                MANAGEMENT,
                readOnly(
                    settings.management(),
                    bounds,
                    questions,
                    HttpRouting.builder()
                        .register(
                            new ManagementService(
                                management.and(new Stopping(reviews::isDraining))))))
            .update(sockets ->
                settings
                    .page()
                    .ifPresent(where ->
                        sockets.putSocket(
                            PAGE,
                            readOnly(
                                where, bounds, questions, HttpRouting.builder().addFeature(page)))))
            .build()
            .start();
    if (!server.isRunning()) {
      throw new BindException("the server did not start; its log says why");
    }
    return new Server(server, reviews, questions);
  }

  /** Where nobody sends more than a question. */
  private static ListenerConfig readOnly(
      Listener listener, Bounds bounds, Connections questions, HttpRouting.Builder routing) {
    return ListenerConfig.builder()
        .host(listener.address())
        .port(listener.port())
        .protocolsDiscoverServices(false)
        .addConnectionSelector(questions)
        .directHandlers(new Failures(0, NOBODY).handlers())
        .maxTcpConnections(READERS)
        .maxPayloadSize(0)
        .shutdownGracePeriod(bounds.stopTimeout())
        .routing(routing.addFilter(questions))
        .build();
  }

  /** Helidon tells of an address that it cannot have in its log only, at length. */
  private static void requireFree(Listener listener, String settings) throws BindException {
    try (ServerSocket socket = new ServerSocket()) {
      socket.setReuseAddress(true);
      socket.bind(
          new InetSocketAddress(InetAddress.getByName(listener.address()), listener.port()));
    } catch (IOException e) {
      throw new BindException(
          "cannot listen on %s:%d, %s; set %s.address or %s.port, 0 for any that is free"
              .formatted(listener.address(), listener.port(), e.getMessage(), settings, settings));
    }
  }

  /** The port of the webhooks. */
  public int port() {
    return server.port();
  }

  /** The port of health and metrics. */
  public int managementPort() {
    return server.port(MANAGEMENT);
  }

  /** The port of the web page; -1 if there is none. */
  public int pagePort() {
    return server.port(PAGE);
  }

  /**
   * Serves on, but tells whoever asks that it is not ready, and whoever sends a request that its
   * connection ends with the answer: what comes next goes to another server, if there is one.
   */
  public void drain() {
    reviews.drain();
    questions.drain();
  }

  /**
   * Takes no more connections, and returns when the requests that were on their way are answered or
   * their time is up.
   */
  @Override
  public void close() {
    drain();
    server.stop();
  }
}
