package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.DEBUG;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.admission.Answer;
import io.otelgraft.core.admission.Decision;
import io.otelgraft.core.injection.Finding;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.runtime.server.AnswerListener;
import io.otelgraft.runtime.server.Answered;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Tells by events what was decided about pods: injected, rejected, or left without all or some of
 * what they ask for; and what else people have to know of a resource. An event about a pod is about
 * what controls the pod, as the pod itself has no name yet, and may never have one; people see it
 * with {@code kubectl describe} of the ReplicaSet or Job.
 *
 * <p>The same about the same is told once in five minutes. Written on a thread of its own, from a
 * queue that drops what does not fit: an event is never worth an admission. Nothing is told of a
 * dry run.
 *
 * @see <a
 *     href="https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/event-v1/">Event</a>
 */
final class Events implements AnswerListener, AutoCloseable {

  private static final System.Logger LOG = System.getLogger(Events.class.getName());
  private static final Duration ONCE_IN = Duration.ofMinutes(5);
  private static final int LONGEST_NOTE = 1_024;
  private static final int MOST_WAITING = 1_000;
  private static final int MOST_REMEMBERED = 10_000;

  /** Why a pod that asks for languages is not even looked at. */
  private static final Set<String> LEFT_ALONE =
      Set.of(Reasons.NAMESPACE_EXCLUDED, Reasons.SYSTEM_POD);

  /** The API server reads a {@code MicroTime} with six digits after the second only. */
  private static final DateTimeFormatter MICRO_TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSSSSSX", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final ApiServer server;
  private final String instance;
  private final BlockingQueue<ObjectNode> waiting = new ArrayBlockingQueue<>(MOST_WAITING);
  private final Map<String, Instant> told = new LinkedHashMap<>();
  private final Thread writer = Thread.ofVirtual().name("events").unstarted(this::write);

  private Events(ApiServer server, String instance) {
    this.server = server;
    this.instance = instance;
  }

  /**
   * Tells from now on.
   *
   * @param instance this replica
   */
  static Events to(ApiServer server, String instance) {
    Events events = new Events(server, instance);
    events.writer.start();
    return events;
  }

  @Override
  public void answered(Answered answered) {
    Answer answer = answered.answer();
    if (!answer.dryRun() && answer.decision().isPresent() && answer.before().isPresent()) {
      tell(answer.decision().get(), answer.before().get(), answer, answered.at());
    }
  }

  private void tell(Decision decision, ObjectNode pod, Answer answer, Instant at) {
    String namespace = answer.subject().map(subject -> subject.namespace()).orElse("");
    Optional<JsonNode> owner = owner(pod);
    if (owner.isEmpty() || namespace.isEmpty()) {
      return;
    }
    for (Told what : what(decision)) {
      // The ReplicaSets of one Deployment have different owners: each is told of.
      String about = namespace + "/" + owner.get().path("uid").asText() + what;
      if (isNew(about, at)) {
        waiting.offer(
            event(what, "Inject", instance, regarding(owner.get(), owner.get(), namespace), at));
      }
    }
  }

  /**
   * Tells of something about an object itself.
   *
   * @param object as the API server has it
   * @param reason a code in CamelCase
   * @param action what was to be done, in CamelCase
   * @param note what people read
   */
  void warn(ObjectNode object, String reason, String action, String note, Instant at) {
    ObjectNode regarding = regarding(object);
    Told what = new Told("Warning", reason, note);
    if (isNew(regarding.path("uid").asText() + action + what, at)) {
      waiting.offer(event(what, action, instance, regarding, at));
    }
  }

  /**
   * What an event says.
   *
   * @param type {@code Normal} or {@code Warning}
   * @param reason a code in CamelCase
   * @param note what people read
   */
  record Told(String type, String reason, String note) {

    static Told leftOut(String note) {
      return new Told("Warning", "NotInjected", note);
    }
  }

