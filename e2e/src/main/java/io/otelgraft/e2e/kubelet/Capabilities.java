package io.otelgraft.e2e.kubelet;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Locale;

/** The capabilities of a container. */
final class Capabilities {

  private Capabilities() {}

  /**
   * The words to put before a command, so that it has the capabilities that are added and no other.
   *
   * @param capabilities as a security context has them
   * @return empty unless all others are dropped: what a container runtime leaves to those that say
   *     nothing is that of this machine here
   */
  static List<String> command(JsonNode capabilities) {
    if (ApiObjects.items(capabilities.path("drop")).stream()
        .noneMatch(name -> name.asText().equals("ALL"))) {
      return List.of();
    }
    StringBuilder set = new StringBuilder("-all");
    for (JsonNode name : capabilities.path("add")) {
      set.append(",+").append(name.asText().toLowerCase(Locale.ROOT));
    }
    return List.of("setpriv", "--bounding-set", set.toString());
  }
}
