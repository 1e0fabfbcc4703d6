package io.otelgraft.runtime.tls;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.security.KeyManagementException;
import java.security.SecureRandom;
import java.util.function.Supplier;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLContextSpi;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLServerSocketFactory;
import javax.net.ssl.SSLSessionContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;

/**
 * A context that stands for another, which is replaced as a whole when certificates change.
 *
 * <p>Helidon can exchange key and trust managers within a context, but then a handshake that chose
 * the old certificate signs with the new key, and a session that a client began with a certificate
 * of a CA that is trusted no more can be resumed for a day. A handshake that begins with this
 * context takes the one that is in force at that moment to its end, and no session outlives it.
 *
 * <p>Protocols, ciphers and whether clients need a certificate are set on each engine and socket:
 * Helidon itself does so for engines only, and would take any client on a socket.
 */
final class ReloadableContext extends SSLContext {

  /** Stands for the context that this gives, each time it is asked. */
  ReloadableContext(Supplier<SSLContext> current, SSLParameters parameters) {
    super(
        new Delegate(current, parameters),
        current.get().getProvider(),
        current.get().getProtocol());
  }

  private static final class Delegate extends SSLContextSpi {
    private final Supplier<SSLContext> current;
    private final SSLParameters parameters;

    Delegate(Supplier<SSLContext> current, SSLParameters parameters) {
      this.current = current;
      this.parameters = parameters;
    }

    @Override
    protected void engineInit(KeyManager[] keys, TrustManager[] trust, SecureRandom random)
        throws KeyManagementException {
      throw new KeyManagementException("it is ready to be used");
    }

    @Override
    protected SSLEngine engineCreateSSLEngine() {
      SSLEngine engine = current.get().createSSLEngine();
      engine.setSSLParameters(parameters);
      return engine;
    }

    @Override
    protected SSLEngine engineCreateSSLEngine(String host, int port) {
      SSLEngine engine = current.get().createSSLEngine(host, port);
      engine.setSSLParameters(parameters);
      return engine;
    }

    @Override
    protected SSLSocketFactory engineGetSocketFactory() {
      return new Sockets(current, parameters);
    }

    @Override
    protected SSLServerSocketFactory engineGetServerSocketFactory() {
      return current.get().getServerSocketFactory();
    }

    @Override
    protected SSLSessionContext engineGetServerSessionContext() {
      return current.get().getServerSessionContext();
    }

    @Override
    protected SSLSessionContext engineGetClientSessionContext() {
      return current.get().getClientSessionContext();
    }

    @Override
    protected SSLParameters engineGetDefaultSSLParameters() {
      return current.get().getDefaultSSLParameters();
    }

    @Override
    protected SSLParameters engineGetSupportedSSLParameters() {
      return current.get().getSupportedSSLParameters();
    }
  }

  /** Makes sockets of a server from connections that it accepted; others are not for it to make. */
  private static final class Sockets extends SSLSocketFactory {
    private final Supplier<SSLContext> current;
    private final SSLParameters parameters;

    Sockets(Supplier<SSLContext> current, SSLParameters parameters) {
      this.current = current;
      this.parameters = parameters;
    }

    @Override
    public Socket createSocket(Socket accepted, InputStream consumed, boolean autoClose)
        throws IOException {
      SSLSocket socket =
          (SSLSocket) current.get().getSocketFactory().createSocket(accepted, consumed, autoClose);
      socket.setSSLParameters(parameters);
      return socket;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return parameters.getCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return parameters.getCipherSuites();
    }

    @Override
    public Socket createSocket(Socket socket, String host, int port, boolean autoClose) {
      throw noClient();
    }

    @Override
    public Socket createSocket(String host, int port) {
      throw noClient();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress local, int localPort) {
      throw noClient();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
      throw noClient();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress local, int localPort) {
      throw noClient();
    }

    private static UnsupportedOperationException noClient() {
      return new UnsupportedOperationException("these sockets are for servers");
    }
  }
}
