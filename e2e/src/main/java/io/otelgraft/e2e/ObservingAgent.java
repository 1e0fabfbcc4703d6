package io.otelgraft.e2e;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.otelgraft.e2e.kubelet.RunningContainer;
import io.otelgraft.e2e.kubelet.RunningPod;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * The agent for Go, which observes an application through eBPF from a container beside it. Whether
 * it can is up to the kernel, and to the rights of whoever runs the pod.
 *
 * @param container its container
 */
public record ObservingAgent(RunningContainer container) {

  /** It looks for the process every two seconds, and then has the kernel check its programs. */
  private static final Duration ATTACHMENT = Duration.ofSeconds(60);

  private static final String LOADED = "instrumentation loaded successfully";

  /** What it writes where the kernel refuses, before it ends. */
  private static final Set<String> REFUSED =
      Set.of("failed to create instrumentation", "failed to load instrumentation");

  private static final ObjectMapper MAPPER = new ObjectMapper();

  /** The one in a pod that Graft injected. */
  public static ObservingAgent in(RunningPod pod) {
    return new ObservingAgent(pod.container("opentelemetry-auto-instrumentation-go-agent"));
  }

  /**
   * Waits until it observes the application.
   *
   * @return empty when it does; else what it says when kernel or rights do not let it, in a line
   * @throws IllegalStateException when neither comes in time; the message has its log
   */
  public Optional<String> awaitAttached() {
    long end = System.nanoTime() + ATTACHMENT.toNanos();
    while (true) {
      boolean isRunning = container.isRunning();
      String log = container.log();
      if (log.contains(LOADED)) {
        return Optional.empty();
      }
      Optional<String> refusal = refusal(log);
      if (refusal.isPresent()) {
        return refusal;
      }
      if (!isRunning || System.nanoTime() > end) {
        throw new IllegalStateException(
            "the agent %s; it wrote:%n%s"
                .formatted(
                    isRunning
                        ? "observes nothing within " + ATTACHMENT.toSeconds() + " s"
                        : "ended before it observed anything",
                    log));
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(50));
    }
  }

  private static Optional<String> refusal(String log) {
    return log.lines()
        .map(ObservingAgent::entry)
        .filter(entry -> REFUSED.contains(entry.path("msg").asText()))
        .map(entry -> entry.path("msg").asText() + ": " + entry.path("error").asText())
        .map(text -> text.lines().findFirst().orElse(text))
        .findFirst();
  }

  /** A line of its log; nothing when it is not JSON, or not written to its end yet. */
  private static JsonNode entry(String line) {
    try {
      return MAPPER.readTree(line);
    } catch (JsonProcessingException e) {
      return MAPPER.missingNode();
    }
  }
}
