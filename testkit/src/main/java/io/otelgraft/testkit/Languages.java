package io.otelgraft.testkit;

import io.otelgraft.core.plugin.Catalogue;
import io.otelgraft.core.plugin.LoadedPlugin;
import io.otelgraft.core.plugin.Plugins;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The languages that there are, as they are found.
 *
 * @param found in one order
 * @param reversed the same in the opposite order
 */
record Languages(Catalogue found, Catalogue reversed) {

  /** Plugins that were made by the caller. */
  static Languages of(List<LanguagePlugin> plugins) {
    return new Languages(catalogue(plugins), catalogue(plugins.reversed()));
  }

  private static Catalogue catalogue(List<LanguagePlugin> plugins) {
    return Catalogue.of(plugins.toArray(LanguagePlugin[]::new)).with(Story.PATIENCE);
  }

  /**
   * The plugins of a folder, each jar in a layer of its own.
   *
   * @throws IllegalArgumentException if one of them cannot be used
   */
  static Languages in(Path folder) {
    return new Languages(loaded(folder), loaded(reversed(folder)));
  }

  private static Catalogue loaded(Path folder) {
    Catalogue catalogue = Plugins.load(folder).with(Story.PATIENCE);
    if (!catalogue.refused().isEmpty()) {
      throw new IllegalArgumentException("cannot be used: " + catalogue.refused());
    }
    return catalogue;
  }

  /** Plugins are found in the order of their names: the same under other names. */
  private static Path reversed(Path folder) {
    try (Stream<Path> jars = Files.list(folder)) {
      List<Path> sorted = new ArrayList<>(jars.sorted().toList());
      Path renamed = Files.createTempDirectory("reversed-");
      renamed.toFile().deleteOnExit();
      for (int i = 0; i < sorted.size(); i++) {
        Path link =
            renamed.resolve("%03d-".formatted(sorted.size() - i) + sorted.get(i).getFileName());
        Files.createSymbolicLink(link, sorted.get(i).toAbsolutePath());
        link.toFile().deleteOnExit();
      }
      return renamed;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The same in the opposite order. */
  Languages inReverse() {
    return new Languages(reversed, found);
  }

  /** What they declare, in Graft's order. */
  List<Language> declared() {
    return found.languages().stream().map(LoadedPlugin::language).toList();
  }
}
