package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.cluster.RequestFailure;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationSchema;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * That the cluster knows the custom resource, with a section for each language that a replica has.
 *
 * <p>The leader writes the definition that its plugins make. A section of the definition in the
 * cluster that they know nothing of stays: another replica may have that language, or an object may
 * use it, and the API server would drop what it does not know. A replica that has a language which
 * the definition lacks adds it, whether it leads or not.
 *
 * <p>It is written as a whole and not applied: with a rule or a default that a newer Graft words in
 * another way, the old one would stay, as it belongs to whoever installed it. Who writes at the
 * same time is told by the object's version, and reads again.
 */
final class Definition implements Duty {

  private static final System.Logger LOG = System.getLogger(Definition.class.getName());

  static final String NAME = Instrumentation.RESOURCE + "." + Instrumentation.GROUP;

  private final ApiServer server;
  private final Supplier<Catalogue> catalogue;
  private Settled settled = new Settled(-1, new WeakReference<>(null), false);

  /** The generation of the definition that was found good, for which languages, and by whom. */
  private record Settled(long generation, WeakReference<Catalogue> languages, boolean leading) {

    boolean holds(long now, Catalogue known, boolean leads) {
      return now == generation && languages.refersTo(known) && (leading || !leads);
    }
  }

  Definition(ApiServer server, Supplier<Catalogue> catalogue) {
    this.server = server;
    this.catalogue = catalogue;
  }

  /** The generation of the definition in a cluster; 0 if there is none. */
  static long generation(ApiServer server) {
    return server
        .getMetadata(ApiResource.DEFINITIONS, "", NAME)
        .map(Definition::generation)
        .orElse(0L);
  }

  /**
   * Whether the definition in a cluster has a section for a language that no plugin here provides.
   * How that plugin spells its section is not known: {@code apacheHttpd} is taken for that of
   * {@code apache-httpd}. A language without a section is in no definition.
   */
  static boolean mayKnow(ApiServer server, String language) {
    String wanted = squeezed(language);
    return server
        .get(ApiResource.DEFINITIONS, "", NAME)
        .map(there ->
            fields(there).properties().stream()
                .anyMatch(field ->
                    isSection(field.getValue()) && squeezed(field.getKey()).equals(wanted)))
        .orElse(false);
  }

  private static String squeezed(String name) {
    return name.replace("-", "").toLowerCase(Locale.ROOT);
  }

  @Override
  public String name() {
    return "definition of " + Instrumentation.KIND;
  }

  @Override
  public void fulfil(boolean leads) {
    Catalogue languages = catalogue.get();
    long now = generation(server);
    if (settled.holds(now, languages, leads)) {
      return;
    }
    try {
      long generation = write(InstrumentationSchema.definition(languages), leads);
      settled = new Settled(generation, new WeakReference<>(languages), leads);
    } catch (RequestFailure e) {
      // Somebody else wrote meanwhile: the next time, that is looked at.
      if (!e.isConflict()) {
        throw e;
      }
    }
  }

  /** The generation afterwards. */
  private long write(ObjectNode wanted, boolean leads) {
    Optional<ObjectNode> there = server.get(ApiResource.DEFINITIONS, "", NAME);
    if (there.isEmpty()) {
      long generation = generation(server.create(ApiResource.DEFINITIONS, wanted));
      LOG.log(INFO, "definition " + NAME + " created");
      return generation;
    }
    ObjectNode definition = there.get();
    long before = generation(definition);
    List<String> kept = union(definition, wanted);
    if (!leads && !lacks(definition, wanted)) {
      return before;
    }
    definition.set("spec", wanted.get("spec"));
    long generation = generation(server.replace(ApiResource.DEFINITIONS, definition));
    if (generation != before) {
      LOG.log(
          INFO,
          "definition "
              + NAME
              + " updated"
              + (kept.isEmpty()
                  ? ""
                  : "; sections of languages that are not here stay: " + String.join(", ", kept)));
    }
    return generation;
  }

  private static long generation(ObjectNode definition) {
    return definition.path("metadata").path("generation").asLong();
  }

  /** Adds the sections that only the cluster has to what is wanted; gives their names. */
  private static List<String> union(ObjectNode there, ObjectNode wanted) {
    List<String> kept = new ArrayList<>();
    ObjectNode fields = (ObjectNode) fields(wanted);
    for (Map.Entry<String, JsonNode> field : fields(there).properties()) {
      if (!fields.has(field.getKey()) && isSection(field.getValue())) {
        fields.set(field.getKey(), field.getValue());
        kept.add(field.getKey());
      }
    }
    return kept;
  }

  /** Whether it is a language's: other fields that came and went have neither. */
  private static boolean isSection(JsonNode field) {
    JsonNode properties = field.path("properties");
    return properties.has("env") || properties.has("image");
  }

  private static boolean lacks(ObjectNode there, ObjectNode wanted) {
    JsonNode known = fields(there);
    return fields(wanted).properties().stream().anyMatch(field -> !known.has(field.getKey()));
  }

  private static JsonNode fields(ObjectNode definition) {
    for (JsonNode version : definition.path("spec").path("versions")) {
      if (version.path("name").asText().equals(Instrumentation.VERSION)) {
        return version
            .path("schema")
            .path("openAPIV3Schema")
            .path("properties")
            .path("spec")
            .path("properties");
      }
    }
    return definition.path("none");
  }
}
