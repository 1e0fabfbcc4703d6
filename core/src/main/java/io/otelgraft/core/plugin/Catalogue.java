package io.otelgraft.core.plugin;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.LanguagePlugin;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.function.Function;

/**
 * The languages that can be used at one time, and what was refused. Immutable: a request takes one
 * catalogue and finishes with it, whatever is loaded meanwhile.
 *
 * <p>No two languages of a catalogue share an identifier, a section or an annotation.
 */
public final class Catalogue {

  /** What the keys of all annotations begin with that ask for a language or are read by one. */
  public static final String ANNOTATION_PREFIX = "instrumentation.opentelemetry.io/";

  private static final Comparator<LoadedPlugin> ORDER =
      Comparator.<LoadedPlugin>comparingInt(plugin -> plugin.language().order())
          .thenComparing(LoadedPlugin::id);

  private final long generation;
  private final List<LoadedPlugin> languages;
  private final List<RefusedPlugin> refused;
  private final Map<String, LoadedPlugin> byId;
  private final Map<String, LoadedPlugin> byInjectAnnotation;
  private final Map<String, LoadedPlugin> bySection;

  /** Of plugins that take no name twice, in any order. */
  Catalogue(long generation, List<LoadedPlugin> plugins, List<RefusedPlugin> refused) {
    this.generation = generation;
    this.languages = plugins.stream().sorted(ORDER).toList();
    this.refused = refused.stream().sorted(Comparator.comparing(RefusedPlugin::name)).toList();
    this.byId = index(languages, plugin -> Optional.of(plugin.id()));
    this.byInjectAnnotation = index(languages, plugin -> Optional.of(plugin.injectAnnotation()));
    this.bySection = index(languages, plugin -> plugin.language().section());
  }

  private static Map<String, LoadedPlugin> index(
      List<LoadedPlugin> plugins, Function<LoadedPlugin, Optional<String>> key) {
    var index = new HashMap<String, LoadedPlugin>();
    plugins.forEach(plugin -> key.apply(plugin).ifPresent(k -> index.put(k, plugin)));
    return Map.copyOf(index);
  }

  /**
   * A catalogue of plugins that were made by the caller, without jars: for tests of a plugin, and
   * for programs that embed Graft. They go through the same checks and stand behind the same guard.
   *
   * @throws IllegalArgumentException if a plugin cannot be used, saying why; of two that take the
   *     same name it is the later one
   */
  public static Catalogue of(LanguagePlugin... plugins) {
    var loaded = new ArrayList<LoadedPlugin>();
    for (LanguagePlugin plugin : plugins) {
      var origin = Origin.of(plugin.getClass());
      try {
        Language language = PluginLayer.declaration(plugin);
        Names.checkAgainst(language, loaded);
        loaded.add(new LoadedPlugin(plugin, language, origin));
      } catch (Unusable e) {
        throw new IllegalArgumentException(origin.name() + ": " + e.getMessage(), e);
      }
    }
    return new Catalogue(1, loaded, List.of());
  }

  /**
   * The number of this catalogue: 1 for the first of a process, one more for each that differs from
   * the one before.
   */
  public long generation() {
    return generation;
  }

  /** The languages, by {@link Language#order()}, then by identifier. */
  public List<LoadedPlugin> languages() {
    return languages;
  }

  /** The language of an identifier; empty when there is none. */
  public Optional<LoadedPlugin> language(String id) {
    return Optional.ofNullable(byId.get(id));
  }

  /**
   * The language that an annotation asks for; empty when the annotation asks for none.
   *
   * @param annotation the key with its prefix
   */
  public Optional<LoadedPlugin> injectedBy(String annotation) {
    return Optional.ofNullable(byInjectAnnotation.get(annotation));
  }

  /** The language that a section of {@code spec} belongs to; empty when it belongs to none. */
  public Optional<LoadedPlugin> sectionOwner(String key) {
    return Optional.ofNullable(bySection.get(key));
  }

  /**
   * The keys, with {@link #ANNOTATION_PREFIX}, of all annotations that count: those that are of all
   * languages first, then those of each language.
   */
  public SequencedSet<String> annotations() {
    var keys = new LinkedHashSet<String>();
    Names.OWN_KEYS.forEach(key -> keys.add(ANNOTATION_PREFIX + key));
    for (LoadedPlugin plugin : languages) {
      Names.annotationKeys(plugin.language()).forEach(key -> keys.add(ANNOTATION_PREFIX + key));
    }
    return Collections.unmodifiableSequencedSet(keys);
  }

  /**
   * The same languages for an injector that looks at no container before it injects: they take all.
   */
  public Catalogue unexamined() {
    return new Catalogue(
        generation, languages.stream().map(LoadedPlugin::unexamined).toList(), refused);
  }

  /** The same languages for a caller that waits for their plugins as long as this. */
  public Catalogue with(Patience patience) {
    return new Catalogue(
        generation, languages.stream().map(plugin -> plugin.with(patience)).toList(), refused);
  }

  /** What could not be used and why, by name. */
  public List<RefusedPlugin> refused() {
    return refused;
  }

  @Override
  public String toString() {
    return "catalogue " + generation + " " + languages;
  }

  /** Whether this one offers and refuses the same as another, so that neither need be replaced. */
  boolean sameAs(Catalogue other) {
    return languages.equals(other.languages) && refused.equals(other.refused);
  }
}
