package io.otelgraft.runtime.telemetry;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.runtime.server.Health;
import io.otelgraft.runtime.server.HealthCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;

/**
 * Whether the language plugins are there. Without one that there was, pods that ask for it would be
 * rejected for what is no fault of theirs: a replica that has lost a plugin is taken out of service
 * until the jar is back. Whoever takes a language away for good starts Graft anew.
 *
 * <p>A jar that is refused, and a plugin that is set aside, would be so in every replica. They are
 * told, and the replica stays.
 */
public final class PluginHealth implements HealthCheck {

  private final Supplier<Catalogue> catalogue;

  /** The jars by the languages that they brought. */
  private final Map<String, String> seen = new TreeMap<>();

  /** Looks at the catalogue that is in force now, and from now on. */
  public PluginHealth(Supplier<Catalogue> catalogue) {
    this.catalogue = catalogue;
    remember(catalogue.get());
  }

  @Override
  public String name() {
    return "plugins";
  }

  private void remember(Catalogue now) {
    now.languages().forEach(plugin -> seen.put(plugin.id(), plugin.name()));
  }

  @Override
  public synchronized Health health() {
    Catalogue now = catalogue.get();
    remember(now);
    List<String> lost = new ArrayList<>();
    seen.forEach((language, jar) -> {
      if (now.language(language).isEmpty()) {
        lost.add("%s, which brought %s, is gone".formatted(jar, language));
      }
    });
    List<String> troubles = troubles(now);
    if (!lost.isEmpty()) {
      lost.addAll(troubles);
      return Health.failed(
          String.join("; ", lost) + "; put the jar back, or start Graft anew to go without it");
    }
    if (now.languages().isEmpty()) {
      troubles.addFirst("there are no language plugins");
      return Health.failed(String.join("; ", troubles));
    }
    return troubles.isEmpty() ? Health.OK : Health.degraded(String.join("; ", troubles));
  }

  private static List<String> troubles(Catalogue now) {
    List<String> troubles = new ArrayList<>();
    now.refused().forEach(refused -> troubles.add("refused " + refused));
    for (LoadedPlugin plugin : now.languages()) {
      if (plugin.quarantined()) {
        troubles.add(
            "%s is set aside: it %s".formatted(plugin, plugin.lastFailure().orElse("failed")));
      }
    }
    return troubles;
  }
}