  /** What became of the pod, and of each language that it goes without. */
  private static List<Told> what(Decision decision) {
    return switch (decision.outcome()) {
      case INJECTED -> {
        List<Told> told = new ArrayList<>();
        told.add(new Told("Normal", "Injected", decision.message()));
        told.addAll(leftOut(decision));
        yield told;
      }
      case REJECTED -> List.of(new Told("Warning", "Rejected", decision.message()));
      case OBSERVED -> List.of(new Told("Normal", "Observed", decision.message()));
      case UNCHANGED ->
          LEFT_ALONE.contains(decision.reason())
              ? List.of(Told.leftOut(decision.message()))
              : leftOut(decision);
    };
  }

  /** The first warning about each language that is not in, or not in one of its containers. */
  private static List<Told> leftOut(Decision decision) {
    Map<String, Told> byLanguage = new LinkedHashMap<>();
    for (Finding finding : decision.findings()) {
      if (finding.severity() == Finding.Severity.WARNING && !isIn(finding, decision)) {
        byLanguage.putIfAbsent(finding.language(), Told.leftOut(finding.text()));
      }
    }
    return List.copyOf(byLanguage.values());
  }

  /** Whether what a finding is about was injected all the same. */
  private static boolean isIn(Finding finding, Decision decision) {
    boolean isOfPod = finding.language().isEmpty();
    return decision.injected().stream()
        .anyMatch(one ->
            isOfPod
                || (one.language().equals(finding.language())
                    && (finding.container().isEmpty()
                        || one.containers().contains(finding.container()))));
  }

  private static Optional<JsonNode> owner(ObjectNode pod) {
    for (JsonNode reference : pod.path("metadata").path("ownerReferences")) {
      if (reference.path("controller").asBoolean()) {
        return Optional.of(reference);
      }
    }
    return Optional.empty();
  }

  private synchronized boolean isNew(String about, Instant at) {
    Instant before = told.get(about);
    if (before != null && before.plus(ONCE_IN).isAfter(at)) {
      return false;
    }
    told.remove(about);
    if (told.size() >= MOST_REMEMBERED) {
      told.remove(told.keySet().iterator().next());
    }
    told.put(about, at);
    return true;
  }

  /** The reference to an object that is at hand. */
  static ObjectNode regarding(ObjectNode object) {
    JsonNode metadata = object.path("metadata");
    return regarding(object, metadata, metadata.path("namespace").asText());
  }

  private static ObjectNode regarding(JsonNode type, JsonNode which, String namespace) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("apiVersion", type.path("apiVersion").asText())
        .put("kind", type.path("kind").asText())
        .put("name", which.path("name").asText())
        .put("uid", which.path("uid").asText())
        .put("namespace", namespace);
  }

  /** The event as it is written. */
  static ObjectNode event(
      Told what, String action, String instance, ObjectNode regarding, Instant at) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("apiVersion", ApiResource.EVENTS.apiVersion());
    event.put("kind", ApiResource.EVENTS.kind());
    String unique = HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong());
    event
        .putObject("metadata")
        .put("namespace", regarding.path("namespace").asText())
        .put("name", shortened(regarding.path("name").asText(), 200) + "." + unique);
    event.put("type", what.type).put("reason", what.reason).put("action", action);
    event.put("note", shortened(what.note, LONGEST_NOTE));
    event.put("eventTime", MICRO_TIME.format(at));
    event.put("reportingController", "otelgraft.io/webhook");
    event.put("reportingInstance", instance);
    event.set("regarding", regarding);
    return event;
  }

  private static String shortened(String text, int longest) {
    return text.length() <= longest ? text : text.substring(0, longest - 3) + "...";
  }

  private void write() {
    try {
      while (true) {
        ObjectNode event = waiting.take();
        try {
          server.create(ApiResource.EVENTS, event);
        } catch (RequestFailure e) {
          // A namespace that ends takes no events; and what cannot be told is in the log.
          LOG.log(DEBUG, "an event could not be written: " + e.getMessage());
        }
      }
    } catch (InterruptedException e) {
      // Closed.
    }
  }

  @Override
  public void close() {
    writer.interrupt();
  }
}
