package io.otelgraft.core.resource;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.document.Document;
import io.otelgraft.core.document.Position;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.InstrumentationReader.Reading;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Resources that stand in files: the {@code Instrumentation}, {@code Namespace} and {@code
 * LimitRange} objects among the documents, those in a {@code List} included. Other kinds are passed
 * over. Unless a file is missing, what is in the files is all there is: nothing is ever stale.
 *
 * <p>Files that change become new resources, which {@link #next} makes of the old ones; what stands
 * in documents that stay is not read again. Immutable but for what was read for the latest
 * catalogues.
 */
public final class FileResources implements ResourceSource {
  private static final int CATALOGUES_AT_A_TIME = 4;
  private static final String LIMIT_RANGE = "LimitRange";

  private final Map<Document, List<Found>> found;
  private final String defaultNamespace;
  private final Settings settings;
  private final Map<String, LastAccepted> lastAccepted;
  private final boolean complete;

  /** For the latest catalogues; requests that have begun go on with an earlier one. */
  private volatile List<Pending> pending = List.of();

  /** An object, the document that it stands in, and where in it; and what was read of it last. */
  private static final class Found {
    private final Document document;
    private final JsonPointer pointer;
    private final ObjectNode object;
    private volatile Known known;

    /** What was read for a catalogue, which is held weakly as by {@link Pending}. */
    private record Known(WeakReference<Catalogue> catalogue, Reading reading) {}

    Found(Document document, JsonPointer pointer, ObjectNode object) {
      this.document = document;
      this.pointer = pointer;
      this.object = object;
    }

    Problem.Place place(JsonPointer within) {
      Position position = document.position(pointer.append(within));
      return new Problem.Place(document.name(), position.line(), position.column());
    }

    /**
     * Reads an Instrumentation for a catalogue, unless that was done last. Where there was a
     * problem it is done again: a plugin that could not be asked then may have an answer now.
     */
    Reading read(Catalogue catalogue, InstrumentationReader reader, String defaultNamespace) {
      Known last = known;
      if (last != null && last.catalogue.refersTo(catalogue)) {
        return last.reading;
      }
      Reading reading = reader.read(object, defaultNamespace);
      known =
          reading.problems().isEmpty() ? new Known(new WeakReference<>(catalogue), reading) : null;
      return reading;
    }
  }

  /** What came of the documents. */
  private record Read(
      Snapshot resources, Map<String, Resources.Lookup> instrumentations, List<Problem> problems) {}

  private FileResources(
      Map<Document, List<Found>> found,
      String defaultNamespace,
      Settings settings,
      Map<String, LastAccepted> lastAccepted,
      boolean complete) {
    this.found = found;
    this.defaultNamespace = defaultNamespace;
    this.settings = settings;
    this.lastAccepted = lastAccepted;
    this.complete = complete;
  }

  /**
   * Picks the resources among documents.
   *
   * @param defaultNamespace where an {@code Instrumentation} stands that names no namespace
   */
  public static FileResources of(
      List<Document> documents, String defaultNamespace, Settings settings) {
    return new FileResources(
        found(documents, Map.of()), defaultNamespace, settings, Map.of(), true);
  }

  /**
   * The resources after the files have changed. One that was valid and is so no longer stays in
   * force as it was, see {@link LastAccepted}; one that is gone is gone.
   *
   * @param documents all that there are now; a document that was there before is known by being the
   *     same object
   * @param complete whether these are all documents: false if a file could not be read, so that
   *     what is not found may be in that
   * @param catalogue by whose languages it is judged what is valid
   */
  public FileResources next(List<Document> documents, boolean complete, Catalogue catalogue) {
    Map<String, LastAccepted> kept = new HashMap<>();
    read(catalogue)
        .instrumentations
        .forEach((reference, lookup) ->
            LastAccepted.of(lookup).ifPresent(last -> kept.put(reference, last)));
    FileResources next =
        new FileResources(found(documents, found), defaultNamespace, settings, kept, complete);
    Map<String, Resources.Lookup> inForce = next.read(catalogue).instrumentations;
    kept.keySet().removeIf(reference -> !isOutdated(inForce.get(reference)));
    return next;
  }

  private static boolean isOutdated(Resources.Lookup lookup) {
    return lookup instanceof Resources.Accepted accepted && !accepted.ofNewer().isEmpty();
  }

  /** What is in documents; those that were there before keep what was read of them. */
  private static Map<Document, List<Found>> found(
      List<Document> documents, Map<Document, List<Found>> before) {
    Map<Document, List<Found>> found = new LinkedHashMap<>();
    for (Document document : documents) {
      found.computeIfAbsent(
          document, added -> before.containsKey(added) ? before.get(added) : in(added));
    }
    return Collections.unmodifiableMap(found);
  }

  private static List<Found> in(Document document) {
    List<Found> found = new ArrayList<>(1);
    collect(new Found(document, JsonPointer.empty(), document.tree()), found);
    return List.copyOf(found);
  }

  private static void collect(Found candidate, List<Found> found) {
    String kind = candidate.object.path("kind").asText();
    JsonNode items = candidate.object.path("items");
    if (kind.endsWith("List") && items.isArray()) {
      for (int i = 0; i < items.size(); i++) {
        if (items.get(i) instanceof ObjectNode item) {
          JsonPointer pointer = candidate.pointer.appendProperty("items").appendIndex(i);
          collect(new Found(candidate.document, pointer, item), found);
        }
      }
    } else if (isInstrumentation(candidate.object)
        || isCore(candidate.object, "Namespace")
        || isCore(candidate.object, LIMIT_RANGE)) {
      found.add(candidate);
    }
  }

  private static boolean isInstrumentation(JsonNode object) {
    return object.path("kind").asText().equals(Instrumentation.KIND)
        && object.path("apiVersion").asText().startsWith(Instrumentation.GROUP + "/");
  }

  private static boolean isCore(JsonNode object, String kind) {
    return object.path("kind").asText().equals(kind)
        && object.path("apiVersion").asText().equals("v1");
  }

  @Override
  public Resources at(Catalogue catalogue) {
    return read(catalogue).resources;
  }

  /**
   * All that is wrong with the resources, with places, in the order of the documents; what {@code
   * lint} tells.
   */
  public List<Problem> problems(Catalogue catalogue) {
    return read(catalogue).problems;
  }

  /** All Instrumentations by {@code namespace/name}, in no order; those that are not valid too. */
  public Map<String, Resources.Lookup> all(Catalogue catalogue) {
    return read(catalogue).instrumentations;
  }

  private Read read(Catalogue catalogue) {
    Pending one = known(catalogue);
    return (one == null ? added(catalogue) : one).read(catalogue);
  }

  private Pending known(Catalogue catalogue) {
    for (Pending one : pending) {
      if (one.catalogue.refersTo(catalogue)) {
        return one;
      }
    }
    return null;
  }

  private synchronized Pending added(Catalogue catalogue) {
    Pending one = known(catalogue);
    if (one == null) {
      one = new Pending(catalogue);
      pending =
          Stream.concat(Stream.of(one), pending.stream()).limit(CATALOGUES_AT_A_TIME).toList();
    }
    return one;
  }

  /**
   * What comes of the documents for one catalogue, once somebody asks. Of the requests that ask
   * together one reads, and the others wait for it; those of another catalogue do not.
   */
  private final class Pending {
    /** Weakly, as it would keep plugins in memory that were replaced. */
    private final WeakReference<Catalogue> catalogue;

    private volatile Read read;

    Pending(Catalogue catalogue) {
      this.catalogue = new WeakReference<>(catalogue);
    }

    Read read(Catalogue languages) {
      return read == null ? readOnce(languages) : read;
    }

    private synchronized Read readOnce(Catalogue languages) {
      if (read == null) {
        read = new Reader(languages).read();
      }
      return read;
    }
  }

  /** One reading of all that was found. */
  private final class Reader {
    private final Catalogue catalogue;
    private final InstrumentationReader reader;
    private final Map<String, Found> firsts = new HashMap<>();
    private final Map<String, NamespaceFacts> namespaces = new HashMap<>();
    private final Map<String, LimitRanges> limits = new HashMap<>();
    private final Map<String, Resources.Lookup> instrumentations = new HashMap<>();
    private final Map<String, Map<String, Resources.Lookup>> byNamespace = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Reader(Catalogue catalogue) {
      this.catalogue = catalogue;
      reader = InstrumentationReader.of(catalogue, settings);
    }

    Read read() {
      found.values().forEach(all -> all.forEach(this::add));
      return new Read(
          new Snapshot(byNamespace, limited(), complete),
          Map.copyOf(instrumentations),
          List.copyOf(problems));
    }

    private void add(Found resource) {
      JsonNode metadata = resource.object.path("metadata");
      String name = metadata.path("name").asText();
      String given = metadata.path("namespace").asText();
      String namespace = given.isEmpty() ? defaultNamespace : given;
      if (isCore(resource.object, "Namespace")) {
        define("Namespace " + name, resource, twin -> addNamespace(name, metadata, twin));
      } else if (isCore(resource.object, LIMIT_RANGE)) {
        define(
            "LimitRange " + namespace + "/" + name,
            resource,
            twin -> addLimits(namespace, resource.object, twin));
      } else {
        define(
            "Instrumentation " + namespace + "/" + name,
            resource,
            twin -> addInstrumentation(namespace, name, resource, twin));
      }
    }

    /**
     * Adds an object, with the problem that its name has another meaning, if it has. One that is
     * read twice counts once.
     */
    private void define(String what, Found resource, Consumer<Optional<Problem>> add) {
      Found first = firsts.putIfAbsent(what, resource);
      if (first == null) {
        add.accept(Optional.empty());
      } else if (!first.object.equals(resource.object)) {
        String elsewhere = first.place(JsonPointer.empty()).toString();
        Problem twin =
            Problem.error(
                JsonPointer.empty(),
                what + " is defined here, and differently at " + elsewhere,
                "keep one of the two");
        add.accept(Optional.of(twin.at(resource.place(JsonPointer.empty()))));
      }
    }

    private void addNamespace(String name, JsonNode metadata, Optional<Problem> twin) {
      twin.ifPresent(problems::add);
      namespaces.putIfAbsent(
          name,
          new NamespaceFacts(
              name,
              InstrumentationReader.strings(metadata.path("labels")),
              InstrumentationReader.strings(metadata.path("annotations"))));
    }

    private void addLimits(String namespace, JsonNode limitRange, Optional<Problem> twin) {
      twin.ifPresent(problems::add);
      limits.merge(namespace, LimitRanges.NONE.and(limitRange), (old, _) -> old.and(limitRange));
    }

    /** A namespace that only its limits are known of is known as well. */
    private Map<String, NamespaceFacts> limited() {
      limits.forEach((name, of) -> {
        NamespaceFacts known =
            namespaces.getOrDefault(name, new NamespaceFacts(name, Map.of(), Map.of()));
        namespaces.put(name, new NamespaceFacts(name, known.labels(), known.annotations(), of));
      });
      return namespaces;
    }

    private void addInstrumentation(
        String namespace, String name, Found resource, Optional<Problem> twin) {
      Reading reading = reading(resource);
      List<Problem> own = new ArrayList<>();
      twin.ifPresent(own::add);
      reading.problems().forEach(problem -> own.add(problem.at(resource.place(problem.path()))));
      problems.addAll(own);
      String reference = namespace + "/" + name;
      Resources.Lookup inForce =
          LastAccepted.inForce(
              resource.object,
              new Reading(twin.isPresent() ? Optional.empty() : reading.instrumentation(), own),
              Optional.ofNullable(lastAccepted.get(reference)),
              reader,
              defaultNamespace);
      instrumentations.put(reference, inForce);
      byNamespace.computeIfAbsent(namespace, _ -> new HashMap<>()).put(name, inForce);
    }

    /** One that cannot be read because of a bug is one that is not valid, and harms no other. */
    private Reading reading(Found instrumentation) {
      try {
        return instrumentation.read(catalogue, reader, defaultNamespace);
      } catch (RuntimeException | StackOverflowError bug) {
        Problem problem =
            Problem.error(
                JsonPointer.empty(),
                "Graft failed to read this, so no pod can be injected by it: " + bug,
                "please report this");
        return new Reading(Optional.empty(), List.of(problem));
      }
    }
  }
}
