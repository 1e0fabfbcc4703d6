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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Resources that stand in files: the {@code Instrumentation} and {@code Namespace} objects among
 * the documents, those in a {@code List} included. Other kinds are passed over. What is in the
 * files is all there is: nothing is ever stale.
 */
public final class FileResources implements ResourceSource {

  private final List<Found> found;
  private final String defaultNamespace;
  private final Settings settings;
  private volatile Read latest;

  /** An object, the document that it stands in, and where in it. */
  private record Found(Document document, JsonPointer pointer, ObjectNode object) {

    Problem.Place place(JsonPointer within) {
      Position position = document.position(pointer.append(within));
      return new Problem.Place(document.name(), position.line(), position.column());
    }
  }

  /**
   * What came of the documents.
   *
   * @param catalogue for which; weakly, as it would keep plugins in memory that were replaced
   */
  private record Read(
      WeakReference<Catalogue> catalogue,
      Snapshot resources,
      Map<String, Resources.Lookup> instrumentations,
      List<Problem> problems) {}

  private FileResources(List<Found> found, String defaultNamespace, Settings settings) {
    this.found = found;
    this.defaultNamespace = defaultNamespace;
    this.settings = settings;
  }

  /**
   * Picks the resources among documents.
   *
   * @param defaultNamespace where an {@code Instrumentation} stands that names no namespace
   */
  public static FileResources of(
      List<Document> documents, String defaultNamespace, Settings settings) {
    List<Found> found = new ArrayList<>();
    for (Document document : documents) {
      collect(new Found(document, JsonPointer.empty(), document.tree()), found);
    }
    return new FileResources(List.copyOf(found), defaultNamespace, settings);
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
    } else if (isInstrumentation(candidate.object) || isNamespace(candidate.object)) {
      found.add(candidate);
    }
  }

  private static boolean isInstrumentation(JsonNode object) {
    return object.path("kind").asText().equals(Instrumentation.KIND)
        && object.path("apiVersion").asText().startsWith(Instrumentation.GROUP + "/");
  }

  private static boolean isNamespace(JsonNode object) {
    return object.path("kind").asText().equals("Namespace")
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
    Read read = latest;
    if (read == null || !read.catalogue.refersTo(catalogue)) {
      read = new Reader(catalogue).read();
      latest = read;
    }
    return read;
  }

  /** One reading of all that was found. */
  private final class Reader {
    private final WeakReference<Catalogue> catalogue;
    private final InstrumentationReader reader;
    private final Map<String, Found> firsts = new HashMap<>();
    private final Map<String, NamespaceFacts> namespaces = new HashMap<>();
    private final Map<String, Resources.Lookup> instrumentations = new HashMap<>();
    private final Map<String, Map<String, Resources.Lookup>> byNamespace = new HashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    Reader(Catalogue catalogue) {
      this.catalogue = new WeakReference<>(catalogue);
      reader = InstrumentationReader.of(catalogue, settings);
    }

    Read read() {
      for (Found resource : found) {
        JsonNode metadata = resource.object.path("metadata");
        String name = metadata.path("name").asText();
        if (isNamespace(resource.object)) {
          define("Namespace " + name, resource, twin -> addNamespace(name, metadata, twin));
        } else {
          String given = metadata.path("namespace").asText();
          String namespace = given.isEmpty() ? defaultNamespace : given;
          define(
              "Instrumentation " + namespace + "/" + name,
              resource,
              twin -> addInstrumentation(namespace, name, resource, twin));
        }
      }
      return new Read(
          catalogue,
          new Snapshot(byNamespace, namespaces),
          Map.copyOf(instrumentations),
          List.copyOf(problems));
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

    private void addInstrumentation(
        String namespace, String name, Found resource, Optional<Problem> twin) {
      Reading reading = reader.read(resource.object, defaultNamespace);
      List<Problem> own = new ArrayList<>();
      twin.ifPresent(own::add);
      reading.problems().forEach(problem -> own.add(problem.at(resource.place(problem.path()))));
      problems.addAll(own);
      Resources.Lookup known =
          twin.isPresent() || reading.instrumentation().isEmpty()
              ? new Resources.Invalid(own)
              : new Resources.Accepted(reading.instrumentation().get(), List.of());
      instrumentations.put(namespace + "/" + name, known);
      byNamespace.computeIfAbsent(namespace, _ -> new HashMap<>()).put(name, known);
    }
  }
}
