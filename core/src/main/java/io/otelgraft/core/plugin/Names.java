package io.otelgraft.core.plugin;

import io.otelgraft.spi.Language;
import io.otelgraft.spi.Setting;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * The names that a language takes for itself: its identifier, the key of its section, the keys of
 * its annotations. They are checked when a plugin is loaded, so that no later step meets two owners
 * of one name.
 */
final class Names {

  /**
   * The fields of an Instrumentation's {@code spec} that belong to no language; {@code envConfig}
   * is one of the API's next version.
   */
  static final Set<String> COMMON_FIELDS =
      Set.of(
          "agentDelivery",
          "allowedNamespaces",
          "defaults",
          "env",
          "envConfig",
          "exporter",
          "imageEnv",
          "imagePullPolicy",
          "initContainerSecurityContext",
          "mode",
          "propagators",
          "resource",
          "sampler");

  /** The settings that the section of every language has. */
  static final Set<String> COMMON_SETTINGS =
      Set.of(
          "env",
          "image",
          "resourceRequirements",
          "resources",
          "volumeClaimTemplate",
          "volumeLimitSize");

  /** The annotation that names containers for all languages, and the end of each one's own. */
  private static final String CONTAINER_NAMES = "container-names";

  /** The annotations, without prefix, that Graft reads for all languages. */
  static final List<String> OWN_KEYS =
      List.of(CONTAINER_NAMES, "agent-delivery", "beside-other-agents", "image-env");

  private static final String INJECT = "inject-";
  private static final Pattern FIELD = Pattern.compile("[a-z][A-Za-z0-9]{0,62}");
  private static final Pattern KEY =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?");

  private Names() {}

  /** The key, without prefix, of the annotation that asks for a language. */
  static String injectKey(Language language) {
    return INJECT + language.id();
  }

  /** The keys, without prefix, of all annotations that a language reads, each once. */
  static Set<String> annotationKeys(Language language) {
    var keys = new LinkedHashSet<String>();
    keys.add(injectKey(language));
    keys.add(language.containerNamesKey());
    language.olderContainerNamesKey().ifPresent(keys::add);
    language.annotations().forEach(annotation -> keys.add(annotation.key()));
    return keys;
  }

  /** Refuses a language whose names cannot be given to any language. */
  static void check(Language language) throws Unusable {
    String id = language.id();
    if (id.endsWith(CONTAINER_NAMES) || COMMON_FIELDS.contains(id)) {
      throw new Unusable(
          "the language id \"" + id + "\" is reserved for Graft; give the language another id");
    }
    String section = language.section().orElse(null);
    if (section != null) {
      if (COMMON_FIELDS.contains(section)) {
        throw new Unusable(
            "the section \""
                + section
                + "\" of language "
                + id
                + " is a field that all languages share; give the section another key");
      }
      checkSpelling(FIELD, section, "section", "a field name such as \"someName\"", id);
    }
    for (Setting<?> setting : language.settings()) {
      if (COMMON_SETTINGS.contains(setting.key())) {
        throw new Unusable(
            "the setting \""
                + setting.key()
                + "\" of language "
                + id
                + " is one that every section has; drop it, or give it another key");
      }
      checkSpelling(FIELD, setting.key(), "setting", "a field name such as \"someName\"", id);
    }
    checkAnnotations(language);
  }

  private static void checkAnnotations(Language language) throws Unusable {
    var keys = new ArrayList<String>();
    keys.add(language.containerNamesKey());
    language.olderContainerNamesKey().ifPresent(keys::add);
    int containerNames = keys.size();
    language.annotations().forEach(annotation -> keys.add(annotation.key()));
    for (int i = 0; i < keys.size(); i++) {
      String key = keys.get(i);
      checkSpelling(KEY, key, "annotation", "the name part of an annotation's key", language.id());
      if (OWN_KEYS.contains(key) || (i >= containerNames && key.startsWith(INJECT))) {
        throw new Unusable(
            "the annotation \""
                + key
                + "\" of language "
                + language.id()
                + " is reserved for Graft; give it another key");
      }
      if (keys.subList(0, i).contains(key) || key.equals(injectKey(language))) {
        throw new Unusable(
            "language "
                + language.id()
                + " declares the annotation \""
                + key
                + "\" twice; give one of the two another key");
      }
    }
  }

  private static void checkSpelling(
      Pattern spelling, String key, String what, String expected, String id) throws Unusable {
    if (!spelling.matcher(key).matches()) {
      throw new Unusable(
          "the " + what + " \"" + key + "\" of language " + id + " is not " + expected);
    }
  }

  /** Refuses a language that takes a name which another one has. */
  static void checkAgainst(Language language, List<LoadedPlugin> others) throws Unusable {
    Set<String> keys = annotationKeys(language);
    for (LoadedPlugin other : others) {
      Language theirs = other.language();
      if (theirs.id().equals(language.id())) {
        throw twice("language " + language.id() + " is provided", other);
      }
      if (language.section().isPresent() && language.section().equals(theirs.section())) {
        throw twice("the section \"" + language.section().get() + "\" is taken", other);
      }
      for (String key : annotationKeys(theirs)) {
        if (keys.contains(key)) {
          throw twice("the annotation \"" + key + "\" is taken", other);
        }
      }
    }
  }

  private static Unusable twice(String what, LoadedPlugin other) {
    String version = other.version().isEmpty() ? "" : ", version " + other.version();
    return new Unusable(what + " by " + other.name() + version + " already; remove one of the two");
  }
}
