package io.otelgraft.testkit;

import io.otelgraft.core.document.Documents;
import io.otelgraft.core.resource.Settings;
import io.otelgraft.spi.Language;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What Graft promises, for the plugins of a folder: whether it is kept for whatever the caller
 * sends to it, in a cluster of the caller's.
 */
public final class Promises {
  private final Languages languages;

  private Promises(Languages languages) {
    this.languages = languages;
  }

  /**
   * For the plugins of a folder, each loaded in a layer of its own.
   *
   * @throws IllegalArgumentException if one of them cannot be used
   * @throws IllegalStateException if Graft is on the class path
   */
  public static Promises of(Path plugins) {
    return new Promises(Languages.in(plugins));
  }

  /** What the plugins declare, in Graft's order. */
  public List<Language> languages() {
    return languages.declared();
  }

  /**
   * A cluster in which Graft has these plugins.
   *
   * @param resources the cluster's Instrumentations, Namespaces and LimitRanges, as YAML
   * @param settings the operator's, by name
   * @throws IllegalArgumentException if the settings are not valid
   * @throws io.otelgraft.core.document.DocumentException if the resources are no YAML
   */
  public Cluster in(String resources, Map<String, String> settings) {
    Settings.Builder builder = Settings.builder();
    settings.forEach(builder::set);
    return new Cluster(languages, Documents.read("resources", resources).list(), builder.build());
  }
}
