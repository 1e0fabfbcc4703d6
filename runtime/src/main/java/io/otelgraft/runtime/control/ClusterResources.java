package io.otelgraft.runtime.control;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.Informer;
import io.otelgraft.cluster.Informer.Known;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationReader;
import io.otelgraft.core.resource.LastAccepted;
import io.otelgraft.core.resource.LimitRanges;
import io.otelgraft.core.resource.NamespaceFacts;
import io.otelgraft.core.resource.ResourceSource;
import io.otelgraft.core.resource.Resources;
import io.otelgraft.core.resource.Resources.Accepted;
import io.otelgraft.core.resource.Resources.Lookup;
import io.otelgraft.core.resource.Settings;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

/**
 * The Instrumentations, Namespaces and LimitRanges of a cluster, in memory as its API server tells.
 *
 * <ul>
 *   <li>An {@code Instrumentation} that is changed to something that is not valid stays in force as
 *       it was last accepted.
 *   <li>One that is not known is looked for in the cluster before anybody is rejected for it, once
 *       and for half a second at most, and once whether pods bear its mark, for as long again: it
 *       may have been created just now, or what is known may be stale. Without an answer its
 *       absence counts as not confirmed.
 *   <li>A language that no plugin here provides may be one of another replica, while its plugin is
 *       rolled out: the definition in the cluster is looked at, once and for half a second at most.
 *   <li>One that was deleted while it was known counts as deleted while in use for ten minutes, in
 *       which its workloads may start pods, and for as long as pods of its namespace bear its mark.
 *   <li>Who controls a ReplicaSet or Job is asked for, a quarter of a second at most, and kept: see
 *       {@link OwnerLook}.
 * </ul>
 *
 * <p>Thread-safe.
 */
public final class ClusterResources implements ResourceSource, AutoCloseable {

  /** Instrumentations as the API serves them. */
  public static final ApiResource INSTRUMENTATIONS =
      ApiResource.namespaced(
          Instrumentation.GROUP,
          Instrumentation.VERSION,
          Instrumentation.RESOURCE,
          Instrumentation.KIND);

  private static final Duration MOURNING = Duration.ofMinutes(10);

  private final Settings settings;
  private final LiveLook live;
  private final Optional<OwnerLook> owners;
  private final Informer instrumentations;
  private final Informer namespaces;
  private final Informer limitRanges;
  private final AtomicLong changes = new AtomicLong();

  /** What was read of each object, by {@code namespace/name}; kept while the object stays. */
  private Map<String, Read> read = Map.of();

  private Map<String, KnownNamespace> readNamespaces = Map.of();
  private Map<String, KnownLimits> readLimits = Map.of();
  private final Map<String, Instant> deleted = new HashMap<>();

  private volatile State state = new State(-1, new WeakReference<>(null), Map.of(), Map.of());

  /** What came of an object for the languages of a catalogue. */
  private record Read(
      Known known, WeakReference<Catalogue> catalogue, Lookup lookup, ObjectNode document) {}

  private record KnownNamespace(Known known, NamespaceFacts facts) {}

  private record KnownLimits(Known known, String namespace, List<JsonNode> items) {}

  /** All that is known, as it was after a number of changes. */
  private record State(
      long changes,
      WeakReference<Catalogue> catalogue,
      Map<String, Map<String, Lookup>> instrumentations,
      Map<String, NamespaceFacts> namespaces) {

    boolean isOf(long now, Catalogue languages) {
      return changes == now && catalogue.refersTo(languages);
    }
  }

  private ClusterResources(ApiServer server, Settings settings, Optional<OwnerLook> owners) {
    this.settings = settings;
    this.owners = owners;
    this.live = new LiveLook(server);
    this.instrumentations = server.follow(INSTRUMENTATIONS, changes::incrementAndGet);
    this.namespaces = server.follow(ApiResource.NAMESPACES, changes::incrementAndGet);
    this.limitRanges = server.follow(ApiResource.LIMIT_RANGES, changes::incrementAndGet);
  }

  /** Begins to follow the resources of a cluster, which is not asked what controls an object. */
  public static ClusterResources follow(ApiServer server, Settings settings) {
    return follow(server, settings, Optional.empty());
  }

  /**
   * Begins to follow the resources of a cluster.
   *
   * @param owners who is asked what controls an object; closed with this
   */
  static ClusterResources follow(ApiServer server, Settings settings, Optional<OwnerLook> owners) {
    return new ClusterResources(server, settings, owners);
  }

  /** What is followed. */
  public List<Informer> informers() {
    return List.of(instrumentations, namespaces, limitRanges);
  }

