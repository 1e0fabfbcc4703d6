package io.otelgraft.fuzz;

import io.otelgraft.core.injection.Annotations;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Annotations of a pod and its namespace, read from bytes: entries of a key and a value, apart by
 * the control characters that are made for that.
 *
 * <p>A key that nobody reads stands for one that is read, so that all of what fuzzing changes
 * matters; which one, depends on nothing but the key and those that there are.
 *
 * @param pod those of the pod
 * @param namespace those of the namespace
 */
record Annotated(Map<String, String> pod, Map<String, String> namespace) {
  /** Between key and value. */
  static final char IS = '\u001f';

  /** Between entries. */
  static final char NEXT = '\u001e';

  /** Between the entries of the pod and those of the namespace. */
  static final char NAMESPACE = '\u001d';

  /** What keys begin with that are read whatever follows. */
  private static final List<String> PREFIXES =
      constants().filter(text -> text.endsWith("/")).toList();

  /** All that the plugins read, and all that Graft knows. */
  static final List<String> KEYS =
      Stream.of(
              Shop.CATALOGUE.annotations().stream(),
              constants().filter(text -> text.matches(".+/.*[^/-]")),
              PREFIXES.stream().map(prefix -> prefix + "service.name"))
          .flatMap(keys -> keys)
          .distinct()
          .toList();

  /** What {@link Annotations} has. */
  private static Stream<String> constants() {
    return Arrays.stream(Annotations.class.getFields())
        .map(field -> {
          try {
            return (String) field.get(null);
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  /** An entry as it is read. */
  static String entry(String key, String value) {
    return key + IS + value;
  }

  /** Reads any bytes. */
  static Annotated read(byte[] bytes) {
    // Not Unicode where they are not: what cannot be decoded becomes a character for that.
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf(NAMESPACE);
    return end < 0
        ? new Annotated(entries(text), Map.of())
        : new Annotated(entries(text.substring(0, end)), entries(text.substring(end + 1)));
  }

  private static Map<String, String> entries(String text) {
    Map<String, String> entries = new LinkedHashMap<>();
    for (String part : text.split(String.valueOf(NEXT), -1)) {
      int is = part.indexOf(IS);
      String key = part.substring(0, Math.max(0, is));
      entries.put(known(key), part.substring(is + 1));
    }
    return entries;
  }

  private static String known(String key) {
    boolean isRead = KEYS.contains(key) || PREFIXES.stream().anyMatch(key::startsWith);
    return isRead ? key : KEYS.get(Math.floorMod(key.hashCode(), KEYS.size()));
  }
}
