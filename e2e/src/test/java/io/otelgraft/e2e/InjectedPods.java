package io.otelgraft.e2e;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/** The pods that tests start: the one place that knows where they come from. */
final class InjectedPods {

  private InjectedPods() {}

  /**
   * A greeter, injected.
   *
   * @param language of the application: java, python or nodejs
   * @param endpoint where it sends its telemetry
   * @param protocol how
   * @param port where the application is to listen
   * @param next the URL of the service that it is to ask; empty for none
   */
  static ObjectNode greeter(String language, URI endpoint, String protocol, int port, String next) {
    String yaml = resource("/injected/" + language + ".yaml");
    Map<String, String> values =
        Map.of(
            "ENDPOINT",
            endpoint.toString(),
            "PROTOCOL",
            protocol,
            "PORT",
            Integer.toString(port),
            "NEXT",
            next);
    for (Map.Entry<String, String> value : values.entrySet()) {
      yaml = yaml.replace("${" + value.getKey() + "}", value.getValue());
    }
    return Manifests.object(yaml);
  }

  private static String resource(String name) {
    try (InputStream stream = InjectedPods.class.getResourceAsStream(name)) {
      if (stream == null) {
        throw new IllegalArgumentException("no resource " + name);
      }
      return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
