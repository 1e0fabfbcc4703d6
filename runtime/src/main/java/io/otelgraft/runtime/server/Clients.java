package io.otelgraft.runtime.server;

import io.helidon.common.socket.PeerInfo;
import java.security.Principal;
import java.util.List;
import java.util.Optional;
import javax.security.auth.x500.X500Principal;
import org.bouncycastle.asn1.x500.AttributeTypeAndValue;
import org.bouncycastle.asn1.x500.RDN;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x500.style.IETFUtils;

/**
 * Which clients may ask, of those whose certificate TLS has checked.
 *
 * @param names the common names of which a certificate must have one; empty for any
 */
record Clients(List<String> names) {
  Clients {
    names = List.copyOf(names);
  }

  /** What a client is that may not ask, as the beginning of a sentence; empty for one that may. */
  Optional<String> stranger(PeerInfo peer) {
    if (names.isEmpty()) {
      return Optional.empty();
    }
    Optional<String> name = peer.tlsPrincipal().flatMap(Clients::commonName);
    return name.filter(names::contains).isPresent()
        ? Optional.empty()
        : Optional.of(
            name.map(cn -> "a client whose certificate is of CN=" + cn)
                .orElse("a client whose certificate has no common name"));
  }

  /** The most specific common name of a subject, as API servers take it, too. */
  private static Optional<String> commonName(Principal subject) {
    if (!(subject instanceof X500Principal x500)) {
      return Optional.empty();
    }
    Optional<String> name = Optional.empty();
    for (RDN relative : X500Name.getInstance(x500.getEncoded()).getRDNs(BCStyle.CN)) {
      for (AttributeTypeAndValue attribute : relative.getTypesAndValues()) {
        if (attribute.getType().equals(BCStyle.CN)) {
          name = Optional.of(IETFUtils.valueToString(attribute.getValue()));
        }
      }
    }
    return name;
  }
}
