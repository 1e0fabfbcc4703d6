package io.otelgraft.testkit;

import com.fasterxml.jackson.databind.JsonNode;
import io.otelgraft.spi.Language;
import io.otelgraft.spi.ListVariable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Whether a container still gets what its pod's author put into its env, as the kubelet reads it:
 * of several entries of a name the last counts, and {@code $(NAME)} is what stands before.
 */
final class UserEnv {
  private static final String ATTRIBUTES = "OTEL_RESOURCE_ATTRIBUTES";

  /** A {@code $$} is a dollar sign; what is not closed is text. */
  private static final Pattern REFERENCE = Pattern.compile("\\$\\$|\\$\\(([^)]*)\\)");

  private final String container;
  private final JsonNode before;
  private final JsonNode after;
  private final Map<String, String> separators = new HashMap<>();
  private final List<String> breaches = new ArrayList<>();

  private UserEnv(Trial.Pair pair, List<Language> languages) {
    this.container = pair.name();
    this.before = pair.before().path("env");
    this.after = pair.after().path("env");
    separators.put(ATTRIBUTES, ",");
    for (Language language : languages) {
      for (ListVariable variable : language.listVariables()) {
        separators.put(variable.name(), variable.separator());
      }
    }
  }

  /** What was lost, a sentence each. */
  static List<String> losses(Trial trial) {
    List<String> breaches = new ArrayList<>();
    for (Trial.Pair pair : trial.containers()) {
      if (!pair.before().path("env").equals(pair.after().path("env"))) {
        UserEnv env = new UserEnv(pair, trial.languages());
        env.check();
        breaches.addAll(env.breaches);
      }
    }
    return breaches;
  }

  private void check() {
    for (int i = 0; i < before.size(); i++) {
      JsonNode entry = before.get(i);
      String name = name(entry);
      if (indexOfLast(before, before.size(), name) == i) {
        keeps(name, entry, last(after, after.size(), name));
      }
      int at = indexOf(entry);
      if (at >= 0) {
        referencesStand(i, at, entry);
      }
    }
  }

  /** The entry that counts before a place in a list; null if there is none. */
  private static JsonNode last(JsonNode env, int end, String name) {
    return env.get(indexOfLast(env, end, name));
  }

  private static int indexOfLast(JsonNode env, int end, String name) {
    for (int i = end - 1; i >= 0; i--) {
      if (name(env.get(i)).equals(name)) {
        return i;
      }
    }
    return -1;
  }

  private int indexOf(JsonNode entry) {
    for (int i = 0; i < after.size(); i++) {
      if (after.get(i).equals(entry)) {
        return i;
      }
    }
    return -1;
  }

  private void keeps(String name, JsonNode was, JsonNode is) {
    if (is == null) {
      breaches.add(container + ": " + name + " is gone");
    } else if (!was.equals(is) && !extendsIt(name, was, is)) {
      breaches.add(container + ": " + name + " was " + was + " and is " + is);
    }
  }

  /** Whether an entry holds what another one held, and more. */
  private boolean extendsIt(String name, JsonNode was, JsonNode is) {
    String separator = separators.get(name);
    if (separator == null || is.has("valueFrom")) {
      return false;
    }
    String value = is.path("value").asText("");
    if (was.path("valueFrom").isObject()) {
      return references(value).stream()
          .map(kept -> last(after, indexOf(is), kept))
          .anyMatch(kept -> kept != null && kept.path("valueFrom").equals(was.get("valueFrom")));
    }
    String held = was.path("value").asText("");
    if (name.equals(ATTRIBUTES)) {
      return items(value, separator).containsAll(items(held, separator));
    }
    return held.isEmpty() || (separator + value + separator).contains(separator + held + separator);
  }

  private static List<String> items(String value, String separator) {
    return Pattern.compile(separator, Pattern.LITERAL)
        .splitAsStream(value)
        .map(String::strip)
        .filter(item -> !item.isEmpty())
        .toList();
  }

  /** What an entry refers to, and could refer to before, still stands before it. */
  private void referencesStand(int was, int is, JsonNode entry) {
    for (String name : references(entry.path("value").asText(""))) {
      Optional<JsonNode> meant = Optional.ofNullable(last(before, was, name));
      JsonNode means = last(after, is, name);
      if (meant.isPresent()
          && (means == null
              || !(means.equals(meant.get()) || extendsIt(name, meant.get(), means)))) {
        breaches.add(
            container
                + ": "
                + name(entry)
                + " refers to "
                + name
                + ", which was "
                + meant.get()
                + " and is "
                + means);
      }
    }
  }

  private static List<String> references(String text) {
    List<String> names = new ArrayList<>();
    Matcher matcher = REFERENCE.matcher(text);
    while (matcher.find()) {
      if (matcher.group(1) != null) {
        names.add(matcher.group(1));
      }
    }
    return names;
  }

  private static String name(JsonNode entry) {
    return entry.path("name").asText();
  }
}
