package io.otelgraft.runtime.server;

import io.helidon.common.buffers.DataReader;
import io.helidon.common.buffers.DataWriter;
import io.helidon.common.socket.HelidonSocket;
import io.helidon.common.socket.PeerInfo;
import io.helidon.webserver.ConnectionContext;
import io.helidon.webserver.ListenerContext;
import io.helidon.webserver.ProxyProtocolData;
import io.helidon.webserver.Router;
import io.helidon.webserver.ServerConnectionException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.concurrent.ExecutorService;

/**
 * A connection whose reader begins anew, and whose client is known.
 *
 * <p>Helidon's {@code DataReader} keeps what it read in a list whose used nodes still point to the
 * next one. Once one of them is in the old generation, no young collection frees those after it,
 * and each request stays in memory until the next full collection.
 */
record FreshReader(ConnectionContext connection, DataReader dataReader, PeerInfo remotePeer)
    implements ConnectionContext {

  private static final byte[] NOTHING = {};

  /**
   * The same connection with what its reader has not given yet, and what comes. Hands are to be
   * shaken.
   */
  static FreshReader of(ConnectionContext connection) {
    DataReader used = connection.dataReader();
    HelidonSocket socket = connection.serverSocket();
    int available = used.available();
    // To read none would wait for some.
    byte[] left = available == 0 ? NOTHING : used.readBytes(available);
    DataReader fresh = DataReader.create(new Bytes(socket, left)::next);
    return connection instanceof FreshReader before
        ? new FreshReader(before.connection, fresh, before.remotePeer)
        : new FreshReader(connection, fresh, new KnownPeer(connection.remotePeer()));
  }

  /** What is read: first what was left, then what the socket gives. */
  private static final class Bytes {
    private final HelidonSocket socket;
    private byte[] left;

    Bytes(HelidonSocket socket, byte[] left) {
      this.socket = socket;
      this.left = left;
    }

    byte[] next() {
      if (left.length > 0) {
        byte[] first = left;
        left = NOTHING;
        return first;
      }
      try {
        return socket.get();
      } catch (UncheckedIOException e) {
        throw new ServerConnectionException("the connection ended", e);
      }
    }
  }

  @Override
  public ListenerContext listenerContext() {
    return connection.listenerContext();
  }

  @Override
  public ExecutorService executor() {
    return connection.executor();
  }

  @Override
  public DataWriter dataWriter() {
    return connection.dataWriter();
  }

  @Override
  public Router router() {
    return connection.router();
  }

  @Override
  public Optional<ProxyProtocolData> proxyProtocolData() {
    return connection.proxyProtocolData();
  }

  @Override
  public HelidonSocket serverSocket() {
    return connection.serverSocket();
  }

  @Override
  public PeerInfo localPeer() {
    return connection.localPeer();
  }

  @Override
  public boolean isSecure() {
    return connection.isSecure();
  }

  @Override
  public String socketId() {
    return connection.socketId();
  }

  @Override
  public String childSocketId() {
    return connection.childSocketId();
  }
}
