/** What touches the world: the command line, and the server. */
@SuppressWarnings("requires-automatic") // java-diff-utils: an automatic module with a fixed name
module io.otelgraft.runtime {
  requires info.picocli;
  requires io.github.javadiffutils;
  requires io.helidon.common.configurable;
  requires io.helidon.common.pki;
  requires io.helidon.common.tls;
  requires io.helidon.http;
  requires io.helidon.webserver;
  requires io.otelgraft.core;
  requires jdk.unsupported;

  provides java.net.spi.InetAddressResolverProvider with
      io.otelgraft.runtime.server.AddressesWithoutNames;
}