  /**
   * Has the Instrumentations read anew in a moment, after their definition has changed: what came
   * before the API server took notice lacks the sections that are new, and is not told again.
   */
  void readInstrumentationsAnew() {
    instrumentations.readAnew();
  }

  @Override
  public Resources at(Catalogue catalogue) {
    return new View(state(catalogue), catalogue);
  }

  /** All Instrumentations by {@code namespace/name}, sorted; those that are not valid too. */
  public Map<String, Lookup> all(Catalogue catalogue) {
    Map<String, Lookup> all = new TreeMap<>();
    state(catalogue)
        .instrumentations
        .forEach((namespace, byName) ->
            byName.forEach((name, lookup) -> all.put(namespace + "/" + name, lookup)));
    return all;
  }

  /** The newest document of each Instrumentation, by {@code namespace/name}, sorted. */
  synchronized Map<String, ObjectNode> documents(Catalogue catalogue) {
    state(catalogue);
    Map<String, ObjectNode> documents = new TreeMap<>();
    read.forEach((reference, one) -> documents.put(reference, one.document));
    return documents;
  }

  private State state(Catalogue catalogue) {
    State known = state;
    return known.isOf(changes.get(), catalogue) ? known : renewed(catalogue);
  }

  private synchronized State renewed(Catalogue catalogue) {
    // Before the objects are read: what changes meanwhile is read once more.
    long now = changes.get();
    if (!state.isOf(now, catalogue)) {
      Map<String, Map<String, Lookup>> byNamespace = readInstrumentations(catalogue);
      state = new State(now, new WeakReference<>(catalogue), byNamespace, readNamespaces());
    }
    return state;
  }

  private Map<String, Map<String, Lookup>> readInstrumentations(Catalogue catalogue) {
    InstrumentationReader reader = InstrumentationReader.of(catalogue, settings);
    Map<String, Read> next = new HashMap<>();
    Map<String, Map<String, Lookup>> byNamespace = new HashMap<>();
    instrumentations.each(known -> {
      String reference = known.namespace() + "/" + known.name();
      Read before = read.get(reference);
      Read now =
          before != null && before.known.isStill(known) && before.catalogue.refersTo(catalogue)
              ? before
              : read(known, Optional.ofNullable(before), reader, catalogue);
      next.put(reference, now);
      byNamespace
          .computeIfAbsent(known.namespace(), _ -> new LinkedHashMap<>())
          .put(known.name(), now.lookup);
    });
    Instant now = Instant.now();
    read.forEach((reference, _) -> {
      if (!next.containsKey(reference)) {
        deleted.put(reference, now);
      }
    });
    deleted.keySet().removeAll(next.keySet());
    deleted.values().removeIf(since -> since.plus(MOURNING).isBefore(now));
    read = next;
    return byNamespace;
  }

  private static Read read(
      Known known, Optional<Read> before, InstrumentationReader reader, Catalogue catalogue) {
    ObjectNode document = known.tree();
    Lookup lookup = inForce(document, before.flatMap(one -> LastAccepted.of(one.lookup)), reader);
    return new Read(known, new WeakReference<>(catalogue), lookup, document);
  }

  private static Lookup inForce(
      ObjectNode document, Optional<LastAccepted> lastAccepted, InstrumentationReader reader) {
    return LastAccepted.inForce(
        document, reader.read(document, "default"), lastAccepted, reader, "default");
  }

  private Map<String, NamespaceFacts> readNamespaces() {
    Map<String, KnownNamespace> next = new HashMap<>();
    namespaces.each(known -> {
      KnownNamespace before = readNamespaces.get(known.name());
      next.put(
          known.name(),
          before != null && before.known.isStill(known)
              ? before
              : new KnownNamespace(known, facts(known.tree())));
    });
    readNamespaces = next;
    Map<String, KnownLimits> nextLimits = new HashMap<>();
    limitRanges.each(known -> {
      String reference = known.namespace() + "/" + known.name();
      KnownLimits before = readLimits.get(reference);
      nextLimits.put(
          reference,
          before != null && before.known.isStill(known)
              ? before
              : new KnownLimits(known, known.namespace(), limits(known.tree())));
    });
    readLimits = nextLimits;
    Map<String, List<JsonNode>> limitsOf = new HashMap<>();
    nextLimits
        .values()
        .forEach(one ->
            limitsOf.computeIfAbsent(one.namespace, _ -> new ArrayList<>()).addAll(one.items));
    Map<String, NamespaceFacts> facts = new HashMap<>();
    next.forEach((name, one) -> {
      List<JsonNode> limits = limitsOf.get(name);
      facts.put(
          name,
          limits == null
              ? one.facts
              : new NamespaceFacts(
                  name, one.facts.labels(), one.facts.annotations(), new LimitRanges(limits)));
    });
    return facts;
  }

