package io.otelgraft.fuzz;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.Patience;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.spi.Language;
import io.otelgraft.testkit.Cluster;
import io.otelgraft.testkit.Promises;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.Collectors;

/** A cluster that is always the same, with all plugins that ship. */
final class Shop {
  static final Promises PROMISES = Promises.of(Distribution.PLUGINS);

  /** What the plugins declare, apart from those that answer. */
  static final Catalogue CATALOGUE = Plugins.load(Distribution.PLUGINS).with(Patience.OF_A_COMMAND);

  /** Its Instrumentations, Namespaces and LimitRanges, as YAML. */
  static final String RESOURCES = resources();

  /** Its operator's settings: all languages, and images that can be mounted. */
  static final Map<String, String> SETTINGS =
      Map.of(
          "enabled-languages",
          PROMISES.languages().stream().map(Language::id).collect(Collectors.joining(",")),
          "cluster.version",
          "1.36",
          "cluster.runtimes",
          "containerd://2.2.0");

  static final Cluster CLUSTER = PROMISES.in(RESOURCES, SETTINGS);

  private Shop() {}

  private static String resources() {
    try (InputStream file = Shop.class.getResourceAsStream("shop.yaml")) {
      return new String(file.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
