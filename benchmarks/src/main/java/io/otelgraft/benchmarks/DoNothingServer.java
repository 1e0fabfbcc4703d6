package io.otelgraft.benchmarks;

import io.helidon.common.configurable.Resource;
import io.helidon.common.pki.Keys;
import io.helidon.common.tls.Tls;
import io.helidon.http.Header;
import io.helidon.http.HeaderNames;
import io.helidon.http.HeaderValues;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The yardstick: what Graft's server could answer on this machine if deciding cost nothing. Reads
 * the whole body, as Graft does, and answers with a constant.
 */
final class DoNothingServer {

  private static final Header JSON =
      HeaderValues.createCached(HeaderNames.CONTENT_TYPE, "application/json");

  private DoNothingServer() {}

  /** The arguments are the port, the files of key and certificate, the files of the answers. */
  public static void main(String[] arguments) throws IOException {
    Keys keys =
        Keys.builder()
            .pem(pem ->
                pem.key(Resource.create(Path.of(arguments[1])))
                    .certChain(Resource.create(Path.of(arguments[2]))))
            .build();
    HttpRouting.Builder routing = HttpRouting.builder();
    for (String file : List.of(arguments).subList(3, arguments.length)) {
      byte[] answer = Files.readAllBytes(Path.of(file));
      routing.post(
          "/" + Path.of(file).getFileName(),
          (request, response) -> {
            request.content().as(byte[].class);
            response.header(JSON).send(answer);
          });
    }
    WebServer.builder()
        .featuresDiscoverServices(false)
        .host("127.0.0.1")
        .port(Integer.parseInt(arguments[0]))
        .tls(
            Tls.builder()
                .privateKey(keys.privateKey().orElseThrow())
                .privateKeyCertChain(keys.certChain())
                .build())
        .routing(routing)
        .build()
        .start();
  }
}
