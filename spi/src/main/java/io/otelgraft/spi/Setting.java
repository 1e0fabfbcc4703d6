package io.otelgraft.spi;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One setting of a section, or one annotation: schema, default and typed reading, declared once.
 *
 * <p>Immutable: each method that describes it returns a changed copy. Two settings of the same key
 * are the same setting to {@link Section#get}.
 *
 * @param <T> the type of its value
 * @since 1.0, stable
 */
public final class Setting<T> {

  /** The shape of a setting's value. New shapes may be added: have a default where you switch. */
  public enum Shape {
    /** A string. */
    TEXT,
    /** One of a fixed list of strings. */
    CHOICE,
    /** {@code true} or {@code false}. */
    FLAG,
    /** A decimal number. */
    NUMBER,
    /** A list of environment variables, as in a container. */
    VARIABLES,
    /** A list of objects with settings of their own. */
    LIST,
    /** An object of the Kubernetes API, taken as it is. */
    KUBERNETES
  }

  private final String key;
  private final Shape shape;
  private final Function<Object, T> reader;
  private final List<String> choices;
  private final List<Setting<?>> fields;
  private final String kubernetesType;
  private final String description;
  private final T defaultValue;
  private final Pattern pattern;
  private final int maxLength;
  private final boolean required;
  private final boolean podOnly;

  private Setting(
      String key,
      Shape shape,
      Function<Object, T> reader,
      List<String> choices,
      List<Setting<?>> fields,
      String kubernetesType,
      String description,
      T defaultValue,
      Pattern pattern,
      int maxLength,
      boolean required,
      boolean podOnly) {
    this.key = Objects.requireNonNull(key, "key");
    this.shape = shape;
    this.reader = reader;
    this.choices = choices;
    this.fields = fields;
    this.kubernetesType = kubernetesType;
    this.description = description;
    this.defaultValue = defaultValue;
    this.pattern = pattern;
    this.maxLength = maxLength;
    this.required = required;
    this.podOnly = podOnly;
  }

  @SuppressWarnings("unchecked")
  private static <T> Setting<T> of(
      String key, Shape shape, List<String> choices, List<Setting<?>> fields, String type) {
    return new Setting<>(
        key, shape, raw -> (T) raw, choices, fields, type, "", null, null, 0, false, false);
  }

  /** A string. */
  public static Setting<String> text(String key) {
    return of(key, Shape.TEXT, List.of(), List.of(), "");
  }

  /** One of the strings given. */
  public static Setting<String> oneOf(String key, String... values) {
    return of(key, Shape.CHOICE, List.of(values), List.of(), "");
  }

  /** {@code true} or {@code false}. */
  public static Setting<Boolean> flag(String key) {
    return of(key, Shape.FLAG, List.of(), List.of(), "");
  }

  /** A decimal number. */
  public static Setting<BigDecimal> number(String key) {
    return of(key, Shape.NUMBER, List.of(), List.of(), "");
  }

  /** Environment variables, as in a container. */
  public static Setting<List<Variable>> variables(String key) {
    return of(key, Shape.VARIABLES, List.of(), List.of(), "");
  }

  /**
   * Objects with settings of their own.
   *
   * @param element makes a value of each; called at every reading, so that nothing of the plugin is
   *     kept by the runtime
   * @param fields the settings of one object
   */
  public static <E> Setting<List<E>> list(
      String key, Function<Section, E> element, Setting<?>... fields) {
    return new Setting<>(
        key,
        Shape.LIST,
        raw -> elements(raw, element),
        List.of(),
        List.of(fields),
        "",
        "",
        null,
        null,
        0,
        false,
        false);
  }

  private static <E> List<E> elements(Object raw, Function<Section, E> element) {
    return ((List<?>) raw).stream().map(item -> element.apply((Section) item)).toList();
  }

  /**
   * An object of the Kubernetes API, taken as it is.
   *
   * @param type for example {@code core/v1.SecurityContext}
   */
  public static Setting<Map<String, Object>> kubernetes(String key, String type) {
    return of(key, Shape.KUBERNETES, List.of(), List.of(), type);
  }

  private Setting<T> with(
      String newDescription,
      T newDefault,
      Pattern newPattern,
      int newMaxLength,
      boolean newRequired,
      boolean newPodOnly) {
    return new Setting<>(
        key,
        shape,
        reader,
        choices,
        fields,
        kubernetesType,
        newDescription,
        newDefault,
        newPattern,
        newMaxLength,
        newRequired,
        newPodOnly);
  }

  /** Says what the setting is for, in a sentence that users read in the schema and the guide. */
  public Setting<T> describe(String text) {
    return with(text, defaultValue, pattern, maxLength, required, podOnly);
  }

  /** Sets the value that counts when none is given. */
  public Setting<T> defaultsTo(T value) {
    return with(description, value, pattern, maxLength, required, podOnly);
  }

  /**
   * Limits a text.
   *
   * @param regex a regular expression that the whole text matches
   * @param longest the most characters; 0 for no limit
   */
  public Setting<T> pattern(String regex, int longest) {
    return with(description, defaultValue, Pattern.compile(regex), longest, required, podOnly);
  }

  /** Makes the setting one that has to be given. */
  public Setting<T> required() {
    return with(description, defaultValue, pattern, maxLength, true, podOnly);
  }

  /** For an annotation: read from the pod only, never from its namespace. */
  public Setting<T> podOnly() {
    return with(description, defaultValue, pattern, maxLength, required, true);
  }

  /** The key in the section, or the annotation's key without its prefix. */
  public String key() {
    return key;
  }

  /** The shape of the value. */
  public Shape shape() {
    return shape;
  }

  /** The strings of a {@link Shape#CHOICE}; otherwise empty. */
  public List<String> choices() {
    return choices;
  }

  /** The settings of one element of a {@link Shape#LIST}; otherwise empty. */
  public List<Setting<?>> fields() {
    return fields;
  }

  /** The type of a {@link Shape#KUBERNETES} object; otherwise the empty string. */
  public String kubernetesType() {
    return kubernetesType;
  }

  /** What the setting is for; the empty string unless described. */
  public String description() {
    return description;
  }

  /** The value that counts when none is given. */
  public Optional<T> defaultValue() {
    return Optional.ofNullable(defaultValue);
  }

  /** The expression that a text has to match. */
  public Optional<Pattern> pattern() {
    return Optional.ofNullable(pattern);
  }

  /** The most characters of a text; 0 for no limit. */
  public int maxLength() {
    return maxLength;
  }

  /** Whether it has to be given. */
  public boolean isRequired() {
    return required;
  }

  /** Whether an annotation is read from the pod only. */
  public boolean isPodOnly() {
    return podOnly;
  }

  /**
   * Makes the typed value of what the runtime read. For implementors of {@link Section}.
   *
   * @param raw a String, Boolean, BigDecimal, {@code List<Variable>}, {@code Map<String, Object>},
   *     or for a {@link Shape#LIST} a {@code List<Section>}
   */
  public T read(Object raw) {
    return reader.apply(raw);
  }

  @Override
  public String toString() {
    return key;
  }
}
