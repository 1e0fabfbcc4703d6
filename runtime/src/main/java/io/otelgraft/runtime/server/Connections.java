package io.otelgraft.runtime.server;

import io.helidon.common.buffers.BufferData;
import io.helidon.common.concurrency.limits.Limit;
import io.helidon.http.HeaderValues;
import io.helidon.http.HttpPrologue;
import io.helidon.http.Status;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.http.Filter;
import io.helidon.webserver.http.FilterChain;
import io.helidon.webserver.http.RoutingRequest;
import io.helidon.webserver.http.RoutingResponse;
import io.helidon.webserver.http1.Http1Config;
import io.helidon.webserver.http1.Http1ConnectionListener;
import io.helidon.webserver.http1.Http1ConnectionSelector;
import io.helidon.webserver.spi.ServerConnection;
import io.helidon.webserver.spi.ServerConnectionSelector;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * The connections of a listener, HTTP/1.1 and none of them for ever. A client has a limited time to
 * shake hands and send a request, all of it together, so that one that trickles gets no further
 * than one that says nothing; a limited time to take the answer; and a connection on which nothing
 * is asked for is closed. Helidon limits none of these but the last.
 *
 * <p>A connection that is overdue is closed by an interrupt of its thread, which ends what that
 * thread reads or writes.
 *
 * <p>Thread-safe.
 */
final class Connections implements ServerConnectionSelector, Filter {

  /** Above the 90 seconds after which Go's client, which an API server is, closes it by itself. */
  static final Duration IDLE = Duration.ofMinutes(2);

  /** How long a request may take to arrive that was on its way when the server stopped. */
  private static final Duration LINGER = Duration.ofSeconds(1);

  /** How long a client that was refused may take to see the answer and leave. */
  private static final Duration LEAVE = Duration.ofSeconds(2);

  /** After how many requests a connection gets a {@link FreshReader}. */
  static final int REQUESTS_OF_A_READER = 200;

  private static final Duration PRECISION = Duration.ofMillis(100);

  private static final System.Logger LOG = System.getLogger(Connections.class.getName());
  private static final ScopedValue<Connection> CURRENT = ScopedValue.newInstance();

  private final Duration patience;
  private final Duration idle;
  private final AnswerListener listener;
  private final ServerConnectionSelector http1;
  private final Set<Connection> open = ConcurrentHashMap.newKeySet();
  private volatile boolean draining;

  /**
   * Connections of one listener.
   *
   * @param patience how long a client may take to send a request, and to take an answer
   * @param idle how long a connection stays on which nothing is asked for; {@link #IDLE}, but in
   *     tests
   * @param listener is told of clients that were too slow
   */
  Connections(Duration patience, Duration idle, AnswerListener listener) {
    this.patience = patience;
    this.idle = idle;
    this.listener = listener;
    this.http1 =
        Http1ConnectionSelector.builder()
            .config(
                Http1Config.builder()
                    .addReceiveListener(new Requests())
                    .addSendListener(new Answers())
                    .build())
            .build();
    Thread.ofPlatform().daemon().name("graft-connections").start(this::closeOverdue);
  }

  /** The connection that the current thread serves. */
  static Connection current() {
    return CURRENT.get();
  }

  /** From now on each connection ends with its next answer, which says so. */
  void drain() {
    draining = true;
  }

  /** Whether it does. */
  boolean isDraining() {
    return draining;
  }

  @Override
  public int bytesToIdentifyConnection() {
    return 0;
  }

  @Override
  public Support supports(BufferData data) {
    return Support.SUPPORTED;
  }

  /**
   * Not HTTP/2: API servers do not offer it to webhooks, as they would send all to one of several
   * servers over their one connection.
   */
  @Override
  public Set<String> supportedApplicationProtocols() {
    return http1.supportedApplicationProtocols();
  }

  @Override
  public ServerConnection connection(ConnectionContext context) {
    return new Connection(context, http1.connection(context));
  }

  /** Wraps each request that is routed. */
  @Override
  public void filter(FilterChain chain, RoutingRequest request, RoutingResponse response) {
    response.beforeSend(() -> {
      if (draining) {
        response.header(HeaderValues.CONNECTION_CLOSE);
      }
    });
    current().routed = true;
    chain.proceed();
    current().routed = false;
    if (response.headers().containsToken(HeaderValues.CONNECTION_CLOSE)) {
      // Helidon says it, and then reads on: what was left of a body would be the next request.
      throw new CloseConnectionException("the answer said so");
    }
    current().answered();
    current().renewReader();
  }

  /** Ends Helidon's loop over the requests of a connection, and not the connection. */
  private static final class ReaderUsed extends CloseConnectionException {
    private static final long serialVersionUID = 1;

    ReaderUsed() {
      super("the reader has served its time");
    }
  }

  private void closeOverdue() {
    while (true) {
      LockSupport.parkNanos(PRECISION.toNanos());
      long now = System.nanoTime();
      for (Connection connection : open) {
        connection.closeIfOverdue(now);
      }
    }
  }

  /** One connection. */
  final class Connection implements ServerConnection {

