package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.resource.Resources.ControlledBy;
import io.otelgraft.core.resource.Resources.Controller;
import io.otelgraft.core.resource.Resources.Owned;
import io.otelgraft.core.resource.Resources.Uncontrolled;
import io.otelgraft.core.resource.Resources.Untold;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;

/**
 * Asks a cluster who controls ReplicaSets and Jobs. Only metadata is read, of one object by its
 * name, and only what controls it is kept, for the thousand that were asked for last: a controller
 * never gives away what it made. A question waits for a quarter of a second at most, and those who
 * ask the same meanwhile share the answer; there are never more than eight on their way to the API
 * server.
 *
 * <p>Thread-safe.
 */
final class OwnerLook implements AutoCloseable {

  private static final Duration DEADLINE = Duration.ofMillis(250);
  private static final int MOST_REMEMBERED = 1_000;
  private static final int MOST_AT_A_TIME = 8;

  /** What is left alone by its controller may be adopted by another. */
  private static final Duration UNCONTROLLED = Duration.ofMinutes(1);

  private static final Duration UNTOLD = Duration.ofSeconds(1);

  /** Rights come when somebody gives them. */
  private static final Duration FORBIDDEN = Duration.ofMinutes(1);

  /** Reads the metadata of an object; empty if there is none of that name. */
  @FunctionalInterface
  interface Reader {
    Optional<ObjectNode> metadata(ApiResource resource, String namespace, String name);
  }

  private final Reader reader;
  private final LongSupplier nanoTime;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final Semaphore slots = new Semaphore(MOST_AT_A_TIME);

  /** By UID, what was asked for longest ago first. */
  private final Map<String, CompletableFuture<Answer>> asked =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, CompletableFuture<Answer>> eldest) {
          return size() > MOST_REMEMBERED;
        }
      };

  /**
   * Until when rights are taken for missing, and what was said of them; null if they are not known
   * to be.
   */
  private volatile Answer forbidden;

  /** What came of a question, and until when it counts ({@link System#nanoTime()}). */
  private record Answer(Controller controller, boolean forever, long until) {
    boolean counts(long now) {
      return forever || now - until < 0;
    }
  }

  OwnerLook(Reader reader, LongSupplier nanoTime) {
    this.reader = reader;
    this.nanoTime = nanoTime;
  }

  static OwnerLook at(ApiServer server) {
    return new OwnerLook(server::getMetadata, System::nanoTime);
  }

  /** Who controls a ReplicaSet or Job. */
  Controller controllerOf(Owned object) {
    Optional<ApiResource> resource = resource(object);
    if (resource.isEmpty()) {
      return new Untold("objects of kind " + object.kind() + " are not read");
    }
    try {
      return question(object, resource.get())
          .get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
          .controller();
    } catch (TimeoutException e) {
      return new Untold("the API server did not answer within " + DEADLINE.toMillis() + " ms");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Untold("the thread that asked was interrupted");
    } catch (ExecutionException e) {
      return new Untold("the question failed: " + e.getCause());
    }
  }

  private static Optional<ApiResource> resource(Owned object) {
    for (ApiResource known : new ApiResource[] {ApiResource.REPLICA_SETS, ApiResource.JOBS}) {
      if (known.kind().equals(object.kind()) && known.group().equals(object.group())) {
        return Optional.of(known);
      }
    }
    return Optional.empty();
  }

  private CompletableFuture<Answer> question(Owned object, ApiResource resource) {
    long now = nanoTime.getAsLong();
    synchronized (asked) {
      CompletableFuture<Answer> before = asked.get(object.uid());
      if (before != null && isStillGood(before, now)) {
        return before;
      }
      Answer refused = forbidden;
      if (refused != null && refused.counts(now)) {
        return CompletableFuture.completedFuture(refused);
      }
      CompletableFuture<Answer> question =
          CompletableFuture.supplyAsync(() -> ask(object, resource), threads);
      asked.put(object.uid(), question);
      return question;
    }
  }

  private static boolean isStillGood(CompletableFuture<Answer> question, long now) {
    return switch (question.state()) {
      case RUNNING -> true;
      case SUCCESS -> question.resultNow().counts(now);
      case FAILED, CANCELLED -> false;
    };
  }

  private Answer ask(Owned object, ApiResource resource) {
    try {
      if (!slots.tryAcquire(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)) {
        return untold("too many questions wait for the API server's answer");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return untold("Graft stops");
    }
    try {
      return reader
          .metadata(resource, object.namespace(), object.name())
          .map(found -> controller(found, object))
          .orElseGet(() -> untold("it is not there"));
    } catch (RequestFailure e) {
      Answer answer = untold(e.getMessage());
      if (e.isForbidden()) {
        answer = new Answer(answer.controller(), false, in(FORBIDDEN));
        forbidden = answer;
      }
      return answer;
    } finally {
      slots.release();
    }
  }

  private Answer controller(ObjectNode found, Owned object) {
    JsonNode metadata = found.path("metadata");
    if (!metadata.path("uid").asText().equals(object.uid())) {
      return untold("it is not there any more, and another has its name");
    }
    for (JsonNode reference : metadata.path("ownerReferences")) {
      if (reference.path("controller").asBoolean()) {
        String apiVersion = reference.path("apiVersion").asText();
        return new Answer(
            new ControlledBy(
                apiVersion.substring(0, Math.max(apiVersion.indexOf('/'), 0)),
                reference.path("kind").asText(),
                reference.path("name").asText(),
                reference.path("uid").asText()),
            true,
            0);
      }
    }
    return new Answer(new Uncontrolled(), false, in(UNCONTROLLED));
  }

  private Answer untold(String why) {
    return new Answer(new Untold(why), false, in(UNTOLD));
  }

  private long in(Duration time) {
    return nanoTime.getAsLong() + time.toNanos();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
