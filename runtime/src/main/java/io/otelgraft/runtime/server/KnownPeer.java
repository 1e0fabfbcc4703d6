package io.otelgraft.runtime.server;

import io.helidon.common.socket.PeerInfo;
import java.net.SocketAddress;
import java.security.Principal;
import java.security.cert.Certificate;
import java.util.Optional;

/**
 * A client that has shaken hands, so that its certificate is known for good. Helidon asks for it
 * with each request, and TLS answers with an exception where there is none.
 */
record KnownPeer(PeerInfo peer, Optional<Certificate[]> tlsCertificates) implements PeerInfo {

  KnownPeer(PeerInfo peer) {
    this(peer, peer.tlsCertificates());
  }

  @Override
  public SocketAddress address() {
    return peer.address();
  }

  @Override
  public String host() {
    return peer.host();
  }

  @Override
  public int port() {
    return peer.port();
  }

  @Override
  public Optional<Principal> tlsPrincipal() {
    return peer.tlsPrincipal();
  }
}