    /** What a client is waited for. */
    private enum Awaited {
      REQUEST,
      REST_OF_REQUEST,
      /** To take the answer. */
      TAKING,
      /** Nothing, as it is the server's turn. */
      NOTHING,
      /** To end the connection. */
      LEAVING
    }

    private record Wait(Awaited awaited, long since, long limit) {
      boolean isOver(long now) {
        return awaited != Awaited.NOTHING && now - since > limit;
      }
    }

    private final ConnectionContext context;
    private volatile ServerConnection requests;
    private final AtomicReference<Wait> wait = new AtomicReference<>();
    private volatile Thread thread;
    private volatile boolean stopping;
    private boolean unread;
    private boolean routed;
    private int received;

    private Connection(ConnectionContext context, ServerConnection requests) {
      this.context = context;
      this.requests = requests;
    }

    @Override
    public void handle(Limit limit) throws InterruptedException {
      thread = Thread.currentThread();
      await(Awaited.REST_OF_REQUEST, patience);
      open.add(this);
      try {
        ScopedValue.where(CURRENT, this)
            .call(() -> {
              serve(limit);
              return null;
            });
      } finally {
        open.remove(this);
      }
    }

    private void serve(Limit limit) throws InterruptedException {
      try {
        // Shakes hands. Whoever speaks no TLS, or goes away, is no news.
        context.dataReader().ensureAvailable();
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "no request came over a new connection", e);
        return;
      }
      try {
        handleAll(limit);
      } finally {
        if (unread) {
          linger();
        }
      }
    }

    private void handleAll(Limit limit) throws InterruptedException {
      ConnectionContext reading = context;
      while (true) {
        reading = FreshReader.of(reading);
        requests = http1.connection(reading);
        try {
          requests.handle(limit);
          return;
        } catch (ReaderUsed e) {
          // The next one goes on where it ended.
        }
      }
    }

    private void renewReader() {
      if (received >= REQUESTS_OF_A_READER) {
        received = 0;
        throw new ReaderUsed();
      }
    }

    /** The first line of a request is there. */
    private void begun() {
      if (wait.get().awaited() == Awaited.REQUEST) {
        await(Awaited.REST_OF_REQUEST, patience);
      }
    }

    /** All of a request is there. */
    void received() {
      received++;
      await(Awaited.NOTHING, Duration.ZERO);
    }

    /** The rest of the request is not wanted: the connection ends with this answer. */
    void leaveUnread() {
      unread = true;
    }

    /**
     * Whether a request was being served; from now on none is. Where one was not, what failed was
     * to read it.
     */
    boolean endServing() {
      boolean served = routed;
      routed = false;
      return served;
    }

    private void answering() {
      await(Awaited.TAKING, patience);
    }

    private void answered() {
      await(Awaited.REQUEST, idle);
      if (stopping) {
        await(Awaited.REQUEST, LINGER);
      }
    }

    private void await(Awaited awaited, Duration limit) {
      wait.set(new Wait(awaited, System.nanoTime(), limit.toNanos()));
    }

    /**
     * Reads what still comes, to no end, until the client has seen the answer and leaves: if the
     * connection was closed under its hands, it would see that instead.
     */
    private void linger() {
      await(Awaited.LEAVING, LEAVE);
      try {
        byte[] unwanted;
        do {
          unwanted = context.serverSocket().get();
        } while (unwanted != null);
      } catch (RuntimeException e) {
        LOG.log(System.Logger.Level.DEBUG, "the client sent on after it was answered", e);
      }
    }

    private void closeIfOverdue(long now) {
      Wait overdue = wait.get();
      if (overdue.isOver(now)
          && wait.compareAndSet(overdue, new Wait(Awaited.NOTHING, now, Long.MAX_VALUE))) {
        thread.interrupt();
        if (overdue.awaited() == Awaited.REST_OF_REQUEST || overdue.awaited() == Awaited.TAKING) {
          listener.refused(Refusal.TOO_SLOW);
        }
      }
    }

    /** Nothing that Helidon would have to care for. */
    @Override
    public Duration idleTime() {
      return Duration.ZERO;
    }

    /** The listener stops: ends it with the request that is being served, or is on its way. */
    @Override
    public void close(boolean interrupt) {
      if (interrupt) {
        requests.close(true);
        return;
      }
      stopping = true;
      Wait now = wait.get();
      if (now.awaited() == Awaited.REQUEST) {
        // Unless a request has come in between.
        wait.compareAndSet(now, new Wait(Awaited.REQUEST, System.nanoTime(), LINGER.toNanos()));
      }
    }
  }

  private static final class Requests implements Http1ConnectionListener {
    @Override
    public void prologue(ConnectionContext context, HttpPrologue prologue) {
      current().begun();
    }
  }

  /** A slow reader has its time for each piece: one that gets on may take long. */
  private static final class Answers implements Http1ConnectionListener {
    @Override
    public void status(ConnectionContext context, Status status) {
      current().answering();
    }

    @Override
    public void data(ConnectionContext context, BufferData data) {
      current().answering();
    }
  }
}
