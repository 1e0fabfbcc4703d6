package io.otelgraft.runtime.rules;

import static java.util.stream.Collectors.toUnmodifiableSet;

import io.otelgraft.spi.Language;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Tells whether a text names a language: one of its words is the language's id, in any case, or it
 * holds the key of the section, the title, or one of the annotations. Words end at what is no
 * letter or digit, and inside {@code camelCase}.
 *
 * <p>Not meant are the JDK's own names ({@code java.base}, {@code java/lang/String}, {@code java.},
 * {@code Java 25}), what javac calls a switch over one of its enums, and files of source code. A
 * language without an agent is not one that people speak ("sdk"): only its annotations, and a text
 * that is its id, name it. The proxy of a service mesh is not the server that shares its name.
 */
final class LanguageNames {
  private static final Pattern WORD = Pattern.compile("[A-Z]?[a-z0-9]+|[A-Z0-9]+");
  private static final Pattern JDK =
      Pattern.compile("(?<![A-Za-z0-9.-])javax?(\\.[A-Za-z0-9_]+)+|javax?(/[A-Za-z0-9_]+)+");
  private static final Pattern JDK_PROSE =
      Pattern.compile(
          "(?<![A-Za-z0-9.-])javax?\\.(?![A-Za-z0-9])|Java (?=SE\\b|[0-9\\x01%])|JAVA_HOME|([A-Z][A-Za-z0-9_]*|package-info)\\.java(?![.A-Za-z0-9])|\\$SwitchMap\\$java\\$[A-Za-z0-9_$]+");

  /** Ids that are words of English too, and then lower-case words of a sentence. */
  private static final Set<String> ENGLISH = Set.of("go");

  /** Containers of products that share a language's name: a service mesh's proxy. */
  private static final Set<String> OTHER_PRODUCTS = Set.of("nginx-mesh-sidecar");

  private static final Set<String> JDK_NAMES = jdkNames();

  private final Set<String> ids = new HashSet<>();
  private final Set<String> words = new HashSet<>();
  private final Set<String> phrases = new HashSet<>();

  LanguageNames(Collection<Language> languages) {
    for (var language : languages) {
      ids.add(language.id());
      phrases.add("inject-" + language.id());
      phrases.add(language.containerNamesKey());
      if (language.hasAgent()) {
        addName(language.id());
        language.section().ifPresent(this::addName);
        phrases.add(language.title());
      }
    }
  }

  private void addName(String name) {
    (WORD.matcher(name).matches() ? words : phrases).add(name);
  }

  /** Whether {@code text} names a language. */
  boolean areIn(String text) {
    if (OTHER_PRODUCTS.contains(text)) {
      return false;
    }
    var rest = withoutJdk(text);
    return ids.contains(text)
        || phrases.stream().anyMatch(phrase -> holds(rest, phrase))
        || WORD.matcher(rest)
            .results()
            .map(word -> word.group())
            .filter(word -> !(rest.indexOf(' ') >= 0 && ENGLISH.contains(word)))
            .anyMatch(word -> words.contains(word.toLowerCase(Locale.ROOT)));
  }

  private static boolean holds(String text, String phrase) {
    return Pattern.compile("(?<![A-Za-z0-9])" + Pattern.quote(phrase) + "(?![A-Za-z0-9])")
        .matcher(text)
        .find();
  }

  private static String withoutJdk(String text) {
    var names =
        JDK.matcher(text).replaceAll(match -> isJdk(match.group().replace('/', '.')) ? "" : "$0");
    return JDK_PROSE.matcher(names).replaceAll("");
  }

  /** Whether a dotted name is, or lies in, a package, a module or a system property of the JDK. */
  private static boolean isJdk(String name) {
    for (var prefix = name;
        prefix.indexOf('.') > 0;
        prefix = prefix.substring(0, prefix.lastIndexOf('.'))) {
      if (JDK_NAMES.contains(prefix)) {
        return true;
      }
    }
    return false;
  }

  private static Set<String> jdkNames() {
    var modules =
        ModuleFinder.ofSystem().findAll().stream().map(module -> module.descriptor()).toList();
    return Stream.of(
            modules.stream().map(ModuleDescriptor::name),
            modules.stream().flatMap(module -> module.packages().stream()),
            System.getProperties().stringPropertyNames().stream())
        .flatMap(names -> names)
        .collect(toUnmodifiableSet());
  }
}
