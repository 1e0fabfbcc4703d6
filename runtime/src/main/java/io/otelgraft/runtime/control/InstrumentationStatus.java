package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.document.Json;
import io.otelgraft.core.injection.LanguageConfiguration;
import io.otelgraft.core.injection.Reasons;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.LanguageSection;
import io.otelgraft.core.resource.LanguageSection.AgentImage;
import io.otelgraft.core.resource.OperatorDefault;
import io.otelgraft.core.resource.Problem;
import io.otelgraft.core.resource.Resources.Absent;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Invalid;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.runtime.control.Census.Standing;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * That the status of each Instrumentation says how it is: whether its newest generation is valid
 * and in force, which images and defaults its languages come to, and how many pods have it. The
 * pods are counted once a minute.
 *
 * @see <a
 *     href="https://github.com/kubernetes/community/blob/master/contributors/devel/sig-architecture/api-conventions.md#typical-status-properties">Typical
 *     status properties</a>
 */
final class InstrumentationStatus implements Duty {

  private static final Duration COUNTED_EVERY = Duration.ofMinutes(1);
  private static final int LONGEST_MESSAGE = 4_096;
  private static final String BLOCKED = "upgradeBlockedVersions";

  private final ApiServer server;
  private final ClusterResources resources;
  private final Supplier<Catalogue> catalogue;
  private final Supplier<Settings> settings;
  private final Optional<Events> events;
  private final InstantSource clock;
  private Census census;
  private Instant counted = Instant.MIN;

  InstrumentationStatus(
      ApiServer server,
      ClusterResources resources,
      Supplier<Catalogue> catalogue,
      Supplier<Settings> settings,
      Optional<Events> events,
      InstantSource clock) {
    this.server = server;
    this.resources = resources;
    this.catalogue = catalogue;
    this.settings = settings;
    this.events = events;
    this.clock = clock;
  }

  @Override
  public String name() {
    return "status of Instrumentations";
  }

  @Override
  public void fulfil(boolean leads) {
    if (!leads) {
      counted = Instant.MIN;
      return;
    }
    Catalogue languages = catalogue.get();
    Map<String, Lookup> all = resources.all(languages);
    Map<String, ObjectNode> documents = resources.documents(languages);
    if (!counted.plus(COUNTED_EVERY).isAfter(clock.instant())) {
      census = counted(documents, languages);
      counted = clock.instant();
    }
    documents.forEach((reference, document) -> {
      Lookup lookup = all.get(reference);
      if (lookup != null) {
        write(reference, document, lookup, languages);
      }
    });
  }

  private Census counted(Map<String, ObjectNode> documents, Catalogue languages) {
    Map<String, List<String>> byNamespace =
        documents.keySet().stream()
            .collect(
                Collectors.groupingBy(
                    reference -> reference.substring(0, reference.indexOf('/')),
                    Collectors.mapping(
                        reference -> reference.substring(reference.indexOf('/') + 1),
                        Collectors.toList())));
    Map<String, Long> generations = new HashMap<>();
    documents.forEach((reference, document) ->
        generations.put(reference, document.path("metadata").path("generation").asLong()));
    Census taken =
        new Census(
            reference -> Optional.ofNullable(generations.get(reference)),
            namespace -> byNamespace.getOrDefault(namespace, List.of()),
            resources.at(languages)::namespace);
    server.eachMetadata(ApiResource.PODS, "", taken::count);
    return taken;
  }

  private void write(String reference, ObjectNode document, Lookup lookup, Catalogue languages) {
    JsonNode before = document.path("status");
    // Read back, so that the same number is the same node as in what the API server sent.
    ObjectNode status = Json.read(Json.write(status(reference, document, lookup, languages)));
    // What others wrote there is theirs.
    boolean differs =
        status.properties().stream()
            .anyMatch(field -> !field.getValue().equals(before.path(field.getKey())));
    if (!differs) {
      return;
    }
    ObjectNode applied = JsonNodeFactory.instance.objectNode();
    applied.put("apiVersion", ClusterResources.INSTRUMENTATIONS.apiVersion());
    applied.put("kind", ClusterResources.INSTRUMENTATIONS.kind());
    applied
        .putObject("metadata")
        .put("namespace", document.path("metadata").path("namespace").asText())
        .put("name", document.path("metadata").path("name").asText());
    applied.set("status", status);
    try {
      server.applyStatus(ClusterResources.INSTRUMENTATIONS, applied);
      tellOfBlocked(document, before, status);
    } catch (RequestFailure e) {
      // It was deleted meanwhile, or is being created anew.
      if (!e.isNotFound() && !e.isConflict()) {
        throw e;
      }
    }
  }

  /** Once, as the status says the same from then on. */
  private void tellOfBlocked(ObjectNode document, JsonNode before, JsonNode after) {
    events.ifPresent(told ->
        newlyBlocked(before, after)
            .forEach((language, why) ->
                told.warn(
                    document,
                    Reasons.UPGRADE_BLOCKED,
                    "Upgrade-" + language,
                    why,
                    clock.instant())));
  }

