package io.otelgraft.core.resource;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One setting: its name in files, environment and flags, what it means, and where its value goes.
 *
 * @param <B> what collects the values
 */
public final class Setting<B> {

  /** The shape of a setting's value. */
  public enum Type {
    /** A string. */
    TEXT,
    /** One of a few strings. */
    CHOICE,
    /** {@code true} or {@code false}. */
    FLAG,
    /** A whole number. */
    NUMBER,
    /** A number with a unit: {@code 500ms}, {@code 10s}, {@code 2m}, {@code 1h}. */
    DURATION,
    /** Bytes, as a Kubernetes quantity: {@code 8Mi}. */
    SIZE,
    /** Strings; as text, separated by commas. */
    LIST,
    /** Strings by name; in flags as {@code images.NAME=VALUE}. */
    MAP
  }

  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h)");

  private final String name;
  private final String description;
  private final Type type;
  private final String defaultText;
  private final List<String> choices;
  private final BiConsumer<B, JsonNode> setter;

  private Setting(
      String name,
      String description,
      Type type,
      String defaultText,
      List<String> choices,
      BiConsumer<B, JsonNode> setter) {
    this.name = name;
    this.description = description;
    this.type = type;
    this.defaultText = defaultText;
    this.choices = choices;
    this.setter = setter;
  }

  /** A string. */
  public static <B> Setting<B> text(
      String name, String description, String defaultText, BiConsumer<B, String> setter) {
    return scalar(name, description, Type.TEXT, defaultText, text -> text, setter);
  }

  /** One of a few values, by their spelling. */
  public static <B, E> Setting<B> choice(
      String name,
      String description,
      String defaultText,
      List<E> values,
      Function<E, String> spelling,
      BiConsumer<B, E> setter) {
    return choice(Type.CHOICE, name, description, defaultText, values, spelling, setter);
  }

  /** {@code true} or {@code false}. */
  public static <B> Setting<B> flag(
      String name, String description, String defaultText, BiConsumer<B, Boolean> setter) {
    return choice(
        Type.FLAG, name, description, defaultText, List.of(true, false), String::valueOf, setter);
  }

  /** A whole number between two, these included. */
  public static <B> Setting<B> number(
      String name,
      String description,
      String defaultText,
      int least,
      int most,
      BiConsumer<B, Integer> setter) {
    return scalar(
        name,
        description,
        Type.NUMBER,
        defaultText,
        text -> number(name, text, least, most),
        setter);
  }

  /** A duration above zero. */
  public static <B> Setting<B> duration(
      String name, String description, String defaultText, BiConsumer<B, Duration> setter) {
    return scalar(
        name, description, Type.DURATION, defaultText, text -> duration(name, text), setter);
  }

  /** A number of bytes, at least one and less than 2 GiB. */
  public static <B> Setting<B> size(
      String name, String description, String defaultText, BiConsumer<B, Integer> setter) {
    return scalar(name, description, Type.SIZE, defaultText, text -> size(name, text), setter);
  }

  /** Strings. */
  public static <B> Setting<B> list(
      String name, String description, String defaultText, BiConsumer<B, List<String>> setter) {
    return new Setting<>(
        name,
        description,
        Type.LIST,
        defaultText,
        List.of(),
        (builder, value) -> setter.accept(builder, strings(name, value)));
  }

  /** Strings by name. */
  public static <B> Setting<B> map(
      String name, String description, String defaultText, Entry<B> setter) {
    return new Setting<>(
        name,
        description,
        Type.MAP,
        defaultText,
        List.of(),
        (builder, value) -> {
          if (!value.isObject()) {
            throw new IllegalArgumentException(
                "setting %s wants names with values, as in %s.NAME=VALUE; found \"%s\""
                    .formatted(name, name, value.asText()));
          }
          value
              .properties()
              .forEach(entry ->
                  setter.set(
                      builder,
                      entry.getKey(),
                      scalar(name + "." + entry.getKey(), entry.getValue())));
        });
  }

  /**
   * Takes the entries of a {@link Type#MAP}.
   *
   * @param <B> what collects the values
   */
  @FunctionalInterface
  public interface Entry<B> {
    /** Takes one. */
    void set(B builder, String name, String value);
  }

  private static <B, E> Setting<B> choice(
      Type type,
      String name,
      String description,
      String defaultText,
      List<E> values,
      Function<E, String> spelling,
      BiConsumer<B, E> setter) {
    List<String> choices = values.stream().map(spelling).toList();
    return new Setting<>(
        name,
        description,
        type,
        defaultText,
        choices,
        (builder, value) -> {
          int chosen = choices.indexOf(scalar(name, value));
          if (chosen < 0) {
            throw new IllegalArgumentException(
                "setting %s is \"%s\", which is not one of %s"
                    .formatted(name, value.asText(), String.join(", ", choices)));
          }
          setter.accept(builder, values.get(chosen));
        });
  }

  private static <B, V> Setting<B> scalar(
      String name,
      String description,
      Type type,
      String defaultText,
      Function<String, V> reading,
      BiConsumer<B, V> setter) {
    return new Setting<>(
        name,
        description,
        type,
        defaultText,
        List.of(),
        (builder, value) -> setter.accept(builder, reading.apply(scalar(name, value))));
  }

  private static String scalar(String name, JsonNode value) {
    if (!value.isValueNode() || value.isNull()) {
      throw new IllegalArgumentException(
          "setting %s wants a single value; found %s".formatted(name, value));
    }
    return value.asText();
  }

  private static int number(String name, String text, int least, int most) {
    try {
      int number = Integer.parseInt(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as one out of range is.
    }
    throw new IllegalArgumentException(
        "setting %s is \"%s\", which is not a whole number from %d to %d"
            .formatted(name, text, least, most));
  }

  private static Duration duration(String name, String text) {
    Matcher matcher = DURATION.matcher(text);
    if (matcher.matches()) {
      long number = Long.parseLong(matcher.group(1));
      Duration duration =
          switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            default -> Duration.ofHours(number);
          };
      if (duration.isPositive()) {
        return duration;
      }
    }
    throw new IllegalArgumentException(
        "setting %s is \"%s\", which is not a duration above zero, such as 500ms, 10s, 2m or 1h"
            .formatted(name, text));
  }

  private static int size(String name, String text) {
    return Quantity.parse(TextNode.valueOf(text))
        .filter(bytes ->
            bytes.compareTo(BigDecimal.ONE) >= 0
                && bytes.compareTo(BigDecimal.valueOf(Integer.MAX_VALUE)) <= 0)
        .map(BigDecimal::intValue)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "setting %s is \"%s\", which is not a number of bytes such as 8Mi, below 2Gi"
                    .formatted(name, text)));
  }

  private static List<String> strings(String name, JsonNode value) {
    List<String> strings = new ArrayList<>();
    if (value.isArray()) {
      value.forEach(item -> strings.add(scalar(name, item)));
    } else {
      Arrays.stream(scalar(name, value).split(","))
          .map(String::strip)
          .filter(item -> !item.isEmpty())
          .forEach(strings::add);
    }
    return strings;
  }

  /** The name in kebab-case, with a dot between levels of a file: {@code admission.on-error}. */
  public String name() {
    return name;
  }

  /** What the setting is for, as a phrase without a full stop. */
  public String description() {
    return description;
  }

  /** The shape of the value. */
  public Type type() {
    return type;
  }

  /** What counts when it is not set, in words; the empty string for nothing. */
  public String defaultText() {
    return defaultText;
  }

  /** The values of a {@link Type#CHOICE} or {@link Type#FLAG}; otherwise empty. */
  public List<String> choices() {
    return choices;
  }

  /** The name as an environment variable: {@code GRAFT_ADMISSION_ON_ERROR}. */
  public String environmentVariable() {
    return "GRAFT_" + Variables.canonical(name);
  }

  /**
   * Sets it.
   *
   * @param value the value as a file has it; a text is taken apart where another type is wanted
   * @throws IllegalArgumentException if it is not one of its values; the message says which are
   */
  public void set(B builder, JsonNode value) {
    setter.accept(builder, value);
  }

  @Override
  public String toString() {
    return name;
  }
}
