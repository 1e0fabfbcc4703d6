package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.core.resource.ClusterFacts;
import java.time.Duration;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/** What the software of the API server and the nodes can do, looked at every ten minutes. */
final class Nodes implements Duty {

  private static final Duration PERIOD = Duration.ofMinutes(10);

  private final ApiServer server;
  private volatile ClusterFacts facts = ClusterFacts.UNKNOWN;
  private long next = System.nanoTime();

  Nodes(ApiServer server) {
    this.server = server;
  }

  /** What was found last; {@link ClusterFacts#UNKNOWN} until then. */
  ClusterFacts facts() {
    return facts;
  }

  @Override
  public String name() {
    return "software of the nodes";
  }

  @Override
  public void fulfil(boolean leads) {
    if (System.nanoTime() - next < 0) {
      return;
    }
    String[] oldest = {server.version()};
    SortedSet<String> runtimes = new TreeSet<>();
    server.each(
        ApiResource.NODES,
        "",
        node -> {
          JsonNode info = node.path("status").path("nodeInfo");
          runtimes.add(info.path("containerRuntimeVersion").asText());
          oldest[0] = older(oldest[0], info.path("kubeletVersion").asText());
        });
    runtimes.remove("");
    facts = new ClusterFacts(Optional.of(oldest[0]), runtimes.stream().toList());
    next = System.nanoTime() + PERIOD.toNanos();
  }

  /** Of two versions such as {@code v1.36.3} the one with the smaller minor version. */
  private static String older(String one, String other) {
    return minor(other) < minor(one) ? other : one;
  }

  private static int minor(String version) {
    String[] parts = version.split("\\.", -1);
    try {
      return parts.length < 2 ? Integer.MAX_VALUE : Integer.parseInt(parts[1]);
    } catch (NumberFormatException e) {
      return Integer.MAX_VALUE;
    }
  }
}
