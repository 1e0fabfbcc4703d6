package io.otelgraft.runtime.explanation;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.RefusedPlugin;
import io.otelgraft.spi.Language;
import java.util.Optional;

/** The plugins as data: those that are loaded, and those that are refused with why. */
public final class CatalogueJson {

  private CatalogueJson() {}

  /** A catalogue: {@code loaded} and {@code refused}. */
  public static ObjectNode of(Catalogue catalogue) {
    ObjectNode json = JsonNodeFactory.instance.objectNode();
    ArrayNode loaded = json.putArray("loaded");
    for (LoadedPlugin plugin : catalogue.languages()) {
      Language language = plugin.language();
      ObjectNode entry = loaded.addObject();
      entry.put("id", plugin.id());
      entry.put("title", language.title());
      entry.put("version", plugin.version());
      entry.put("module", plugin.module());
      entry.put("jar", plugin.name());
      entry.put("digest", plugin.digest());
      entry.put("annotation", plugin.injectAnnotation());
      entry.put("section", language.section().orElse(null));
      entry.put("image", image(language).orElse(null));
      entry.put("enabledByDefault", language.enabledByDefault());
      entry.put("experimental", language.isExperimental());
    }
    ArrayNode refused = json.putArray("refused");
    for (RefusedPlugin plugin : catalogue.refused()) {
      refused.addObject().put("jar", plugin.name()).put("reason", plugin.reason());
    }
    return json;
  }

  /** The image that a language's agent comes from unless set otherwise; empty without one. */
  public static Optional<String> image(Language language) {
    return language
        .imageRepository()
        .map(repository -> repository + language.imageVersion().map(v -> ":" + v).orElse(""));
  }
}
