package io.otelgraft.e2e.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A namespace of a cluster, for one test. {@link ClusterExtension} hands it out, and removes it.
 */
final class Namespace {

  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Kubectl kubectl;
  private final String name;
  private final List<Process> followed = new ArrayList<>();

  private Namespace(Kubectl kubectl, String name) {
    this.kubectl = kubectl;
    this.name = name;
  }

  /** Creates it. */
  static Namespace create(Kubectl kubectl, String name) {
    kubectl.run("create", "namespace", name);
    // Until then, no pod is admitted to it.
    kubectl.run(
        "wait", "--for=create", "--timeout=60s", "--namespace=" + name, "serviceaccount/default");
    return new Namespace(kubectl, name);
  }

  /** Its name. */
  String name() {
    return name;
  }

  /**
   * kubectl in this namespace.
   *
   * @throws IllegalStateException when it fails; the message has what it said
   */
  String kubectl(String... arguments) {
    return kubectl.run(here(arguments));
  }

  /** As {@link #kubectl}, for arguments that have it read something, such as {@code -f -}. */
  String kubectlWithInput(String input, String... arguments) {
    return kubectl.runWithInput(input, here(arguments));
  }

  /** Starts kubectl in this namespace, for who talks with it while it runs. */
  Process start(String... arguments) {
    return kubectl.start(here(arguments));
  }

  /** What kubectl says in this namespace, be it that it fails. */
  String attempt(String... arguments) {
    return kubectl.attempt(here(arguments));
  }

  /**
   * Creates or changes objects.
   *
   * @param manifests in YAML or JSON
   * @throws IllegalStateException when the API server or a webhook refuses one; the message is what
   *     a user is told
   */
  void apply(String manifests) {
    kubectl.runWithInput(manifests, here("apply", "--filename=-"));
  }

  /** What kubectl tells who applies objects, warnings and refusals as well. */
  String toldOf(String manifests) {
    return kubectl.attemptWithInput(manifests, here("apply", "--filename=-"));
  }

  /**
   * An object as it is now.
   *
   * @param kind such as {@code pod}
   * @throws IllegalStateException when there is none of this name
   */
  JsonNode get(String kind, String object) {
    return read(kubectl("get", kind, object, "--output=json"));
  }

