package io.otelgraft.runtime.control;

import static java.lang.System.Logger.Level.INFO;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.cluster.ApiResource;
import io.otelgraft.cluster.ApiServer;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.resource.Instrumentation;
import io.otelgraft.core.resource.InstrumentationSchema;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * That the cluster knows the custom resource, with a section for each language that a replica has.
 *
 * <p>The leader applies the definition that its plugins make. A section of the definition in the
 * cluster that they know nothing of stays: another replica may have that language, or an object may
 * use it, and the API server would drop what it does not know. A replica that has a language which
 * the definition lacks adds it, whether it leads or not.
 */
final class Definition implements Duty {

  private static final System.Logger LOG = System.getLogger(Definition.class.getName());

  static final String NAME = Instrumentation.RESOURCE + "." + Instrumentation.GROUP;

  private final ApiServer server;
  private final Supplier<Catalogue> catalogue;

  /** What was applied last, and what came of it: the API server adds defaults. */
  private ObjectNode applied;

  private long generation;

  Definition(ApiServer server, Supplier<Catalogue> catalogue) {
    this.server = server;
    this.catalogue = catalogue;
  }

  @Override
  public String name() {
    return "definition of " + Instrumentation.KIND;
  }

  @Override
  public void fulfil(boolean leads) {
    ObjectNode wanted = InstrumentationSchema.definition(catalogue.get());
    Optional<ObjectNode> there = server.get(ApiResource.DEFINITIONS, "", NAME);
    List<String> kept = there.map(found -> union(found, wanted)).orElse(List.of());
    boolean lacks = there.isEmpty() || lacks(there.get(), wanted);
    boolean changed =
        !wanted.equals(applied)
            || there.isEmpty()
            || there.get().path("metadata").path("generation").asLong() != generation;
    if (lacks || (leads && changed)) {
      ObjectNode now = server.apply(ApiResource.DEFINITIONS, wanted);
      long before =
          there.map(found -> found.path("metadata").path("generation").asLong()).orElse(0L);
      generation = now.path("metadata").path("generation").asLong();
      applied = wanted;
      if (generation != before) {
        LOG.log(
            INFO,
            "definition "
                + NAME
                + " applied"
                + (kept.isEmpty()
                    ? ""
                    : "; sections of languages that are not here stay: "
                        + String.join(", ", kept)));
      }
    }
  }

  /** Adds the sections that only the cluster has to what is wanted; gives their names. */
  private static List<String> union(ObjectNode there, ObjectNode wanted) {
    List<String> kept = new ArrayList<>();
    ObjectNode fields = (ObjectNode) fields(wanted);
    for (Map.Entry<String, JsonNode> field : fields(there).properties()) {
      // A section has an image; other fields that came and went are none of a language.
      if (!fields.has(field.getKey()) && field.getValue().path("properties").has("image")) {
        fields.set(field.getKey(), field.getValue());
        kept.add(field.getKey());
      }
    }
    return kept;
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
