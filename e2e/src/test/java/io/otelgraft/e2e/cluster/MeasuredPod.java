package io.otelgraft.e2e.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.StreamSupport;

/**
 * What a pod took, by what the kernel accounts to its cgroup, which has its sandbox as well, and by
 * the answers of its container {@code app}. Seconds and bytes.
 *
 * @param untilStarted from the first that the node did for it until its application's process had
 *     started
 * @param untilAnswered from then until the first answer; what answers within milliseconds may have
 *     done so before the container runtime noted that it has started
 * @param startCpu processor time until the first answer, without what its init container's program
 *     took
 * @param init its init container; empty when it has none
 * @param cpuPerRequest processor time for each request, of each repetition
 * @param resident after all requests, without caches of files
 * @param memory after all requests, with them
 * @param requests how many it answered
 * @param others the share of the machine's processors that was neither its nor idle while it
 *     answered them, and not who asked it
 */
record MeasuredPod(
    double untilStarted,
    double untilAnswered,
    double startCpu,
    Optional<Init> init,
    List<Double> cpuPerRequest,
    long resident,
    long memory,
    long requests,
    double others) {

  private static final double NANOS = 1e9;

  /**
   * What an init container took.
   *
   * @param time from its start to its end
   * @param cpu processor time, without what the container runtime takes to start it
   * @param peak the most memory that it had at once, with caches of files
   */
  record Init(double time, double cpu, long peak) {}

  /**
   * Reads it.
   *
   * @param measured what {@code e2e/impact/measure.py} printed
   * @param pod the pod as it was then
   */
  static MeasuredPod read(JsonNode measured, JsonNode pod) {
    JsonNode statuses = pod.path("status");
    // A sidecar is one of them, too, and does not end.
    Optional<JsonNode> init =
        StreamSupport.stream(statuses.path("initContainerStatuses").spliterator(), false)
            .map(status -> container(measured, status))
            .filter(container -> container.path("finished").asLong() > 0)
            .findFirst();
    double started = 0;
    for (JsonNode status : statuses.path("containerStatuses")) {
      if (status.path("name").asText().equals("app")) {
        started = container(measured, status).path("started").asDouble();
      }
    }
    List<Double> cpuPerRequest = new ArrayList<>();
    List<Double> others = new ArrayList<>();
    for (JsonNode repetition : measured.path("repetitions")) {
      cpuPerRequest.add(seconds(repetition, "cpu") / repetition.path("requests").asLong());
      others.add(repetition.path("others").asDouble());
    }
    return new MeasuredPod(
        (started - measured.path("appeared").asDouble()) / NANOS,
        (measured.path("answered").asDouble() - started) / NANOS,
        seconds(measured, "cpuAtAnswer") - init.map(each -> seconds(each, "cpu")).orElse(0.0),
        init.map(each ->
            new Init(
                seconds(each, "finished") - seconds(each, "started"),
                seconds(each, "cpu"),
                each.path("peak").asLong())),
        List.copyOf(cpuPerRequest),
        measured.path("resident").asLong(),
        measured.path("memory").asLong(),
        measured.path("requests").asLong(),
        Figure.of(others).median());
  }

  private static JsonNode container(JsonNode measured, JsonNode status) {
    String id = status.path("containerID").asText().replaceFirst("^.*://", "");
    JsonNode container = measured.path("containers").path(id);
    if (container.isMissingNode()) {
      throw new IllegalStateException("nothing was measured of %s: %s".formatted(status, measured));
    }
    return container;
  }

  private static double seconds(JsonNode object, String field) {
    return object.path(field).asDouble() / NANOS;
  }
}
