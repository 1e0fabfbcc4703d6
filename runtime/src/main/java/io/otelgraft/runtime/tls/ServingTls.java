package io.otelgraft.runtime.tls;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.otelgraft.runtime.settings.ServerSettings.KeyPair;

/** The certificate that is served. */
public final class ServingTls {

  private ServingTls() {}

  /** The one in these files. */
  public static Tls of(KeyPair files) {
    Keys keys =
        Keys.builder()
            .pem(pem ->
                pem.key(Resource.create(files.key()))
                    .certChain(Resource.create(files.certificate())))
            .build();
    return Tls.builder()
        .privateKey(keys.privateKey().orElseThrow())
        .privateKeyCertChain(keys.certChain())
        .build();
  }
}
