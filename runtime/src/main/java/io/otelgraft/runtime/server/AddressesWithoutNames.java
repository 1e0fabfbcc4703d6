package io.otelgraft.runtime.server;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.net.spi.InetAddressResolver;
import java.net.spi.InetAddressResolverProvider;
import java.util.stream.Stream;

/**
 * Answers the question which name an address has with "none". Helidon asks it of every client that
 * connects and needs it for nothing; with the question sent to a DNS that is slow or away, each new
 * connection would wait for seconds, and a cluster whose DNS pods wait for this webhook for ever.
 */
public final class AddressesWithoutNames extends InetAddressResolverProvider {

  /** For the JDK, which finds it as a service. */
  public AddressesWithoutNames() {}

  @Override
  public InetAddressResolver get(Configuration configuration) {
    InetAddressResolver builtin = configuration.builtinResolver();
    return new InetAddressResolver() {
      @Override
      public Stream<InetAddress> lookupByName(String host, LookupPolicy policy)
          throws UnknownHostException {
        return builtin.lookupByName(host, policy);
      }

      @Override
      public String lookupByAddress(byte[] address) throws UnknownHostException {
        throw new UnknownHostException("no names of addresses are looked up");
      }
    };
  }

  @Override
  public String name() {
    return "addresses without names";
  }
}