  private static JsonNode read(String json) {
    try {
      return MAPPER.readTree(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * The only pod that has the labels, as it is now.
   *
   * @param labels such as {@code app=cart}
   */
  JsonNode pod(String labels) {
    List<JsonNode> pods = list("pods", labels);
    if (pods.size() != 1) {
      throw new IllegalStateException(
          "%d pods instead of one with %s: %s".formatted(pods.size(), labels, pods));
    }
    return pods.getFirst();
  }

  /**
   * Objects that have the labels, as they are now.
   *
   * @param kind such as {@code pods}
   * @param labels such as {@code app=cart}
   */
  List<JsonNode> list(String kind, String labels) {
    List<JsonNode> objects = new ArrayList<>();
    read(kubectl("get", kind, "--selector=" + labels, "--output=json"))
        .path("items")
        .forEach(objects::add);
    return objects;
  }

  /**
   * Waits until an object is as it is wanted. It need not be there yet.
   *
   * @param kind such as {@code pod}
   * @param wanted asked with each state that the object has; what it throws ends the waiting
   * @return the object as it was then
   * @throws IllegalStateException when that does not come in time; the message has the last state
   */
  JsonNode await(String kind, String object, Predicate<JsonNode> wanted, Duration deadline) {
    AtomicReference<JsonNode> last = new AtomicReference<>(MAPPER.nullNode());
    Process watch =
        kubectl.start(
            here("get", kind, "--field-selector=metadata.name=" + object, "--watch", "-o=json"));
    try {
      CompletableFuture<JsonNode> found = new CompletableFuture<>();
      Thread.ofVirtual().start(() -> read(watch, last, wanted, found));
      return found.get(deadline.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException(
          "%s %s is not as wanted within %s; it is %s"
              .formatted(kind, object, deadline, last.get().toPrettyString()),
          e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(
          "%s %s: %s; it was %s"
              .formatted(kind, object, e.getCause().getMessage(), last.get().toPrettyString()),
          e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while waiting for " + kind + " " + object, e);
    } finally {
      watch.destroy();
    }
  }

  private static void read(
      Process watch,
      AtomicReference<JsonNode> last,
      Predicate<JsonNode> wanted,
      CompletableFuture<JsonNode> found) {
    try (MappingIterator<JsonNode> states =
        MAPPER.readerFor(JsonNode.class).readValues(watch.getInputStream())) {
      while (states.hasNextValue()) {
        JsonNode state = states.nextValue();
        last.set(state);
        if (wanted.test(state)) {
          found.complete(state);
          return;
        }
      }
      String errors = new String(watch.getErrorStream().readAllBytes(), UTF_8);
      throw new IllegalStateException("the watch ended: " + errors);
    } catch (IOException | RuntimeException e) {
      found.completeExceptionally(e);
    }
  }

  /** Waits until a pod is ready. */
  JsonNode awaitReady(String pod, Duration deadline) {
    return await("pod", pod, state -> isTrue(state, "Ready"), deadline);
  }

  /** Waits until a workload has all of its pods, of its present generation, available. */
  void awaitRollout(String workload, Duration deadline) {
    kubectl("rollout", "status", workload, "--timeout=" + deadline.toSeconds() + "s");
  }

  /** Whether an object has the condition. */
  static boolean isTrue(JsonNode object, String condition) {
    for (JsonNode each : object.at("/status/conditions")) {
      if (each.path("type").asText().equals(condition)) {
        return each.path("status").asText().equals("True");
      }
    }
    return false;
  }

  /** What a container wrote so far. */
  String log(String pod, String container) {
    return kubectl("logs", pod, "--container=" + container);
  }

  /**
   * Reads what a container writes, from its beginning on, until the namespace is removed.
   *
   * @param of a pod, or a workload such as {@code deployment/app} with a single one
   */
  void follow(String of, String container, Consumer<String> line) {
    Process logs =
        kubectl.start(here("logs", of, "--container=" + container, "--follow", "--tail=-1"));
    followed.add(logs);
    Thread.ofVirtual()
        .start(() -> {
          try (BufferedReader lines = logs.inputReader(UTF_8)) {
            lines.lines().forEach(line);
          } catch (IOException | UncheckedIOException e) {
            // It was removed.
          } catch (RuntimeException e) {
            System.out.printf("no more is read of what %s in %s writes: %s%n", of, name, e);
          }
        });
  }

  /** What there is to know when a test fails: events, pods, and what their containers wrote. */
  String describe() {
    List<String> parts = new ArrayList<>();
    parts.add(section("events", "--sort-by=.lastTimestamp", "get", "events"));
    parts.add(section("objects", "get", "all", "--output=wide"));
    String pods = kubectl.attempt(here("get", "pods", "--output=json"));
    try {
      for (JsonNode pod : MAPPER.readTree(pods).path("items")) {
        parts.add(describe(pod));
      }
    } catch (IOException e) {
      parts.add(pods);
    }
    return String.join("\n", parts);
  }

  private String describe(JsonNode pod) {
    String of = pod.at("/metadata/name").asText();
    StringBuilder text =
        new StringBuilder(
            "--- status of pod %s\n%s\n".formatted(of, pod.get("status").toPrettyString()));
    for (String list : List.of("initContainers", "containers", "ephemeralContainers")) {
      for (JsonNode container : pod.path("spec").path(list)) {
        String its = "--container=" + container.path("name").asText();
        text.append(section("log of pod " + of + " " + its, "logs", of, its, "--tail=200"));
        if (hasRestarted(pod, container.path("name").asText())) {
          text.append(section("the same before it restarted", "logs", of, its, "--previous"));
        }
      }
    }
    return text.toString();
  }

  private static boolean hasRestarted(JsonNode pod, String container) {
    return pod.path("status").findParents("restartCount").stream()
        .anyMatch(status ->
            status.path("name").asText().equals(container)
                && status.path("restartCount").asInt() > 0);
  }

  private String section(String title, String... arguments) {
    return "--- %s of namespace %s\n%s".formatted(title, name, kubectl.attempt(here(arguments)));
  }

  /** Removes it, with all that is in it; does not wait for that. */
  void delete() {
    followed.forEach(Process::destroy);
    kubectl.run("delete", "namespace", name, "--wait=false");
  }

  private String[] here(String... arguments) {
    List<String> words = new ArrayList<>(List.of("--namespace=" + name));
    words.addAll(List.of(arguments));
    return words.toArray(String[]::new);
  }
}