  /** The languages whose agent stays, and why, of which an earlier status does not say so. */
  static Map<String, String> newlyBlocked(JsonNode before, JsonNode after) {
    Map<String, String> blocked = new TreeMap<>();
    for (Map.Entry<String, JsonNode> language : after.path(BLOCKED).properties()) {
      if (!language.getValue().equals(before.path(BLOCKED).path(language.getKey()))) {
        blocked.put(language.getKey(), language.getValue().asText());
      }
    }
    return blocked;
  }

  private ObjectNode status(
      String reference, ObjectNode document, Lookup lookup, Catalogue languages) {
    long generation = document.path("metadata").path("generation").asLong();
    ObjectNode status = JsonNodeFactory.instance.objectNode();
    status.put("observedGeneration", generation);
    ArrayNode conditions = status.putArray("conditions");
    conditions.add(condition("Accepted", accepted(lookup), generation, document.path("status")));
    conditions.add(condition("Ready", ready(lookup), generation, document.path("status")));
    ObjectNode described = status.putObject("languages");
    if (lookup instanceof Accepted accepted) {
      described.setAll(described(accepted.instrumentation(), languages, settings.get()));
      ObjectNode blocked = blocked(accepted.instrumentation());
      if (!blocked.isEmpty()) {
        status.set(BLOCKED, blocked);
      }
    }
    ObjectNode pods = status.putObject("pods");
    ObjectNode workloads = status.putObject("workloads");
    for (Standing standing : Standing.values()) {
      pods.put(standing.field(), census.pods(reference, standing));
      workloads.put(standing.field(), census.workloads(reference, standing));
    }
    return status;
  }

  /** What each language comes to that pods can have; of one without an agent, where it reports. */
  static ObjectNode described(
      Instrumentation instrumentation, Catalogue languages, Settings settings) {
    ObjectNode described = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(instrumentation.sections())
        .forEach((id, section) ->
            languages
                .language(id)
                .filter(plugin -> section.agentImage().isPresent() || !plugin.language().hasAgent())
                .ifPresent(plugin ->
                    describe(
                        section,
                        LanguageConfiguration.of(plugin, instrumentation, settings),
                        described.putObject(id))));
    return described;
  }

  private static void describe(
      LanguageSection section, LanguageConfiguration configuration, ObjectNode described) {
    section
        .agentImage()
        .ifPresent(image -> {
          described.put("image", image.name());
          if (!section.resources().isEmpty()) {
            described.set("resources", section.resources());
          }
        });
    configuration.delivery().ifPresent(way -> described.put("delivery", way.value()));
    configuration.endpoint().ifPresent(endpoint -> described.put("endpoint", endpoint));
    configuration.protocol().ifPresent(protocol -> described.put("protocol", protocol));
    if (!configuration.env().isEmpty()) {
      ArrayNode env = described.putArray("env");
      configuration.env().forEach(variable -> env.add(variable.entry()));
    }
  }

  /** Why agents stay at what the OpenTelemetry Operator wrote as its default, by language. */
  static ObjectNode blocked(Instrumentation instrumentation) {
    ObjectNode blocked = JsonNodeFactory.instance.objectNode();
    new TreeMap<>(instrumentation.sections())
        .forEach((language, section) ->
            section
                .agentImage()
                .flatMap(AgentImage::operatorDefault)
                .filter(OperatorDefault::stays)
                .ifPresent(
                    written -> blocked.put(language, written.message() + "; " + written.fix())));
    return blocked;
  }

  private record Said(boolean holds, String reason, String message) {}

  private static Said accepted(Lookup lookup) {
    return switch (lookup) {
      case Accepted(_, List<Problem> ofNewer) when ofNewer.isEmpty() -> new Said(true, "Valid", "");
      case Accepted(_, List<Problem> ofNewer) ->
          new Said(
              false,
              "Invalid",
              "the last generation that was valid stays in force: " + joined(ofNewer));
      case Invalid(List<Problem> problems) -> new Said(false, "Invalid", joined(problems));
      case Absent _ -> new Said(false, "Absent", "");
    };
  }

  private static Said ready(Lookup lookup) {
    return switch (lookup) {
      case Accepted(Instrumentation instrumentation, _) ->
          new Said(
              true, "InForce", "pods are injected by generation " + instrumentation.generation());
      case Invalid _, Absent _ -> new Said(false, "NotInForce", "no generation of it was valid");
    };
  }

  private static String joined(List<Problem> problems) {
    String text = problems.stream().map(Problem::toString).collect(Collectors.joining("; "));
    return text.length() <= LONGEST_MESSAGE ? text : text.substring(0, LONGEST_MESSAGE) + "...";
  }

  private ObjectNode condition(String type, Said said, long generation, JsonNode statusBefore) {
    String holds = said.holds ? "True" : "False";
    Instant since = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    String sinceText = since.toString();
    for (JsonNode before : statusBefore.path("conditions")) {
      if (before.path("type").asText().equals(type)
          && before.path("status").asText().equals(holds)) {
        sinceText = before.path("lastTransitionTime").asText(sinceText);
      }
    }
    // In the order in which the API server gives the fields back, so that the same is the same.
    return JsonNodeFactory.instance
        .objectNode()
        .put("lastTransitionTime", sinceText)
        .put("message", said.message)
        .put("observedGeneration", generation)
        .put("reason", said.reason)
        .put("status", holds)
        .put("type", type);
  }
}