  private static List<JsonNode> limits(ObjectNode limitRange) {
    List<JsonNode> items = new ArrayList<>();
    limitRange.path("spec").path("limits").forEach(items::add);
    return List.copyOf(items);
  }

  private static NamespaceFacts facts(ObjectNode namespace) {
    JsonNode metadata = namespace.path("metadata");
    return new NamespaceFacts(
        metadata.path("name").asText(),
        strings(metadata.path("labels")),
        strings(metadata.path("annotations")));
  }

  static Map<String, String> strings(JsonNode object) {
    Map<String, String> strings = new HashMap<>();
    object
        .properties()
        .forEach(member -> strings.put(member.getKey(), member.getValue().asText("")));
    return Map.copyOf(strings);
  }

  private synchronized boolean wasDeleted(String reference) {
    Instant since = deleted.get(reference);
    return since != null && since.plus(MOURNING).isAfter(Instant.now());
  }

  @Override
  public void close() {
    informers().forEach(Informer::close);
    live.close();
    owners.ifPresent(OwnerLook::close);
  }

  /** What one request sees; of one thread at a time. */
  private final class View implements Resources {
    private final State known;
    private final Catalogue catalogue;
    private final Map<Owned, Controller> controllers = new ConcurrentHashMap<>(1);
    private boolean complete = true;

    View(State known, Catalogue catalogue) {
      this.known = known;
      this.catalogue = catalogue;
    }

    @Override
    public Lookup find(String namespace, String name) {
      Lookup found = known.instrumentations.getOrDefault(namespace, Map.of()).get(name);
      if (found == null) {
        found = inCluster(namespace).map(byName -> byName.get(name)).orElse(null);
      }
      return found == null ? absent(namespace, name) : found;
    }

    private Lookup absent(String namespace, String name) {
      String reference = namespace + "/" + name;
      if (wasDeleted(reference)) {
        return new Absent(Absence.DELETED_WHILE_IN_USE);
      }
      if (!complete) {
        return new Absent(Absence.UNCONFIRMED);
      }
      return new Absent(
          switch (live.isMarkedIn(namespace, reference)) {
            case YES -> Absence.DELETED_WHILE_IN_USE;
            case NO -> Absence.CONFIRMED;
            case UNANSWERED -> Absence.UNCONFIRMED;
          });
    }

    /** What the cluster has at this moment; empty, and noted, if it does not say. */
    private Optional<Map<String, Lookup>> inCluster(String namespace) {
      try {
        InstrumentationReader reader = InstrumentationReader.of(catalogue, settings);
        Map<String, Lookup> byName = new HashMap<>();
        for (ObjectNode document : live.instrumentationsIn(namespace)) {
          byName.put(
              document.path("metadata").path("name").asText(),
              inForce(document, Optional.empty(), reader));
        }
        return Optional.of(byName);
      } catch (RequestFailure e) {
        complete = false;
        return Optional.empty();
      }
    }

    private Stream<Map.Entry<String, Lookup>> all(String namespace) {
      Map<String, Lookup> there = known.instrumentations.getOrDefault(namespace, Map.of());
      return (there.isEmpty() ? inCluster(namespace).orElse(Map.of()) : there).entrySet().stream();
    }

    @Override
    public List<Instrumentation> in(String namespace) {
      return all(namespace)
          .filter(one -> one.getValue() instanceof Accepted)
          .map(one -> ((Accepted) one.getValue()).instrumentation())
          .sorted(Comparator.comparing(Instrumentation::name))
          .toList();
    }

    @Override
    public List<String> names(String namespace) {
      return all(namespace).map(Map.Entry::getKey).sorted().toList();
    }

    @Override
    public Optional<NamespaceFacts> namespace(String name) {
      return Optional.ofNullable(known.namespaces.get(name));
    }

    /** The same to all tries of a decision, and no more time than that of one. */
    @Override
    public Optional<Controller> controllerOf(Owned object) {
      return owners.map(look -> {
        Controller told = controllers.get(object);
        if (told == null) {
          told = look.controllerOf(object);
          controllers.put(object, told);
        }
        return told;
      });
    }

    @Override
    public boolean mayKnow(String language) {
      return live.isDefined(language) != LiveLook.Said.NO;
    }

    @Override
    public boolean complete() {
      return complete;
    }
  }
}
